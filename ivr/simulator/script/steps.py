"""Steps: what a call script says, line by line, once it has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: file and line (from 1), the line itself without its comment, and what in it matters most.

    `column` (from 1) and `width` are of `source`, the line as written.
    """

    file: str
    line: int
    text: str
    source: str = ""
    column: int = 1
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Hear:
    """Hear `text`: `~` contains it, `=` is exactly it, `@` says the prompt of that name."""

    how: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Press:
    """Press keys, one after the other: `0-9 * #`."""

    keys: str
    place: Place


@dataclass(frozen=True, slots=True)
class Speak:
    """Say something, for a Gather that takes speech."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Silence:
    """Press nothing until the Gather runs out."""

    place: Place


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """Speak for so long into a Record; `text` is what a transcription would give."""

    length_s: float
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass."""

    length_s: float
    place: Place


@dataclass(frozen=True, slots=True)
class HangUp:
    """The caller hangs up."""

    place: Place


@dataclass(frozen=True, slots=True)
class CallIn:
    """One more person calls one of the account's numbers; `params` are stated in the webhooks."""

    caller: str
    called: str
    params: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask the app at a door of its own, as a web page would: unsigned, with a form (POST) or a query (GET)."""

    method: str
    path: str
    params: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Queued:
    """The caller stands in this queue, at this position if one is named (from 1)."""

    queue: str
    position: int | None


@dataclass(frozen=True, slots=True)
class InQueue:
    """The caller has waited in a queue for at least so long."""

    length_s: float


@dataclass(frozen=True, slots=True)
class Dialed:
    """This address has been called."""

    address: str


@dataclass(frozen=True, slots=True)
class RecordingMade:
    """A recording has been made."""


@dataclass(frozen=True, slots=True)
class InConference:
    """The caller has joined the conference of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class TalkingTo:
    """The caller and this agent are talking."""

    agent: str


@dataclass(frozen=True, slots=True)
class WebhookSent:
    """The app has been asked at this path, with at least these parameters."""

    method: str
    path: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EndedBy:
    """The call is over, and this side ended it: `app` or `caller`."""

    who: str


@dataclass(frozen=True, slots=True)
class CaseLogged:
    """A case of this kind with at least these fields is to be seen at the desk."""

    kind: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatusIs:
    """The caller's call has this status in the carrier's words (`completed`, `busy` ...)."""

    status: str


@dataclass(frozen=True, slots=True)
class TextSent:
    """The app has sent a text message to this number; with `how` (`~` contains, `=` exactly) it says `words`."""

    to: str
    how: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ProblemNoted:
    """The carrier has noted an error or a warning with this number of Twilio's."""

    code: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """The app has been asked nothing since the step before this one began."""


@dataclass(frozen=True, slots=True)
class Never:
    """This has not happened so far."""

    fact: Fact


Fact = (
    Queued
    | InQueue
    | Dialed
    | RecordingMade
    | InConference
    | TalkingTo
    | WebhookSent
    | EndedBy
    | CaseLogged
    | StatusIs
    | TextSent
    | ProblemNoted
    | Quiet
    | Never
)


@dataclass(frozen=True, slots=True)
class Expect:
    """Something must have happened by now."""

    fact: Fact
    place: Place


@dataclass(frozen=True, slots=True)
class By:
    """A step of somebody else than the caller: of a named line, or of a further caller."""

    who: str
    step: Hear | Press | Speak | Silence | LeaveMessage | HangUp | Expect | CallIn
    place: Place


Step = Hear | Press | Speak | Silence | LeaveMessage | Wait | HangUp | Expect | Ask | By


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that another person does, `after_s` seconds from the moment at which it can be done.

    verb: accept, decline, ignore (an offer); log, hang up, hold, resume, mute, unmute, transfer, consult, let go,
    complete, promise (a conversation); wrap up, extend; pause, ready. `fields` of a transfer: to whom.
    """

    verb: str
    after_s: float
    place: Place
    kind: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LineThere:
    """Somebody who can be called, and what they do then: `answers`, `busy`, `rejects`, `never`, `voicemail`.

    With a `name` the script says step by step what they do.
    """

    address: str
    behaviour: str
    answers_after_s: float
    keys: str
    hangs_up_after_s: float | None
    place: Place
    name: str = ""


@dataclass(frozen=True, slots=True)
class AgentThere:
    """A representative at the desk: skills with levels (empty: every skill) and what they do, in order."""

    name: str
    skills: Mapping[str, int]
    acts: tuple[Act, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Stub:
    """What is answered, in place of another system, when our own hotline looks something up at this address."""

    url: str
    status: int
    body: str
    place: Place


@dataclass(frozen=True, slots=True)
class Script:
    """One call: who calls whom when, who else is there, and the steps of whom it is about.

    `by_app`: the app calls through REST; `called` is then the person whom the script is about, `caller` the number
    that the app calls from. `seed` and `chaos` are as written, None and empty when they are not.
    """

    file: str
    caller: str
    called: str
    at: datetime | None
    params: Mapping[str, str]
    lines: tuple[LineThere, ...]
    agents: tuple[AgentThere, ...]
    steps: tuple[Step, ...]
    place: Place
    by_app: bool = False
    seed: int | None = None
    chaos: str = ""
    stubs: tuple[Stub, ...] = ()

    @property
    def person(self) -> str:
        """The address of whom the script is about."""
        return self.called if self.by_app else self.caller

    @property
    def number(self) -> str:
        """The number of the account that the call is from or to."""
        return self.caller if self.by_app else self.called
