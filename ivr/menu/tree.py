"""Tree: one hotline as it was published - every node, queue, calendar and survey, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.menu.alarm_limit import AS_USUAL, AlarmLimits
from ivr.menu.condition import All, Any, CalledIs, CallerIs, Condition, HoursAre, LanguageIs, Not, VariableIs
from ivr.menu.mailbox import Mailbox
from ivr.menu.nodes import (
    OPERATOR,
    Ask,
    Callback,
    End,
    Goto,
    Lookup,
    Menu,
    Node,
    Option,
    QueueNode,
    Record,
    Retry,
    Rule,
    Say,
    SetVariables,
    Sms,
    Split,
    SurveyNode,
    Transfer,
    When,
)
from ivr.menu.place import NOWHERE, Place
from ivr.menu.survey import Later, Question, Survey, SurveyMessage
from ivr.menu.words import NO_WORDS, Plural, Words
from routing.due import Due, Unit
from routing.hours import Calendar
from routing.kind import Kind
from routing.queue import CLOSED, FULL, NOBODY_ANSWERED, NOBODY_THERE, TOO_LONG, WAITING_MAX, Queue

__all__ = [
    "NOWHERE",
    "OPERATOR",
    "AlarmLimits",
    "All",
    "Announce",
    "Any",
    "Ask",
    "Callback",
    "CalledIs",
    "CallerIs",
    "CaseKind",
    "Condition",
    "ContactKind",
    "Conventions",
    "Emergency",
    "End",
    "Field",
    "Goto",
    "HoursAre",
    "LanguageIs",
    "Later",
    "Lookup",
    "Mailbox",
    "Menu",
    "Node",
    "Not",
    "NumberList",
    "Option",
    "Place",
    "Plural",
    "Question",
    "QueueNode",
    "QueueSettings",
    "Record",
    "Relax",
    "Retry",
    "Rule",
    "Say",
    "SetVariables",
    "Sms",
    "Split",
    "Survey",
    "SurveyMessage",
    "SurveyNode",
    "Transfer",
    "Tree",
    "VariableIs",
    "When",
    "Words",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a case form: its label, whether it must be filled, and the choices if it has them."""

    name: str
    label: Words
    required: bool = False
    choices: Mapping[str, Words] = field(default_factory=dict)  # value -> label; empty: `kind` says what fits
    lines: int = 1
    kind: str = "text"  # text | digits | money | date | items
    against: str | None = None  # another field with money: how much this one differs from it is shown
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case (order, claim, question, suggestion) and the fields of its form."""

    name: str
    label: Words
    fields: tuple[Field, ...]
    place: Place = NOWHERE
    due: tuple[int, Unit] | None = None  # within which time it is to be settled
    due_hours: str | None = None  # by which calendar working time counts; None: the first one of the hotline


@dataclass(frozen=True, slots=True)
class Conventions:
    """The keys that mean the same everywhere: a person, one step back, hear it again, end the call; None: no key."""

    operator: str = "0"
    back: str | None = "*"
    repeat: str | None = "#"
    end: str | None = None


ISO_13714 = Conventions(operator="0", back="*", repeat=None, end="9")
"""As the summaries of ISO/IEC 13714 have it; `#` there ends an entry."""


@dataclass(frozen=True, slots=True)
class Announce:
    """What waiting callers are told every `every_s`: their place, the expected wait, and one of `texts` in turn."""

    every_s: int = 45
    position: bool = True
    expected_wait: bool = True
    texts: tuple[Words, ...] = ()
    place_limit: int | None = None  # a place beyond it is not told
    more_than_limit: bool = False  # but that it is beyond
    round_s: int = 60  # waits are told in whole steps of this
    only_better: bool = False  # what is not better than what was told is not told again
    explain: bool = False  # why it got worse is told
    first_is_told: bool = True  # whoever is next hears announcements, too


@dataclass(frozen=True, slots=True)
class Relax:
    """After so long a wait a contact needs only this (it replaces the node's needs): skill -> least level."""

    after_s: int
    needs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Callbacks:
    """How a queue keeps promises to call back: so many tries, so far apart, within `hours` if they name a calendar.

    `first`: whether the agent or the caller is rung first.
    """

    tries: int = 3
    again_s: int = 900
    hours: str | None = None
    first: str = "agent"


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """A queue, what its callers hear and may press, and the nodes they go to when it cannot be."""

    queue: Queue
    overflow: str
    announce: Announce = Announce()
    overflow_when: Mapping[str, str] = field(default_factory=dict)  # too_long | full | nobody_there | closed -> node
    max_length: int = WAITING_MAX  # so many waiting, and the next one overflows as `full`
    max_expected_wait_s: int | None = None  # a longer expected wait at the start overflows as `too_long`
    music: str = "music"
    exits: tuple[Option, ...] = ()  # keys that leave the queue for a node
    relax: tuple[Relax, ...] = ()  # ascending in after_s
    dispositions: tuple[str, ...] = ()  # those to choose from after a conversation; none: all of the hotline
    prefer: str = "nobody"  # whom a call prefers: nobody | last_agent | case_owner
    hours: str | None = None  # the calendar when the queue is served: at its end those who wait overflow as `closed`
    callbacks: Callbacks = Callbacks()
    recording: str = "never"  # never | always | ask: with `ask` the caller may say no to it
    recording_notice: Words = NO_WORDS  # heard before; there is none only where nothing is recorded
    place: Place = NOWHERE
    alarms: AlarmLimits = AS_USUAL  # where they are others than the hotline's

    @property
    def overflows(self) -> tuple[str, ...]:
        """The reasons for which `overflow_when` may name a node of its own; only with hours there is a closing."""
        return ("too_long", "full", "nobody_there") + (("closed",) if self.hours else ())

    @property
    def announce_every_s(self) -> int:
        """How often callers are told where they stand."""
        return self.announce.every_s

    def overflow_for(self, why: str) -> str:
        """The node a contact goes to that overflows for one of the reasons of routing.queue."""
        return self.overflow_when.get(OVERFLOW_REASONS.get(why, ""), self.overflow)


OVERFLOW_REASONS = {
    TOO_LONG: "too_long", FULL: "full", NOBODY_THERE: "nobody_there", NOBODY_ANSWERED: "too_long", CLOSED: "closed",
}  # fmt: skip
"""What routing calls it -> what the tree calls it."""


@dataclass(frozen=True, slots=True)
class ContactKind:
    """One kind of contact as this hotline wants it, and what it is called; without a name: as it usually is."""

    kind: Kind
    name: Words | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class NumberList:
    """A list of callers: numbers in E.164, or beginnings of numbers with a `*` at the end."""

    name: str
    numbers: tuple[str, ...]

    def __contains__(self, number: str) -> bool:
        return any(number.startswith(it[:-1]) if it.endswith("*") else number == it for it in self.numbers)


@dataclass(frozen=True, slots=True)
class Emergency:
    """What every new call meets while the emergency switch is on: words, and a node to go on with."""

    words: Words
    goto: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A published hotline. `version` is a digest of its files: the same files, the same version."""

    hotline: str
    version: str
    name: Words
    numbers: Mapping[str, str]  # E.164 -> language a caller of that number hears first
    languages: tuple[str, ...]
    conventions: Conventions
    start: str
    nodes: Mapping[str, Node]
    queues: Mapping[str, QueueSettings]
    hours: Mapping[str, Calendar]
    surveys: Mapping[str, Survey]
    cases: Mapping[str, CaseKind]
    fallback_number: str | None = None  # dialled when nothing here works any more
    transfer_numbers: tuple[str, ...] = ()
    emergency: Emergency | None = None
    voices: Mapping[str, str] = field(default_factory=dict)  # language -> the carrier's name of a voice
    lists: Mapping[str, NumberList] = field(default_factory=dict)
    dispositions: Mapping[str, Words] = field(default_factory=dict)
    texts: Mapping[str, Words] = field(default_factory=dict)  # put into forms at the desk
    currency: str | None = None  # of all amounts, ISO 4217
    mail: Mapping[str, Mailbox] = field(default_factory=dict)  # by address
    contacts: Mapping[str, ContactKind] = field(default_factory=dict)  # kinds that differ from the usual ones
    alarms: AlarmLimits = AS_USUAL

    def due(self, kind: str) -> Due | None:
        """When a case of this kind is to be settled; None: no kind of ours, or it has no time."""
        its = self.cases.get(kind)
        if its is None or its.due is None:
            return None
        name = its.due_hours or next(iter(self.hours), None)
        return Due(*its.due, self.hours.get(name) if name else None)
