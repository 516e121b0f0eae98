"""A desk for tests: the whole application on a clock that the test moves, with a stand-in for the carrier alone."""

from __future__ import annotations

import io
import itertools
import json
import wave
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from ivr.accounts import Accounts
from ivr.call import LIFECYCLE, Call
from ivr.message import Message, MessageState
from ivr.settings import Settings
from ivr.store import Store
from ivr.web.app import Application, create_app
from routing import distributor
from routing.agent import Agent
from routing.contact import Contact
from tests.ivr.web.described import hold

MENUS = Path(__file__).parents[3] / "menus"
PASSWORD = "seven quiet lamps"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CALLER = "+4915112345678"


@dataclass
class StandInCarrier:
    """Takes orders by REST, remembers them and says yes."""

    orders: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    sound: bytes = b""  # of every recording

    def request(self, method: str, url: str, data: dict[str, Any] | None = None, **_: Any) -> Any:
        """One order."""
        self.orders.append((url, dict(data or {})))
        sid = f"CA{len(self.orders):032x}"
        told = {"sid": sid, "call_sid": sid, "status": "queued"}
        room = {"conferences": [{"sid": "CF" + "1" * 32}], "page": 0, "next_page_uri": None}
        seen = method.upper() == "GET" and "/Conferences.json" in url
        text = json.dumps(room if seen else told)
        status = 200 if seen or url.endswith(".wav") else 201
        answer = {"status_code": status, "text": text, "content": self.sound, "headers": {}, "ok": True}
        return type("Answer", (), answer)()


