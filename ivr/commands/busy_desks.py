"""Busy desks: representatives who take what they are offered, log what it was about, hang up, and have their breaks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ivr.case_form import names_of
from ivr.menu.tree import CaseKind, Tree
from ivr.simulator.desk_client import DeskClient

TALK_MEDIAN_S, TALK_SPREAD = 110, 0.55
NOTICES_S, WRAPS_UP_S, RESTS_S = (1.5, 9.0), (5.0, 28.0), (90.0, 400.0)
MISSES, TIRES = 0.04, 0.05
"""How often somebody does not hear it ring, and how often a break follows a call."""

WORDS = (
    "Lieferung fehlt noch",
    "wants to be rung in the morning",
    "Прослеђено магацину",
    "cliente amable",
    "second time",
)
ARTICLES = ("anvil, small", "Katapult", "магнет", "cuerda de 20 m")
REASONS = ("break", "lunch", "paperwork")


@dataclass(slots=True)
class Seat:
    """One representative. `due` is what they are about to do (a word and what it is about) and `at` when."""

    name: str
    desk: DeskClient
    password: str
    due: tuple[str, str] | None = None
    at: datetime | None = None
    missed: set[str] = field(default_factory=set)
    logged: set[str] = field(default_factory=set)


class Desks:
    """Everybody at work. `look` is called again and again, from one thread; a desk that refuses is asked again."""

    def __init__(
        self,
        seats: Iterable[Seat],
        trees: Callable[[], Iterable[Tree]],
        now: Callable[[], datetime],
        dice: random.Random,
    ) -> None:
        self._seats, self._trees, self._now, self._dice = list(seats), trees, now, dice

    def open(self) -> None:
        """Everybody logs in and is ready."""
        for seat in self._seats:
            seat.desk.login(seat.name, seat.password)
            seat.desk.post("/desk/api/ready")

    def look(self) -> None:
        """Let everybody see their desk and do what is due."""
        for seat in self._seats:
            answer = seat.desk.state()
            if answer.status == 401:
                seat.desk.login(seat.name, seat.password)
            elif answer.fine:
                self._go_on(seat, answer.body)

    def _go_on(self, seat: Seat, state: Mapping[str, Any]) -> None:
        due = self._due(seat, state)
        if due != seat.due:
            seat.due = due
            seat.at = self._now() + timedelta(seconds=self._takes_s(due[0])) if due else None
        elif due and seat.at and self._now() >= seat.at:
            seat.due = seat.at = None
            self._act(seat, *due, state)

    def _due(self, seat: Seat, state: Mapping[str, Any]) -> tuple[str, str] | None:
        """What comes next for them, if anything."""
        agent, offer, contact = (state.get(key) or {} for key in ("agent", "offer", "contact"))
        if offer:
            return ("take", str(offer["id"]))
        match agent.get("state"):
            case "talking" if contact.get("started_at") and not contact.get("ended_at"):
                return ("talk", str(contact["id"]))
            case "wrap_up":
                return ("wrap up", str(contact.get("id", "")))
            case "paused":
                return ("rest", "")
        return None

    def _takes_s(self, what: str) -> float:
        match what:
            case "take":
                return self._dice.uniform(*NOTICES_S)
            case "talk":
                return self._dice.lognormvariate(0, TALK_SPREAD) * TALK_MEDIAN_S
            case "wrap up":
                return self._dice.uniform(*WRAPS_UP_S)
        return self._dice.uniform(*RESTS_S)

    def _act(self, seat: Seat, what: str, about: str, state: Mapping[str, Any]) -> None:
        match what:
            case "take":
                if about not in seat.missed and self._dice.random() < MISSES:
                    seat.missed.add(about)
                elif about not in seat.missed:
                    seat.desk.post(f"/desk/api/offers/{about}/accept")
            case "talk":
                self._log(seat, about, state)
                seat.desk.post(f"/desk/api/contacts/{about}/hang-up")
            case "wrap up":
                self._log(seat, about, state)
                tired = self._dice.random() < TIRES
                seat.desk.post("/desk/api/pause", {"reason": self._dice.choice(REASONS)}) if tired else None
                seat.desk.post("/desk/api/wrap-up/end")
            case "rest":
                seat.desk.post("/desk/api/ready")

    def _log(self, seat: Seat, contact: str, state: Mapping[str, Any]) -> None:
        """Once a contact: the form as the page would send it, what is missing filled in."""
        if not contact or contact in seat.logged:
            return
        seat.logged.add(contact)
        draft = (state.get("contact") or {}).get("draft") or {}
        kinds = {name: kind for tree in self._trees() for name, kind in tree.cases.items()}
        kind = kinds.get(draft.get("kind") or "") or next(iter(kinds.values()), None)
        if kind is not None:
            fields = {**draft.get("fields", {}), **self._filled(kind, draft.get("fields", {}))}
            known = {name: value for name, value in fields.items() if name in set(names_of(kind))}
            form = {"kind": kind.name, "fields": known, "form": f"busy-{contact}"}
            seat.desk.post(f"/desk/api/contacts/{contact}/case", form)

    def _filled(self, kind: CaseKind, known: Mapping[str, str]) -> dict[str, str]:
        """A value for each field that must have one, and for those with choices."""
        found = {}
        for its in kind.fields:
            if known.get(its.name) or not (its.required or its.choices):
                continue
            if its.choices:
                found[its.name] = self._dice.choice(list(its.choices))
            elif its.kind == "digits":
                found[its.name] = str(self._dice.randrange(10**6, 10**8))
            elif its.kind == "items":
                found |= {f"{its.name}.1.article": self._dice.choice(ARTICLES), f"{its.name}.1.quantity": "1"}
                found[f"{its.name}.1.price"] = f"{self._dice.randrange(500, 20000) / 100:.2f}"
            elif its.kind == "text":
                found[its.name] = self._dice.choice(WORDS)
        return found
