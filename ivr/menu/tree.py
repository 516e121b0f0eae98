"""Tree: one hotline as it was published - every node, queue, calendar and survey, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing.hours import Calendar
from routing.queue import Queue

Words = Mapping[str, str]
"""What is said, by language code (`en de sr es`); `sr` is Cyrillic. May hold `{placeholders}`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written: file, line and column, the latter two counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Option:
    """What one key of a menu means: go to a node, or speak another language and hear the menu again."""

    key: str
    label: Words
    goto: str | None
    language: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Silence:
    """What follows when nothing, or nothing fitting, is pressed `tries` times: never a hang-up."""

    tries: int
    then: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A node where one key is pressed."""

    name: str
    words: Words
    options: tuple[Option, ...]
    silence: Silence
    timeout_s: int
    place: Place


@dataclass(frozen=True, slots=True)
class Ask:
    """A node where digits are typed into a variable; read back for a yes when `confirm`."""

    name: str
    words: Words
    into: str
    digits_min: int
    digits_max: int
    confirm: bool
    then: str
    silence: Silence
    timeout_s: int
    place: Place


@dataclass(frozen=True, slots=True)
class Say:
    """A node that says something and goes on."""

    name: str
    words: Words
    goto: str
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """One case of a When: if calendar `hours` is open (or closed), go to `goto`."""

    hours: str
    is_open: bool
    goto: str


@dataclass(frozen=True, slots=True)
class When:
    """A node that asks nothing and chooses the way: the first rule that holds, else `otherwise`."""

    name: str
    rules: tuple[Rule, ...]
    otherwise: str
    place: Place


@dataclass(frozen=True, slots=True)
class QueueNode:
    """A node where the call waits for a representative, and where it goes on after the conversation."""

    name: str
    queue: str
    kind: str
    words: Words | None
    needs: Mapping[str, int]  # skill -> least level; "{language}" stands for the caller's language
    head_start_s: int
    then: str | None  # after the conversation (a survey, say); None: the call ends
    place: Place


@dataclass(frozen=True, slots=True)
class Record:
    """A node where the caller leaves a message, which becomes a case of `kind`."""

    name: str
    words: Words
    kind: str
    max_length_s: int
    then: str
    place: Place


@dataclass(frozen=True, slots=True)
class SurveyNode:
    """A node that asks the questions of a survey and goes on."""

    name: str
    survey: str
    then: str
    place: Place


@dataclass(frozen=True, slots=True)
class Goto:
    """A node that is another name for a node."""

    name: str
    goto: str
    place: Place


@dataclass(frozen=True, slots=True)
class End:
    """A node that says good-bye and hangs up."""

    name: str
    words: Words | None
    place: Place


Node = Menu | Ask | Say | When | QueueNode | Record | SurveyNode | Goto | End


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a survey: what is asked and which keys answer it."""

    name: str
    words: Words
    keys: tuple[str, ...]  # ("1", "2") for yes and no, ("1" .. "5") for a scale


@dataclass(frozen=True, slots=True)
class Survey:
    """What a caller is asked after the conversation: consent and length first, then the questions."""

    name: str
    intro: Words
    questions: tuple[Question, ...]
    thanks: Words


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a case form: its label, whether it must be filled, and the choices if it has them."""

    name: str
    label: Words
    required: bool
    choices: Mapping[str, Words]  # value -> label; empty: free text
    lines: int


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case (order, claim, question, suggestion) and the fields of its form."""

    name: str
    label: Words
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Conventions:
    """The keys that mean the same everywhere: a person, one step back, hear it again."""

    operator: str
    back: str
    repeat: str


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """A queue and the node its callers go to when they have waited too long or nobody is there."""

    queue: Queue
    overflow: str
    announce_every_s: int


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
    fallback_number: str | None  # dialled when nothing here works any more
