"""Asked: what a form on the supervisor's pages asks for, who asks, and how a refusal is told."""

from __future__ import annotations

from flask import request

from ivr.accounts import Session
from ivr.supervision import By
from ivr.web.security import address
from ivr.web.texts import page_texts
from routing.refusal import Refused

TEXT_LENGTH_MAX = 200


def by(session: Session) -> By:
    """Who asks."""
    return By(session.account, session.role, address())


def text(name: str, length_max: int = TEXT_LENGTH_MAX) -> str:
    """A field of the form in one line; empty when it is not there."""
    return request.form.get(name, "")[:length_max].strip()


def number(name: str, least: int, most: int) -> int | None:
    """A whole number from a field; None when it is none, or out of bounds."""
    typed = text(name, 12)
    digits = typed.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    return int(typed) if least <= int(typed) <= most else None


def told(no: Refused) -> str:
    """Why not, in the reader's language, and what would be right."""
    t = page_texts()
    hint = f" ({t.refusal(no.hint)})" if no.hint else ""
    return t.refusal(no.why) + hint


def status_of(no: Refused) -> int:
    """The status that goes with a refusal."""
    absent = no.why.startswith("there is no such contact") or no.why == "there is nobody of that name"
    return 404 if absent else 403 if no.why == "only an administrator may do this" else 409
