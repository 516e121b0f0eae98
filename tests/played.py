"""Played: one scripted call on a hotline of its own, told to its end, and what must be true of every call then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher, profiles
from sqlalchemy import select

from ivr.call import Call, CallState
from ivr.commands.joined import Joined
from ivr.message import MATTER, MessageState
from ivr.simulator.line import Line
from ivr.simulator.script.result import Result
from ivr.simulator.script.run import run
from ivr.simulator.script.steps import Script
from ivr.simulator.script.transcript import Transcript
from ivr.store import Tx
from routing.agent import AgentState
from routing.store.tables import cases, events

HOUSE = Path(__file__).resolve().parent.parent
CALLS = HOUSE / "tests" / "calls"
MENUS = HOUSE / "menus"
SCRIPTS = sorted([*CALLS.glob("*.call"), *MENUS.glob("*/calls/*.call")])

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, 10 in the morning at the office."""

AFTERWARDS_S = 3600
"""Longer than the longest wait, ring, wrap-up and fetching of a message together: by then nothing may be left to do."""

OBSERVER = "observer"
"""Who looks for cases where a script has nobody at any desk."""

LANGUAGES = ("en", "de", "sr", "es")
NOBODY_BUSY = {AgentState.LOGGED_OUT, AgentState.PAUSED, AgentState.AVAILABLE}
FINE = {200, 204}
_ID = re.compile(r" [0-9a-f]{32}\b")


