"""A morning: a world in which something stands on every page, with names in Cyrillic, Arabic and Hebrew letters."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.accounts import Accounts
from ivr.role import Role
from ivr.tokens import Tokens
from routing.agent import Agent
from tests.ivr.web.desk_world import PASSWORD, QUICK, Seat, World
from tests.ivr.web.test_counter import take_in

CYRILLIC, ARABIC, HEBREW = "Ђорђе Љубић", "محمد بن سلمان", "משה כהן"
NAMES = (CYRILLIC, ARABIC, HEBREW)
HEAD = "olga"
"""An administrator who sits at a desk, too."""

PEOPLE = {"djordje": CYRILLIC, "muhammad": ARABIC, "moshe": HEBREW, HEAD: "Olga Petrović"}
SKILLS = {"claims": 4, "en": 4, "de": 3}
EDGY = '</script> "1 < 2" & <b>so</b>'
"""What must be shown as it is written."""


@dataclass(frozen=True, slots=True)
class Morning:
    """What is there to be looked at. `kiosk` is the word of a screen on the wall, `ticket` a visitor's own page."""

    case: str
    waiting: str
    talking: str
    kiosk: str
    ticket: str


def fill(world: World) -> Morning:
    """Let people come to work, callers ring, talk, wait and give up, and cases be written."""
    with world.store.transaction() as tx:
        for name, shown in PEOPLE.items():
            tx.floor.add(Agent(name, shown, f"client:{name}", skills=SKILLS, groups=("first",)))
    accounts = Accounts(world.store, QUICK)
    for name in PEOPLE:
        accounts.set_password(name, PASSWORD, Role.ADMINISTRATOR if name == HEAD else Role.REPRESENTATIVE)
    seats = {name: Seat(world.app.wsgi.test_client(), name) for name in PEOPLE if name != HEAD}
    for seat in seats.values():
        seat.log_in()
    number = _served(world, seats["muhammad"])
    with world.store.transaction() as tx:
        tx.cases.assign(number, "moshe", tx.now, HEAD)
        tx.cases.remark(number, f"{HEBREW}: {EDGY}", tx.now, "moshe")
        tx.cases.log("suggestion", {"suggestion": ARABIC * 3}, "f-2", "djordje", tx.now, hotline="acme")
    world.message_is_left(case_number=number)
    talking = _talks(world, seats["muhammad"])
    seats["moshe"].post("pause", reason="lunch")
    gone = world.caller_waits(caller="+4915112345670")
    world.later(150)
    world.caller_hangs_up(gone)
    waiting = world.caller_waits(caller="+4915112345671")
    world.later(130)
    _, word = Tokens(world.store).make(f"the wall of {ARABIC}", Role.VIEWER, HEAD)
    _, ticket = take_in(seats["moshe"], name=HEBREW, note=ARABIC)
    return Morning(number, waiting, talking, word, ticket)


def _talks(world: World, seat: Seat) -> str:
    seat.post("ready")
    contact = world.caller_waits()
    seat.accepts()
    world.leg_answers(contact)
    world.caller_joins(contact)
    return contact


def _served(world: World, seat: Seat) -> str:
    """One call from ring to survey, with a claim in its course; that case's number."""
    contact = _talks(world, seat)
    world.later(95)
    fields = {"order_number": "47110815", "cause": "too_slow", "note": f"{CYRILLIC} / {HEBREW}"}
    logged = seat.post(f"contacts/{contact}/case", kind="claim", fields=fields, form="f-1").get_json()
    world.talk_ends(contact)
    with world.store.transaction() as tx:
        call = tx.call_of(contact)
        call.survey, call.survey_at, call.survey_way = "offered", tx.now, "line"
        call.answers = {"settled": "1", "treated": "5", "easy": "4"}
        tx.save(call)
    world.caller_hangs_up(contact)
    seat.post("wrap-up/end")
    return str(logged["number"])


__all__ = ["ARABIC", "CYRILLIC", "HEAD", "HEBREW", "NAMES", "Morning", "fill"]
