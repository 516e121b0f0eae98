"""Line: one leg of a call - who is on it, what controls it, and what they do to each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from ivr.simulator.agenda import CARRIER
from ivr.simulator.cookies import Jar
from ivr.simulator.error import Broken, Problem
from ivr.simulator.program import BargeIn, Closed, Ended, Fetch, Interrupt, Key, Nudge, PickedUp, Program, Spoke, Wait
from ivr.simulator.progress import Subscription, report
from ivr.simulator.trace import Heard
from ivr.simulator.webhook import Pairs, Reply, Request

if TYPE_CHECKING:
    from ivr.simulator.conference import Conference
    from ivr.simulator.network import Network
    from ivr.simulator.person import Person
    from ivr.simulator.queue import Queue
    from ivr.simulator.recording import Recording
    from ivr.simulator.stream import Stream

TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
GEOGRAPHY = ("City", "State", "Zip", "Country")


class Doing:
    """What happens on a line while a block runs; such blocks stand in each other."""

    __slots__ = ("_activities", "_activity")

    def __init__(self, activities: list[str], activity: str) -> None:
        self._activities, self._activity = activities, activity

    def __enter__(self) -> None:
        self._activities.append(self._activity)

    def __exit__(self, *_: object) -> None:
        self._activities.pop()


@cache
def _unknown_places(caller: bool, called: bool) -> Pairs:
    """The geography of both numbers: nothing is known of any, but the names are sent. Lines share these pairs."""
    roles = (("From", "Caller") if caller else ()) + (("To", "Called") if called else ())
    return tuple(sorted((role + part, "") for role in roles for part in GEOGRAPHY))


@dataclass(eq=False, slots=True)
class Line:
    """One leg. Read its fields freely between happenings; act through its methods, from any thread."""

    network: Network
    sid: str
    from_: str
    to: str
    direction: str
    created: datetime
    status: str = "queued"
    parent: Line | None = None
    fallback: Request | None = None
    number_sid: str = ""
    own_params: dict[str, str] = field(default_factory=dict)
    subscriptions: list[Subscription] = field(default_factory=list)
    person: Person | None = None
    jar: Jar = field(default_factory=Jar)
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    queue: Queue | None = None
    conference: Conference | None = None
    place: object | None = None
    partner: Line | None = None  # whom this line is bridged with
    heard: list[Heard] = field(default_factory=list)
    hops: int = 0  # through how many numbers of our own the call has come
    ready: bool = False  # a dialled leg: answered and screened, to be bridged
    audience: list[Line] = field(default_factory=list)  # who else hears what this line does
    barge_in: tuple[type, ...] = ()  # events that break in on prompts
    lets_ring: bool = False  # a verb of its document has left it ringing
    twin: Line | None = None  # the other leg of a call to a number of our own
    told: dict[str, str] = field(default_factory=dict)  # a client's parameters, or SIP headers, when it was dialled
    eager_keys: str = ""  # pressed as soon as somebody listens
    recording: Recording | None = None  # of the whole call, if REST wished for one
    streams: list[Stream] = field(default_factory=list)  # what runs beside the document
    at_answer: list[Callable[[], object]] = field(default_factory=list)
    on_its_own: bool = False  # REST has taken it out of the Dial that made it
    at_end: list[Callable[[], object]] = field(default_factory=list)  # called once the line is over
    _activities: list[str] = field(default_factory=list)
    _params: tuple[object, Pairs] = (None, ())
    _program: Program | None = None
    _asked: Wait | Fetch | None = None
    _turn: int = 0
    _sequence: int = 0
    _documents: tuple[datetime | None, int] = (None, 0)

    # What others may know.

    @property
    def label(self) -> str:
        """Who is on the line: their number or address."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def over(self) -> bool:
        """Whether the line has ended."""
        return self.status in TERMINAL

    @property
    def state(self) -> str:
        """What happens on the line now: queued, ringing, hearing, gathering, recording, waiting in queue, in
        conference, dialling, bridged, pausing, asking (the app), or how it ended."""
        if self.status != "in-progress" or not self._activities:
            return "asking" if isinstance(self._asked, Fetch) and self.status == "in-progress" else self.status
        return self._activities[-1]

    @property
    def listening(self) -> bool:
        """Whether a key pressed now would count."""
        return Key in self.barge_in or (isinstance(self._asked, Wait) and Key in self._asked.wants)

    @property
    def awaits_input(self) -> bool:
        """Whether the prompts are over and the person is expected to press, speak or leave a message."""
        return self.state in ("gathering", "recording") and isinstance(self._asked, Wait) and bool(self._asked.wants)

    @property
    def duration_s(self) -> int:
        """Whole seconds from answer to end (or now)."""
        if self.answered_at is None:
            return 0
        return int(((self.ended_at or self.network.now()) - self.answered_at).total_seconds())

    @property
    def turn(self) -> int:
        """How often its program has gone on: what was heard in one turn is over with the next."""
        return self._turn

    # What the person on the line does.

    def press(self, keys: str) -> None:
        """Press keys, one after the other: `0-9 * #`; `w` is half a second's pause."""
        if not set(keys) <= set("0123456789*#w"):
            raise ValueError(f"{keys!r}: a telephone has the keys 0-9, * and # (w waits half a second)")
        with self.network.lock:
            if pressed := keys.replace("w", ""):
                self.note("presses", pressed)
            pause_s = 0.0
            for key in keys:
                if key == "w":
                    pause_s += 0.5
                    continue
                for heard in self.network.mischief.keys(self, key) if self.network.mischief else key:
                    self._later(Key(heard), pause_s)

    def speak(self, text: str, length_s: float | None = None) -> None:
        """Say something; takes `length_s` seconds (by default as long as such words take)."""
        with self.network.lock:
            self.note("speaks", text)
            for stream in self.streams:
                stream.spoke(text)
            self._later(Spoke(text, len(text) / 14 + 0.5 if length_s is None else length_s))

    def murmur(self, length_s: float) -> None:
        """Make sound for `length_s` seconds, its words unknown: a microphone's next piece, for a Record."""
        self._later(Spoke("", length_s))

    def leave_message(self, length_s: float, text: str = "") -> None:
        """Speak for `length_s` seconds to a Record that is running."""
        self.speak(text, length_s)

    record = leave_message

    def answer(self) -> None:
        """Take the call that rings here."""
        with self.network.lock:
            self._later(PickedUp(True))

    def reject(self) -> None:
        """Refuse the call that rings here."""
        with self.network.lock:
            self._later(PickedUp(False))

    def close_stream(self) -> None:
        """The server that a <Connect> has joined to the call ends that."""
        with self.network.lock:
            self._later(Closed())

    def hang_up(self) -> None:
        """Put the receiver down."""
        with self.network.lock:
            self.network.put(0, lambda: self._hung_up("caller" if self.direction == "inbound" else "callee"))

    # What the network and other lines do to it.

    def start(self, program: Program) -> None:
        """Put `program` in control, once."""
        self._program = program
        turn = self._turn
        self.network.put(0, lambda: self._came(turn, None))

    def nudge(self) -> None:
        """Let the program look again, if it waits for that."""
        self._later(Nudge())

    def interrupt(self, interrupt: Interrupt) -> None:
        """Throw `interrupt` into the program, in its turn."""
        self._later(interrupt)

    def drop(self, by: str = "app") -> None:
        """End the line from outside: canceled while it rings, completed when it was answered."""
        self.network.put(0, lambda: self._hung_up(by))

    def let_go(self, by: str = "app") -> None:
        """End the line, unless it has been taken elsewhere by then: for the Dial that made it."""
        self.network.put(0, lambda: None if self.on_its_own else self._hung_up(by))

    def forget(self) -> None:
        """Cancel a call that was not even placed: nobody hears of it."""
        self.subscriptions.clear()
        self.close("canceled", "app")
        self._finish()

    def close(self, status: str, by: str) -> Ended:
        """Mark the line as over; for the program, which raises what is returned."""
        if not self.over:
            self.status, self.ended_by, self.ended_at = status, by, self.network.now()
        return Ended()

    # What programs use.

    def params(self) -> Pairs:
        """The standard parameters of a voice request, as of now; in order of their names, as they are signed."""
        basis = (self.status, *self.own_params.values()) if self.own_params else self.status
        if self._params[0] != basis:
            known = self._known()
            self._params = basis, tuple(sorted((dict(known) | self.own_params).items() if self.own_params else known))
        return self._params[1]

    def _known(self) -> list[tuple[str, str]]:
        known = [
            ("AccountSid", self.network.account_sid),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", self.sid),
            ("CallStatus", self.status),
            ("Called", self.to),
            ("Caller", self.from_),
            ("Direction", self.direction),
            ("From", self.from_),
            ("To", self.to),
            *_unknown_places(self.from_.startswith("+"), self.to.startswith("+")),
        ]
        if self.parent is not None:
            known.append(("ParentCallSid", self.parent.sid))
        return known

    def doing(self, activity: str) -> Doing:
        """Say what happens on the line while the block runs."""
        return Doing(self._activities, activity)

    def hear(self, kind: str, text: str, language: str = "", voice: str = "") -> None:
        """Let the person on the line hear something. Tones reach the document at the other end, if there is one."""
        for line in (self, *self.audience):
            line.heard.append(Heard(self.network.now(), kind, text, language, voice))
            line.note("says" if kind == "say" else "plays", text, what=kind, language=language)
        if kind == "tones" and self.twin is not None:
            self.twin.press(re.sub("[^0-9*#w]", "", text.replace("W", "ww")))

    def note(self, kind: str, text: str, **data: Any) -> None:
        """Write into the trace what happens here."""
        self.network.note(kind, text, self, **data)

    def warn(self, problem: Problem) -> None:
        """Tell the app's author of something odd; a strict network gives up instead."""
        if self.network.strict:
            raise Broken(problem)
        self.note("warning", str(problem), code=problem.code)

    def error(self, problem: Problem) -> None:
        """Tell the app's author of something wrong."""
        self.note("error", str(problem), code=problem.code)

    def pick_up(self) -> None:
        """Answer, if nobody has yet."""
        if self.answered_at is None and not self.over:
            self.status, self.answered_at = "in-progress", self.network.now()
            self.note("answer", f"{self.to} answers")
            self.progress("answered")
            for each in self.at_answer:
                each()
            for other in self.network.family(self):
                other.nudge()

    def once_answered(self, action: Callable[[], object]) -> None:
        """Do something now, or as soon as the line is answered."""
        if self.answered_at is None:
            self.at_answer.append(action)
        else:
            action()

    def progress(self, event: str) -> None:
        """Tell those who wished to know that the call is `event` (one of EVENTS)."""
        number, self._sequence = self._sequence, self._sequence + 1
        told = [each for each in self.subscriptions if event in each.events]
        if not told:
            return
        standard = tuple((dict(self.params()) | report(self, event, number)).items())
        for each in told:
            self.notify(Request(each.url, each.method, standard=standard))

    def notify(self, request: Request, code: int = 15003, delay_s: float = 0) -> None:
        """Send a request whose answer nobody waits for; `code` is the warning when it is an error."""
        self.network.notify(self, request, code, delay_s)

    def press_eagerly(self) -> None:
        """Press what the person was told to press once somebody listens."""
        keys, self.eager_keys = self.eager_keys, ""
        if keys:
            self.press(keys)

    def count_document(self) -> None:
        """Guard against documents that lead to documents without time passing; raises Broken."""
        now, (at, count) = self.network.now(), self._documents
        self._documents = (now, count + 1 if at == now else 1)
        if self._documents[1] > self.network.documents_max:
            text = f"{self.network.documents_max} documents in a row without a moment's pause (a loop of redirects?)"
            raise Broken(Problem(12400, text))

    # How the program is driven.

    def _later(self, event: object, delay_s: float = 0) -> None:
        self.network.put(delay_s, lambda: self._deliver(event))

    def _deliver(self, event: object) -> None:
        if self.over or self._program is None:
            return
        if isinstance(event, Interrupt):
            if event.place is None or event.place is self.place:
                self._resume(error=event)
        elif isinstance(self._asked, Wait) and isinstance(event, self._asked.wants):
            self._resume(event)
        elif isinstance(event, self.barge_in):
            self._resume(error=BargeIn(event))

    def _hung_up(self, by: str) -> None:
        if self.over:
            return
        refused = "busy" if by == "callee" else "canceled"
        ringing = "no-answer" if self.direction == "inbound" else refused
        self.note("hangs up", f"{by} hangs up", by=by)
        gone = self.close("completed" if self.answered_at else ringing, by)
        if self._program is None:
            self._finish()
        else:
            self._resume(error=gone)

    def _resume(self, value: object = None, error: Interrupt | None = None) -> None:
        self._turn += 1
        self._asked = None
        try:
            asked = self._program.throw(error) if error else self._program.send(value)
        except StopIteration:
            self.close("completed", "app")
            self._finish()
        except Ended:
            self._finish()
        else:
            self._ask(asked)

    def _ask(self, asked: Wait | Fetch) -> None:
        if self.over:
            raise AssertionError(f"the line {self.sid} is {self.status}: nothing more can be waited for")
        turn, self._asked = self._turn, asked
        if isinstance(asked, Fetch):
            self.network.fetch(self, asked.request, asked.purpose, lambda reply: self._answered(turn, reply))
        elif asked.seconds is not None:
            seconds = max(0.0, asked.seconds)
            self.network.put(seconds, lambda: self._came(turn, None), CARRIER, lambda: self._turn == turn)

    def _answered(self, turn: int, reply: Reply) -> None:
        # In its turn, so that what REST did to the line while the app was thinking comes first.
        if self.network.is_idle_now:
            self._came(turn, reply)
        else:
            self.network.put(0, lambda: self._came(turn, reply))

    def _came(self, turn: int, value: Reply | None) -> None:
        if turn == self._turn and self._program is not None:
            self._resume(value)

    def _finish(self) -> None:
        self._program, self.place, self.partner, self.barge_in = None, None, None, ()
        self._activities.clear()
        for each in self.at_end:
            each()
        self.note("ended", f"{self.status} (by {self.ended_by})", status=self.status, by=self.ended_by)
        self.progress("completed")
        for other in self.network.family(self):
            other.nudge()
        if self.twin is not None:
            self.twin.drop("callee" if self.direction == "inbound" else "caller")


def since(start: datetime, now: datetime) -> float:
    """Seconds from `start` to `now`."""
    return (now - start) / timedelta(seconds=1)