def log_in_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password costs a tenth of a second of one core by design; that is tested elsewhere and not paid a call."""
    monkeypatch.setattr("ivr.accounts.PasswordHasher", lambda: PasswordHasher.from_parameters(profiles.CHEAPEST))


@contextmanager
def hotline(folder: Path, at: datetime | None = None, menus: Path = MENUS, seed: int = 1) -> Iterator[Joined]:
    """The example hotline and a carrier that nobody else uses, at the moment `at`."""
    joined = Joined(menus, at or START, seed, folder)
    try:
        yield joined
    finally:
        joined.close()


def play(script: Script, joined: Joined) -> Result:
    """Play a script to its end, then let everything happen that is still to come."""
    transcript = Transcript(script.caller, (script.at or START).tzinfo)
    result = run(script, joined.network, joined.prompts, joined.desk(), transcript)
    let_it_end(joined)
    return result


def let_it_end(joined: Joined) -> None:
    """Let everything happen that is still to come, with nobody at any desk doing anything more."""
    joined.network.after_happening.clear()
    joined.network.run(AFTERWARDS_S)


def told(result: Result, joined: Joined) -> str:
    """The transcript and what is stored of the call, for people; ids that say nothing are left out."""
    lines = [_ID.sub("", line) for line in result.transcript]
    return "\n".join([*lines, "", *stored(joined)]) + "\n"


def stored(joined: Joined) -> list[str]:
    """What is left of the calls when they are over."""
    lines = []
    with joined.application.switchboard.store.look() as tx:
        for call in calls_of(joined, tx):
            typed = "".join(f", typed {name} {digits}" for name, digits in call.typed.items())
            lines.append(f"call      {call.outcome}, in {call.language}{typed}")
            if call.path:
                lines.append(f"way       {' > '.join(f'{node} [{key}]' for node, key in call.path)}")
            if call.answers:
                lines.append(f"survey    {', '.join(f'{name} {key}' for name, key in call.answers.items())}")
        for number in tx.connection.execute(select(cases.c.number).order_by(cases.c.number)).scalars():
            case = tx.cases.by_number(str(number))
            fields = "".join(f"; {name}: {value}" for name, value in case.fields.items())
            lines.append(f"case      {case.number} {case.kind}, by {case.created_by}{fields}")
            for message in tx.messages.of_case(case.number):
                lines.append(f"message   {message.length_s} s, {message.state}, with case {case.number}")
        for agent in (agent for agent in tx.floor.logged_in(20) if agent.name != OBSERVER):
            lines.append(f"desk      {agent.name} is {agent.state}{agent.reason and f': {agent.reason}'}")
    return lines


def calls_of(joined: Joined, tx: Tx) -> list[Call]:
    """The stored calls of everybody who called here, in order."""
    found = [tx.call(line.sid) for line in inbound(joined)]
    return [call for call in found if call is not None]


def inbound(joined: Joined) -> list[Line]:
    """The lines of those who called."""
    return [line for line in joined.network.calls.values() if line.direction == "inbound"]


# -- what must be true of every call, however it went -----------------------------------------------------------------


def faults(joined: Joined) -> list[str]:
    """What is wrong when all is over: on the wire, on the floor, in the call record. Nothing may be."""
    return [*_faults_on_the_wire(joined), *_faults_on_the_floor(joined), *_faults_in_the_record(joined)]


def left_behind(joined: Joined) -> list[str]:
    """What nobody may be left with, however the wire misbehaved: the app may not know all, but nothing stays open."""
    open_lines = [each for each in joined.network.calls.values() if not each.over]
    wrong = [f"the line of {line.label} is still {line.state}" for line in open_lines]
    record = [each for each in _faults_in_the_record(joined) if " is said to be " not in each]
    return [*wrong, *_faults_on_the_floor(joined), *record]


def _faults_on_the_wire(joined: Joined) -> list[str]:
    network = joined.network
    wrong = [f"{each.kind}: {each.text}" for each in network.trace if each.kind in ("error", "warning")]
    wrong += [f"{each.url} -> {each.status or each.error}" for each in network.webhooks if each.status not in FINE]
    wrong += [f"the line of {line.label} is still {line.state}" for line in network.calls.values() if not line.over]
    wrong += [f"the fallback was asked: {each.url}" for each in network.webhooks if "/voice/fallback" in each.url]
    saved = [words for language in LANGUAGES for words in joined.prompts("thanks", language)]
    if not network.recordings:
        wrong += [f"said, but nothing was saved: {each.text}" for each in network.trace if each.text in saved]
    return wrong


def _faults_on_the_floor(joined: Joined) -> list[str]:
    """Who is still waiting, rung, talking or writing when all is over."""
    switchboard = joined.application.switchboard
    wrong = []
    if due := switchboard.next_deadline():
        wrong.append(f"there is still something to do at {due}")
    with switchboard.store.look() as tx:
        for queue in switchboard.hotlines.queues():
            if waiting := tx.floor.waiting(queue)[0]:
                wrong.append(f"{waiting} still wait for {queue}")
        for agent in tx.floor.logged_in(20):
            if agent.state not in NOBODY_BUSY:
                wrong.append(f"{agent.name} is still {agent.state}")
            if offer := tx.floor.offer_of(agent.name):
                wrong.append(f"an offer to {agent.name} is still {offer.state}")
    return wrong


def _faults_in_the_record(joined: Joined) -> list[str]:
    wrong = []
    with joined.application.switchboard.store.look() as tx:
        for line in inbound(joined):
            call = tx.call(line.sid)
            if call is None:
                wrong += [f"nothing is known of the call of {line.label}"] if _was_asked(joined, line) else []
                continue
            if call.state is not CallState.ENDED:
                wrong.append(f"the call of {line.label} is still {call.state}")
            ends = _count(tx, line.sid, "ended")
            if ends != 1:
                wrong.append(f"the call of {line.label} has ended {ends} times")
            if call.outcome not in (lived := outcomes_lived(joined, line)):
                wrong.append(f"the call of {line.label} is said to be {call.outcome}, but it was {' or '.join(lived)}")
        for recording in joined.network.recordings.values():
            message = tx.messages.of_recording(recording.sid)
            kept = message is not None and message.state is MessageState.KEPT
            if not kept or (message.case_number is None and message.purpose == MATTER):
                wrong.append(f"a message of {recording.length_s:g} s is not kept with a case: {message}")
    return wrong


def outcomes_lived(joined: Joined, line: Line) -> tuple[str, ...]:
    """What became of a call, by what the carrier saw and nothing else.

    Whoever hangs up in the very moment of meeting may be said to be served or to have given up: nobody can tell.
    """
    met = {each.data["conference"] for each in joined.network.trace if each.text.endswith(" starts")}
    outcomes: tuple[str, ...] = ("ended in menu",)
    for entry in joined.network.trace:
        if entry.call_sid != line.sid:
            continue
        if entry.kind == "queued":
            outcomes = ("abandoned",)  # if nothing else comes of it
        elif entry.kind == "joins" and entry.data["conference"] in met:
            outcomes = ("served",)
        elif entry.kind == "webhook" and "/voice/join" in entry.text:
            outcomes = ("served", "abandoned")
        elif entry.kind == "left queue" and entry.data["result"] != "hangup":
            outcomes = ("overflowed",)
        elif entry.kind == "recorded" and entry.data.get("recording") and outcomes != ("served",):
            outcomes = ("left a message",)
    rung = {it.label for it in joined.network.calls.values() if it.direction != "inbound"}
    return ("called back",) if outcomes == ("overflowed",) and line.label in rung else outcomes


def _was_asked(joined: Joined, line: Line) -> bool:
    return any(each.call_sid == line.sid and each.status in FINE for each in joined.network.webhooks)


def _count(tx: Tx, about: str, what: str) -> int:
    where = (events.c.about == about, events.c.what == what)
    return len(tx.connection.execute(select(events.c.seq).where(*where)).all())
