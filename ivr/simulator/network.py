"""Network: the carrier on this machine - its account, numbers, people, lines, queues and conferences.

    network = Network(datetime(2026, 11, 23, 9, tzinfo=UTC), app=WsgiApp(app))
    network.number("+18005550142", "https://ivr.example/voice")
    line = network.call("+4915112345678", "+18005550142")
    network.run_until(lambda: line.awaits_input)
    line.press("2")
    network.advance(5)

All state stands under one lock, which is not held while the app is asked: the app may call REST from inside a webhook.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from ivr.simulator import hosted
from ivr.simulator.account import Account, Key, Number
from ivr.simulator.agenda import Errand
from ivr.simulator.chaos import Chaos
from ivr.simulator.clockwork import Clockwork
from ivr.simulator.conference import Conference
from ivr.simulator.cookies import Jar
from ivr.simulator.document import life, main
from ivr.simulator.error import Problem
from ivr.simulator.leg import called, dialled, unanswerable
from ivr.simulator.line import Line
from ivr.simulator.lossy import LossyDoor
from ivr.simulator.message import Message, send
from ivr.simulator.mischief import Mischief, Parcel
from ivr.simulator.outset import PLAIN, Detection, Outset
from ivr.simulator.person import Person
from ivr.simulator.progress import Subscription
from ivr.simulator.queue import SIZE_DEFAULT, Queue
from ivr.simulator.recording import Recording
from ivr.simulator.rest import Rest, RestTransport
from ivr.simulator.tape import Tape
from ivr.simulator.trace import Entry, Exchange
from ivr.simulator.transport import HttpApp, Transport, WsgiApp
from ivr.simulator.verbs import MAIN, SCREENING
from ivr.simulator.webhook import Reply, Request, Trip

ANSWER_SHOWN_BYTES = 64 * 1024
PARTY_EVENTS = frozenset({"completed"})


class UnknownNumber(LookupError):
    """Nobody here has the number that was dialled; the message names those that exist."""


class Network(Clockwork):
    """A carrier. Time passes in `run...` and `advance`: with `speed` 0 in no time, with 1 as it does, with 10 tenfold.

    After `start()` it passes by itself, at that speed.
    """

    voice = "man"  # who speaks where a Say does not care
    documents_max = 50  # that follow each other in one instant
    processing_s = 1.0  # until a recording can be fetched, and its callback comes

    def __init__(
        self,
        start: datetime,
        seed: int = 1,
        account_sid: str | None = None,
        auth_token: str | None = None,
        app: Transport | None = None,
        speed: float = 0,
        *,
        strict: bool = False,
        record_empty: str = "fallthrough",
        clients: str = "answers",
        strangers: str = "never",
        senders: str = "own",
        rest_url: str = "https://api.twilio.com",
        chaos: Chaos | str = "",
    ) -> None:
        """`clients`, `strangers`: what an unknown `client:` or any other unknown address does when called (see Person).

        `strict`: a warning ends the call as an error would. `record_empty`: `fallthrough` or `action` after silence.
        `senders`: whether REST may call and text from the account's `own` numbers only, or, with a warning, from `any`.
        `rest_url`: where recordings and other resources are said to be. `chaos`: what goes wrong on purpose.
        """
        super().__init__(start, speed)
        self._dice = random.Random(seed)  # noqa: S311 - identifiers that repeat from their seed, no secrets
        self.account_sid = account_sid or self.new_sid("AC")
        self.auth_token = auth_token or self.new_sid("")
        self.app: Transport = app or HttpApp()
        self.strict, self.record_empty, self.rest_url = strict, record_empty, rest_url.rstrip("/")
        self.senders = senders
        self._unknown = {True: clients, False: strangers}
        self.account = Account()
        self.numbers = self.account.numbers
        self.people: dict[str, Person] = {}
        self.calls: dict[str, Line] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.recordings: dict[str, Recording] = {}
        self.tapes: dict[str, Tape] = {}  # by the SIDs of their recordings
        self.messages: dict[str, Message] = {}
        self.sounds: dict[str, float] = {}
        self.webhooks: list[Exchange] = []
        self.trace: list[Entry] = []
        self._listeners: list[Callable[[Entry], object]] = []
        self.spoken_s: Callable[[Line, str, str], float | None] = _as_long_as_such_words_take
        """How long a voice really speaks words in a language on a line, where there is a voice (the telephone's)."""
        self.fetched: Callable[[str, Reply], object] = _nobody_listens
        """Told of each sound that was fetched, with its URL: the telephone plays it."""
        self._children: dict[str, list[Line]] = {}
        self._seed = seed
        self.mischief: Mischief | None = None
        self.rest = LossyDoor(Rest(self), lambda asked: self.mischief and self.mischief.refusal(asked))
        self.misbehave(chaos)
        self.rest_transport = RestTransport(self.rest)
        self._own, self._hosted = WsgiApp(self.rest), hosted.Hosted()

    # Who and what there is.

    def number(
        self, e164: str, voice_url: str, fallback_url: str | None = None, status_callback: str | None = None
    ) -> Number:
        """Give the account a telephone number."""
        with self.lock:
            number = Number(
                Request(voice_url), sid=self.new_sid("PN"), e164=e164, created=self.now(), friendly_name=e164
            )
            number.fallback = Request(fallback_url) if fallback_url else None
            number.status_callback = Request(status_callback) if status_callback else None
            self.numbers[e164] = number
            return number

    def key(self, sid: str, secret: str) -> None:
        """Give the account an API key: REST lets in whoever knows its secret."""
        with self.lock:
            self.account.keys[sid] = Key(sid, secret, "", self.now())

    def line(self, address: str, answers_after_s: float = 0, behaviour: str = "answers", keys: str = "") -> Person:
        """Let there be somebody at a number, `client:NAME` or `sip:...`; asked again, they change their ways."""
        with self.lock:
            known = self.people.get(address)
            person = Person(address, behaviour, answers_after_s, keys, known.lines if known else [])
            self.people[address] = person
            return person

    def watch(self, listener: Callable[[Entry], object]) -> None:
        """Call `listener` with each trace entry, at once and under the lock: it must be quick and ask nobody."""
        self._listeners.append(listener)

    def misbehave(self, chaos: Chaos | str) -> None:
        """From now on let go wrong what `chaos` says (text or Chaos; nothing: all goes well). Raises ValueError."""
        wanted = Chaos.read(chaos) if isinstance(chaos, str) else chaos
        with self.lock:
            if self.mischief is not None:
                self.mischief.chaos = wanted
            elif wanted:
                self.mischief = Mischief(self, wanted, self._seed)

    def is_own_number(self, address: str) -> bool:
        """Whether a number belongs to the account."""
        return address in self.numbers

    # Calls.

    def call(self, from_: str, to: str, params: Mapping[str, str] | None = None) -> Line:
        """Somebody dials one of the account's numbers; `params` are added to (or replace) the webhooks' own.

        Raises UnknownNumber.
        """
        with self.lock:
            number = self.numbers.get(to)
            if number is None:
                known = ", ".join(self.numbers) or "none yet: add one with network.number(...)"
                raise UnknownNumber(f"no number {to} on this account (there is {known})")
            line = self._line(from_, to, "inbound")
            doors = self.account.doors(number)
            line.status, line.number_sid, line.fallback = "ringing", number.sid, doors.fallback
            line.own_params = ({"ApplicationSid": number.application} if number.application else {}) | dict(
                params or {}
            )
            if doors.status_callback is not None:
                callback = doors.status_callback
                line.subscriptions.append(Subscription(callback.url, callback.method, PARTY_EVENTS))
            self.note("ring", f"{from_} calls {to}", line)
            opening = main(line, doors.voice, MAIN) if doors.voice.url else unanswerable(line)
            line.start(life(line, opening, MAIN))
            return line

    def place(
        self,
        from_: str,
        to: str,
        request: Request,
        timeout_s: float,
        fallback: Request | None = None,
        subscriptions: Iterable[Subscription] = (),
        outset: Outset = PLAIN,
    ) -> Line:
        """The app calls somebody through REST."""
        line = self._line(from_, to, "outbound-api")
        line.fallback, line.subscriptions = fallback, list(subscriptions)
        line.start(life(line, called(line, request, timeout_s, MAIN, outset), MAIN))
        return line

    def dial(
        self,
        parent: Line,
        to: str,
        from_: str,
        timeout_s: float,
        screening: Request | None,
        tones: str,
        subscriptions: Iterable[Subscription],
        detection: Detection | None = None,
    ) -> Line:
        """A line dials somebody; they become its child."""
        line = self._line(from_, to, "outbound-dial")
        line.parent, line.subscriptions = parent, list(subscriptions)
        self._children.setdefault(parent.sid, []).append(line)
        line.start(life(line, dialled(line, screening, tones, timeout_s, SCREENING, detection), MAIN))
        return line

    def family(self, line: Line) -> list[Line]:
        """The lines that may wait for something of this one: parent, children, partner and twin."""
        near = [line.parent, line.partner, line.twin, *self._children.get(line.sid, ())]
        return [each for each in dict.fromkeys(near) if each is not None]

    def _line(self, from_: str, to: str, direction: str) -> Line:
        line = Line(self, self.new_sid("CA"), from_, to, direction, self.now())
        self.calls[line.sid] = line
        if direction != "inbound":
            unknown = self._unknown[to.startswith("client:")]
            line.person = self.people.get(to) or self.people.setdefault(to, Person(to, unknown))
            line.person.lines.append(line)
        return line

    # Queues, conferences, recordings.

    def queue_named(self, name: str, size_max: int | None = None) -> Queue:
        """The queue of this name, made if need be."""
        queue = self.find_queue(name)
        if queue is None:
            queue = Queue(self.new_sid("QU"), name, self.now(), size_max or SIZE_DEFAULT)
            self.queues[queue.sid] = queue
        return queue

    def find_queue(self, name: str) -> Queue | None:
        """The queue of this name or SID."""
        return self.queues.get(name) or next((each for each in self.queues.values() if each.name == name), None)

    def conference_named(self, name: str) -> Conference:
        """The conference of this name that has not ended, made if need be."""
        going = (each for each in self.conferences.values() if each.name == name and each.status != "completed")
        conference = next(going, None)
        if conference is None:
            conference = Conference(self.new_sid("CF"), name, self.now())
            self.conferences[conference.sid] = conference
        return conference

    def keep_recording(self, line: Line, length_s: float, source: str, text: str, conference: str = "") -> Recording:
        """Keep what was recorded on a line until now."""
        recording = self.new_recording(line, self.in_(-length_s), length_s, source, text, conference)
        recording.ready_at = self.in_(self.processing_s)
        self.put(self.processing_s, lambda: None)  # so that time passes until it can be fetched
        return recording

    def new_recording(
        self, line: Line, started: datetime, length_s: float, source: str, text: str = "", conference: str = ""
    ) -> Recording:
        """A recording of a line, or of the conference it is in."""
        sid = self.new_sid("RE")
        url = f"{self.rest_url}/2010-04-01/Accounts/{self.account_sid}/Recordings/{sid}"
        self.recordings[sid] = Recording(sid, line.sid, conference, started, length_s, source, url, text)
        return self.recordings[sid]

    def keep_message(
        self, from_: str, to: str, body: str, callback: Request | None = None, direction: str = "outbound-api"
    ) -> Message:
        """Deliver a text message, and tell `callback` how it fares."""
        message = Message(self.new_sid("SM"), from_, to, body, self.now(), direction=direction, callback=callback)
        self.messages[message.sid] = message
        send(self, message)
        self.note("text", f"{from_} texts {to}: {body}", to=to)
        return message

    # The wire.

    def fetch(self, line: Line, request: Request, purpose: str, done: Callable[[Reply], None]) -> None:
        """Ask the app, without the lock; `done` gets what came of it, under the lock."""
        self._send(line, request, purpose, done, 0, "call")

    def notify(self, line: Line | None, request: Request, code: int, delay_s: float = 0) -> None:
        """Send a callback: after what was sent before. Its answer is ignored; an error gives warning `code`."""

        def done(reply: Reply) -> None:
            if reply.problem is not None:
                text = f"the callback {request.url} was not taken: {reply.problem}"
                self.note("warning", str(Problem(code, text)), line, code=code)

        self._send(line, request, "callback", done, delay_s, "callback")

    def _send(
        self,
        line: Line | None,
        request: Request,
        purpose: str,
        done: Callable[[Reply], None],
        delay_s: float,
        lane: str,
    ) -> None:
        token = self.new_sid("")
        trip = Trip(request, self._who_serves(request.url), self.auth_token, line.jar if line else Jar(), token)

        def seen(reply: Reply) -> None:
            self._note_exchanges(line, reply, purpose)

        def finish(reply: Reply) -> None:
            seen(reply)
            done(reply)

        if self.mischief is None:
            self.put(delay_s, lambda: Errand(trip.fetch, finish, lane))
        else:
            self.mischief.send(Parcel(line, purpose, lane, trip, finish, seen), delay_s)

    def _who_serves(self, url: str) -> Transport:
        """The app; the carrier itself for its recordings, and for documents and sounds that are its own."""
        if url.startswith(f"{self.rest_url}/2010-04-01/"):
            return self._own
        return self._hosted if hosted.serves(url) else self.app

    def _note_exchanges(self, line: Line | None, reply: Reply, purpose: str) -> None:
        for sent in reply.sent:
            shown = "" if purpose == "media" else sent.answer[:ANSWER_SHOWN_BYTES].decode("utf-8", "replace")
            error = str(sent.problem) if sent.problem else ""
            exchange = Exchange(
                self.now(),
                line.sid if line else "",
                purpose,
                sent.method,
                sent.url,
                sent.params,
                sent.headers,
                sent.status,
                shown,
                error,
            )
            self.webhooks.append(exchange)
            kind = "callback" if purpose == "callback" else "webhook"
            text = f"{sent.method} {sent.url} -> {sent.status or error}"
            self.note(kind, text, line, exchange=exchange)

    def note(self, kind: str, text: str, line: Line | None = None, **data: Any) -> None:
        """Write an entry into the trace."""
        sid, label = (line.sid, line.label) if line else ("", "")
        entry = Entry(self.now(), sid, label, kind, text, data)
        self.trace.append(entry)
        for listener in self._listeners:
            listener(entry)

    def new_sid(self, prefix: str) -> str:
        """An identifier as Twilio makes them: two letters and 32 hex digits."""
        with self.lock:
            return f"{prefix}{self._dice.getrandbits(128):032x}"


def _as_long_as_such_words_take(_line: Line, _words: str, _language: str) -> None:
    return None


def _nobody_listens(_url: str, _reply: Reply) -> None:
    return None
