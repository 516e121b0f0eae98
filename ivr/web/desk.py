"""The desk's page: the one on which a representative works, and the parts of it that live."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import make_response, render_template, request
from markupsafe import Markup

from ivr.accounts import Session
from ivr.case_form import ITEM_PARTS, ITEMS_MAX
from ivr.desk import Desk
from ivr.menu.tree import CaseKind
from ivr.web.picture import Json, picture
from ivr.web.security import CSRF_HEADER
from ivr.web.speaking import Speaking
from ivr.web.texts import Texts, page_texts
from routing.case import FIELD_LENGTH_MAX

REFUSED = "refused."
REASONS = ("break", "lunch", "meeting", "training", "paperwork")
WORDS = (
    *("live.on", "live.off", "sound.on", "sound.off", "error.again", "error.refused", "offer.taken", "offer.over"),
    *("form.saved", "form.saving", "form.unsaved", "form.missing"),
)
"""The texts that the page itself says; all others come with what the server renders."""

SPOKEN = (
    *("speaking.connecting", "speaking.there", "speaking.ringing", "speaking.talking", "speaking.away"),
    *("speaking.elsewhere", "speaking.busy", "speaking.denied", "speaking.missing", "speaking.taken"),
    *("speaking.insecure", "speaking.ask", "speaking.usual"),
)
"""Those of the telephone in the page."""


class DeskPages:
    """One view a method: the page, and the parts of it that live."""

    def __init__(self, desk: Desk, speaking: Speaking) -> None:
        self._switchboard, self._speaking = desk.switchboard, speaking

    def page(self, session: Session) -> Any:
        """GET /desk"""
        t = page_texts()
        seen = self._look(session.account, t)
        way = self._speaking.way(seen["agent"]["address"])
        response = make_response(
            render_template(
                "desk/page.html",
                picture={"csrf": session.csrf, **seen},
                parts=self._parts(seen, t),
                words={key: t.entries[key] for key in (*WORDS, *SPOKEN, *t.refusals)},
                api="/desk/api",
                speaks=way,
            )
        )
        response.headers.update(way.headers)
        return response

    def parts(self, session: Session) -> Any:
        """GET /desk/parts: what of the page may have changed; each part says which version it is."""
        t = page_texts()
        seen = self._look(session.account, t, request.args.get("contact"))
        response = make_response(self._parts(seen, t))
        response.headers[CSRF_HEADER] = session.csrf
        response.headers["X-Now"] = seen["now"]
        return response

    def _look(self, agent: str, t: Texts, continued: str | None = None) -> Json:
        with self._switchboard.store.look() as tx:
            return picture(self._switchboard, tx, agent, t, continued)

    def _parts(self, seen: Json, t: Texts) -> Markup:
        its = seen["contact"] or seen["continued"]
        words = _Words(t, {k: v for tree in self._switchboard.hotlines.current() for k, v in tree.cases.items()})
        context = {
            "t": t,
            "picture": seen,
            "continued": seen["continued"],
            "letter_version": _letter_version(seen["continued"]),
            "form_version": _form_version(its),
            "reasons": REASONS,
            "field_length_max": FIELD_LENGTH_MAX,
            "item_parts": ITEM_PARTS,
            "items_max": ITEMS_MAX,
            "kind_label": words.kind,
            "field_label": words.field,
            "value_label": words.value,
            "log_label": words.log,
            "groups": groups,
            "clock": clock,
            "recording_url": lambda id: f"/desk/api/recordings/{id}",
        }
        return Markup(render_template("desk/parts.html", part=_part_of(context), **context))  # noqa: S704 - a template's own output


def _form_version(its: Json | None) -> str | None:
    """What is being filled in is not taken away by what the server renders; a colleague's form is only shown."""
    if its is None or its["consult"]:
        return None
    return f"{its['id']} {its['case']['number'] if its['case'] else ''}"


class _Words:
    """What kinds of case, their fields and choices are called, in one language; their bare names when unknown."""

    def __init__(self, t: Texts, kinds: dict[str, CaseKind]) -> None:
        self._t, self._kinds = t, kinds

    def kind(self, name: str | None) -> str:
        """`claim` is "Claim"."""
        if name in self._kinds:
            return self._t.of(self._kinds[name].label)
        return self._t.or_as_is("kind", name or "question")

    def field(self, kind: str | None, name: str) -> str:
        """The label of a field; one that this kind does not have may be another's."""
        for its in (self._kinds.get(kind or ""), *self._kinds.values()):
            for field in its.fields if its else ():
                if field.name == name:
                    return self._t.of(field.label)
        return name.replace("_", " ")

    def value(self, kind: str, name: str, value: str) -> str:
        """What was chosen, in words; what was written, as it is."""
        for field in self._kinds[kind].fields if kind in self._kinds else ():
            if field.name == name and value in field.choices:
                return self._t.of(field.choices[value])
        return value

    def log(self, kind: Json) -> str:
        """What the button says that logs this kind of case."""
        return self._t.entries.get(f"form.log.{kind['name']}") or self._t("form.log")


def _part_of(context: dict[str, Any]) -> Callable[..., Markup]:
    """A function for the template: renders one part, and marks it with a version that changes when it does."""

    def part(template: str, name: str = "", tag: str = "section", version: str | None = None, **more: Any) -> Markup:
        html = render_template(f"desk/parts/{template}.html", **context, **more).strip()
        seal = hashlib.sha256((html if version is None else version).encode()).hexdigest()[:16]
        inside = Markup(html)  # noqa: S704 - a template's own output
        return Markup('<{0} class="part" data-part="{1}" data-version="{2}">{3}</{0}>').format(
            Markup(tag),  # noqa: S704 - ours
            name or template,
            seal,
            inside,
        )

    return part


def _letter_version(it: Json | None) -> str:
    """What is shown of an e-mail besides the answer that is being written: that is the page's own."""
    mail = it and it["mail"]
    return f"{it['id']} {mail['state']} {mail['case_number']} {len(mail['before'])}" if mail else ""


def groups(number: str) -> str:
    """A case number as it is read and said: `100 001`."""
    head = len(number) % 3
    return " ".join(filter(None, [number[:head], *(number[i : i + 3] for i in range(head, len(number), 3))]))


def clock(seconds: float) -> str:
    """A length of time: `1:07`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
