"""Weighed: why an offer went to somebody, told in a page's language and where the hotline is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.web.texts import Texts
from routing.reason import FREE, MOMENT, Candidate, Reason, Verdict

_SAID: Mapping[str, str] = {
    "is preferred": "preferred",
    "talked longest ago ({})": "talked_longest_ago",
    "has had the fewest calls today ({})": "fewest_calls",
    "has talked least today ({})": "talked_least",
    "is most skilled in it (levels {})": "most_skilled",
    "is skilled enough and least skilled otherwise (levels {})": "least_skilled",
    "is next in turn": "next_in_turn",
    "is first in the fixed order": "first_in_order",
    "is rung with all others who are free": "rung_with_all",
    "is rung as well, since nobody has answered yet": "rung_as_well",
    "was drawn by lot": "drawn",
    "was drawn by lot (weight {})": "drawn_by_weight",
    "was chosen by {}": "chosen_by",
    "is asked by {}": "asked_by",
    "talked later ({})": "talked_later",
    "has had {} calls today": "calls_today",
    "has talked for {} today": "talked_today",
    "has levels {} in it": "levels_in_it",
    "has levels {} in all": "levels_in_all",
    "comes later in turn": "later_in_turn",
    "stands later in the order": "later_in_order",
    "was not drawn": "not_drawn",
}
"""What routing says of who came first and who did not -> the text for it; `{}` is a number, a name or a moment."""

_PATTERNS = tuple(
    (re.compile(re.escape(said).replace(r"\{\}", "(?P<it>.+)") + r"\Z"), key) for said, key in _SAID.items()
)
_LEVEL = re.compile(r"(?P<skill>.+ \d+), has (?P<level>\d+)\Z")


class Weighing:
    """Puts reasons into words for one reader."""

    def __init__(self, t: Texts, zone: ZoneInfo) -> None:
        self._t, self._zone = t, zone

    def clock(self, at: datetime) -> str:
        """A time of day on the hotline's clock."""
        return f"{at.astimezone(self._zone):%H:%M:%S}"

    def said(self, detail: str) -> str:
        """A winner or a detail; what a person or a hotline made up (a pause's reason, a skill) stays as it is."""
        t = self._t
        for pattern, key in _PATTERNS:
            if found := pattern.match(detail):
                it = found.groupdict().get("it", "")
                return t(f"weighed.{key}", it=self._value(it))
        if found := _LEVEL.match(detail):
            return t("weighed.has_only", skill=found["skill"], level=found["level"])
        return t.or_as_is("reason", detail)

    def put_first(self, reason: Reason) -> str:
        """What spoke for the one who was chosen; empty where nothing special did, or nobody was."""
        t = self._t
        parts = [t("weighed.skills", skills=", ".join(f"{it} {level}" for it, level in sorted(reason.skills.items())))]
        parts = parts if reason.skills else []
        if reason.winner:
            parts.append(self.said(reason.winner))
        elif reason.agent and reason.free_since:
            free = sum(1 for it in reason.candidates if it.verdict in FREE)
            key = "weighed.free_longest" if free > 1 else "weighed.free_since"
            parts.append(t(key, at=self.clock(reason.free_since), n=free))
        return ", ".join(parts)

    def sentence(self, reason: Reason) -> str:
        """All of it in one: who, why, and what spoke against each of the others."""
        t, first = self._t, self.put_first(reason)
        who = t("weighed.to", name=reason.agent) if reason.agent else t("weighed.to_nobody")
        others = [self._against(it) for it in reason.candidates if it.verdict is not Verdict.CHOSEN]
        return "; ".join([f"{who} ({first})" if first else who, *others])

    def _against(self, it: Candidate) -> str:
        verdict = self._t(f"verdict.{it.verdict.value.replace(' ', '_')}")
        detail = f" ({self.said(it.detail)})" if it.detail else ""
        return f"{it.agent}: {verdict}{detail}" + (f" {self.clock(it.until)}" if it.until else "")

    def _value(self, it: str) -> str:
        if MOMENT.fullmatch(it):
            return self.clock(datetime.fromisoformat(it))
        return self._t("weighed.not_yet") if it == "not yet" else it