class World:
    """The application, its clock, its callers and its representatives."""

    def __init__(self, folder: Path, public_url: str = "http://localhost", **more: Any) -> None:
        """`more` are other settings of the installation."""
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self.carrier = StandInCarrier()
        ids = itertools.count(1)
        with_schema(folder)
        settings = Settings("AC" + "1" * 32, "t" * 32, public_url, folder, MENUS, **{"simulated": True, **more})
        self.app: Application = create_app(
            settings,
            clock=lambda: self.now,
            new_id=lambda: f"{next(ids):032x}",
            carrier_http=self.carrier,
            after_commit=lambda order: order(),
        )
        hold(self.app.wsgi)
        self.switchboard = self.app.switchboard
        self.store = self.switchboard.store
        self._sids = itertools.count(1)

    def representative(self, name: str = "claims-1", **skills: int) -> FlaskClient:
        """Make an agent with an account; their browser, not logged in yet."""
        with self.store.transaction() as tx:
            tx.floor.add(Agent(name, name.title(), f"client:{name}", skills=skills or {"claims": 4, "en": 4, "de": 3}))
        Accounts(self.store, QUICK).set_password(name, PASSWORD)
        return self.app.wsgi.test_client()

    def at_desk(self, name: str = "claims-1", **skills: int) -> Seat:
        """The same, logged in."""
        seat = Seat(self.representative(name, **skills), name)
        seat.log_in()
        return seat

    def caller_waits(self, typed: dict[str, str] | None = None, caller: str = CALLER, queue: str = "claims") -> str:
        """A caller has pressed 2 for a complaint and begins to wait; the contact's id."""
        tree = self.switchboard.hotlines.current()[0]
        number = next(iter(tree.numbers))
        with self.store.transaction() as tx:
            contact = tx.new_id()
            call = Call(f"CA{next(self._sids):032x}", tree.hotline, tree.version, caller, number, "en", tx.now)
            call.path = [("welcome", "2" if queue == "claims" else "1")]
            call.typed = {"order_number": "47110815"} if typed is None else typed
            call.node = next(name for name, node in tree.nodes.items() if getattr(node, "queue", None) == queue)
            call.case_kind = tree.nodes[call.node].kind
            call.contact, call.waiting_since = contact, tx.now
            LIFECYCLE.fire(call, "answer")
            LIFECYCLE.fire(call, "wait")
            tx.add(call)
        needs = {"claims": 3, "en": 2} if queue == "claims" else {"en": 2}
        entering = Contact(contact, queue, needs, language="en", case_kind=call.case_kind, call=call.sid)
        self.switchboard.act(lambda tx: distributor.enter(tx.floor, entering, tx.now))
        return contact

    def leg_answers(self, contact: str) -> None:
        """The representative's leg is there: they talk."""
        with self.store.look() as tx:
            offer = tx.floor.live_offer(contact)
        self.switchboard.act(lambda tx: distributor.leg_answered(tx.floor, offer.id, tx.now))

    def caller_joins(self, contact: str) -> None:
        """The caller is in the conference, too, as the carrier would tell; the leg has its id by now."""
        with self.store.transaction() as tx:
            tx.floor.change(tx.floor.live_offer(contact), leg_sid="CA" + "9" * 32)
            call = tx.call_of(contact)
            LIFECYCLE.fire(call, "connect")
            call.connected_at, call.redirected_at = tx.now, None
            tx.save(call)

    def caller_hangs_up(self, contact: str) -> None:
        """The caller is gone, as the carrier would tell."""
        with self.store.look() as tx:
            sid = tx.call_of(contact).sid
        self.switchboard.end_call(sid)

    def talk_ends(self, contact: str) -> None:
        """The representative's leg is over."""
        self.switchboard.act(lambda tx: distributor.talk_ended(tx.floor, contact, tx.now))

    def message_is_left(self, sound: bytes | None = None, case_number: str | None = None) -> str:
        """A caller has left a message, kept under our own id, with a case of its own if it has none; that id."""
        tree = self.switchboard.hotlines.current()[0]
        with self.store.transaction() as tx:
            sid = f"CA{next(self._sids):032x}"
            tx.add(Call(sid, tree.hotline, tree.version, CALLER, next(iter(tree.numbers)), "en", tx.now))
            if case_number is None:
                case = tx.cases.log("suggestion", {}, f"RE{sid}", "caller", tx.now, call=sid, caller=CALLER)
                case_number = case.number
            message = Message(tx.new_id(), f"RE{sid}", sid, case_number, 8, tx.now, None, MessageState.KEPT)
            tx.messages.add(message)
        self.switchboard.archive.keep(message.id, sound or a_sound())
        return message.id

    def later(self, seconds: float) -> None:
        """Let time go by, with everything that falls due on the way."""
        end = self.now + timedelta(seconds=seconds)
        while (due := self.switchboard.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.switchboard.tick()
        self.now = end

    def close(self) -> None:
        """Let it go."""
        self.app.close()


def with_schema(folder: Path) -> None:
    """Put a database without rows there, if there is none: all migrations take half a second."""
    there = folder / "dialtree.db"
    if not there.exists():
        there.write_bytes(_empty_database())


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "dialtree.db"
        Store(f"sqlite:///{path}", lambda: datetime(2026, 11, 24, tzinfo=UTC), str).close()
        return path.read_bytes()


class Seat:
    """A representative's way to the API."""

    def __init__(self, browser: FlaskClient, name: str) -> None:
        self.browser, self.name, self.csrf = browser, name, ""

    def log_in(self, password: str = PASSWORD) -> Any:
        """Log in; keeps the word that changes need."""
        answer = self.browser.post("/desk/api/login", json={"name": self.name, "password": password})
        self.csrf = (answer.get_json() or {}).get("csrf", "")
        return answer

    def post(self, path: str, **body: Any) -> Any:
        """Ask for a change."""
        return self.browser.post(f"/desk/api/{path}", json=body, headers={"X-CSRF-Token": self.csrf})

    def get(self, path: str) -> Any:
        """Look at something."""
        return self.browser.get(f"/desk/api/{path}")

    @property
    def state(self) -> dict[str, Any]:
        """Everything the desk shows now."""
        return self.get("state").get_json()

    def accepts(self) -> str:
        """Take the offer that is there; the contact's id."""
        return self.post(f"offers/{self.state['offer']['id']}/accept").get_json()["contact"]


def a_sound(length_s: float = 0.5) -> bytes:
    """A WAV file of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * int(8000 * length_s))
    return out.getvalue()
