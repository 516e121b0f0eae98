"""Rows and things: how contacts, agents, offers and reasons become columns, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome, Relaxing
from routing.offer import Offer, OfferState
from routing.reason import Candidate, Reason, Verdict

Row = Mapping[str, Any]


def contact_of(row: Row) -> Contact:
    """A contact as its row has it."""
    return _thing(Contact, row, state=ContactState, outcome=Outcome, relax=_relax_of, spares=_moments_of)


def agent_of(row: Row) -> Agent:
    """An agent as the row has it."""
    return _thing(Agent, row, state=AgentState, then=AgentState, groups=tuple)


def offer_of(row: Row) -> Offer:
    """An offer as its row has it."""
    return _thing(Offer, row, state=OfferState, reason=_reason_of)


def columns(thing: Contact | Agent | Offer) -> dict[str, Any]:
    """A thing's attributes as columns; a contact's lane is one too, because an index needs it."""
    found = {name: column(getattr(thing, name)) for name in _names(type(thing))}
    return {**found, "lane": thing.lane} if isinstance(thing, Contact) else found


def column(value: Any) -> Any:
    """One attribute as its column takes it."""
    if isinstance(value, Reason):
        return _kept_reason(value)
    return _plain(value) if isinstance(value, tuple | Mapping) else value


def _thing(kind: type, row: Row, **words: Any) -> Any:
    values = {name: row[name] for name in _names(kind)}
    for name, read in words.items():
        values[name] = None if values[name] is None else read(values[name])
    return kind(**values)


@lru_cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def _plain(value: Any) -> Any:
    """What JSON can hold; moments become text."""
    match value:
        case datetime():
            return value.isoformat()
        case Mapping():
            return {key: _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
    return value


def _relax_of(kept: list[list[Any]]) -> Relaxing:
    return tuple((after_s, needs) for after_s, needs in kept)


def _kept_reason(reason: Reason) -> Row:
    kept = {name: _plain(getattr(reason, name)) for name in _names(Reason)}
    kept["candidates"] = [{name: _plain(getattr(c, name)) for name in _names(Candidate)} for c in reason.candidates]
    return kept


def _moments_of(kept: Row) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(at) for name, at in kept.items()}


def _reason_of(kept: Row) -> Reason:
    candidates = tuple(
        Candidate(c["agent"], Verdict(c["verdict"]), c["detail"], _moment(c["until"])) for c in kept["candidates"]
    )
    free_since, passed = _moment(kept["free_since"]), tuple(kept["passed"])
    said = (kept.get("strategy", ""), kept.get("winner", ""))  # earlier reasons have neither
    return Reason(kept["agent"], kept["skills"], free_since, candidates, passed, *said)


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None
