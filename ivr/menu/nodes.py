"""Nodes: the kinds of node that a tree is made of, checked and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.menu.condition import Condition
from ivr.menu.place import NOWHERE, Place
from ivr.menu.words import NO_WORDS, Words

OPERATOR = "operator"
"""The node that the operator key and a lasting silence lead to; every hotline with a menu has it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """What follows when nothing, or nothing fitting, is pressed: the nth words at the nth failure (the last ones again
    when there are fewer; the engine's own when there are none), and after `tries` failures on to `then`."""

    tries: int = 2
    then: str = OPERATOR
    say: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """What one key of a menu means: go to a node, or speak another language and hear the menu again."""

    key: str
    label: Words = NO_WORDS
    goto: str | None = None
    language: str | None = None
    spoken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # language -> words that mean this option
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Menu:
    """A node where one key is pressed, or (`speech`) one of an option's words is said."""

    name: str
    words: Words
    options: tuple[Option, ...]
    short: Words | None = None  # said instead of `words` when the menu is heard again
    silence: Retry = Retry()
    wrong_key: Retry = Retry()
    timeout_s: int = 7
    barge_in: bool = True  # whether a key may be pressed before all is said
    speech: bool = False
    pause_between_ms: int = 0  # between two options
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Ask:
    """A node where digits are typed into a variable; read back for a yes when `confirm`.

    A `secret` entry (a PIN) is in no log, event or page, is not read back, and is forgotten once it has been used.
    """

    name: str
    words: Words
    into: str
    digits_min: int
    digits_max: int
    then: str
    pattern: str | None = None  # "47####": # stands for any digit; as long as digits_min and digits_max
    confirm: bool = False
    end_key: str | None = "#"  # None: the entry ends by itself, when it is complete or after inter_digit_s
    inter_digit_s: int = 3
    secret: bool = False
    short: Words | None = None
    silence: Retry = Retry()
    wrong_key: Retry = Retry()
    timeout_s: int = 7
    barge_in: bool = True
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Say:
    """A node that says something and goes on."""

    name: str
    words: Words
    goto: str
    barge_in: bool = True  # False: it is heard to its end (a legal notice)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Rule:
    """One case of a When: if the condition holds, go to `goto`."""

    condition: Condition
    goto: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class When:
    """A node that asks nothing and chooses the way: the first rule that holds, else `otherwise`."""

    name: str
    rules: tuple[Rule, ...]
    otherwise: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class SetVariables:
    """A node that notes values (which may hold `{placeholders}`) under names and goes on."""

    name: str
    values: Mapping[str, str]
    goto: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Split:
    """A node that sends a share of the calls each way, by a digest of the call's id: the same call, the same way."""

    name: str
    ways: Mapping[str, int]  # node -> percent; together 100
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Lookup:
    """A node that asks another system over https and notes what it answers; `otherwise` when it does not in time."""

    name: str
    url: str  # placeholders only in path and query
    into: Mapping[str, str]  # variable -> path in the JSON answer, "order.status", "lines.0.name"
    then: str
    otherwise: str
    budget_s: float = 2.0
    words: Words | None = None  # said before, while the caller waits
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Transfer:
    """A node that dials another number (one of the hotline's `transfer_numbers`) and ends with that conversation."""

    name: str
    number: str  # E.164
    otherwise: str  # busy, unanswered or out of order
    timeout_s: int = 25
    words: Words | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class QueueNode:
    """A node where the call waits for a representative, and where it goes on after the conversation."""

    name: str
    queue: str
    kind: str
    words: Words | None = None
    needs: Mapping[str, int] = field(default_factory=dict)  # skill -> least level; "{language}": the caller's language
    head_start_s: int = 0
    then: str | None = None  # after the conversation (a survey, say); None: the call ends
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Callback:
    """A node that promises to call back: confirms the caller's number, or asks for one, and waits in their place."""

    name: str
    queue: str
    kind: str
    then: str  # promised
    otherwise: str  # not wanted, or no number to be had
    words: Words | None = None
    needs: Mapping[str, int] = field(default_factory=dict)
    head_start_s: int = 0
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Record:
    """A node where the caller leaves a message, which becomes a case of `kind`."""

    name: str
    words: Words
    kind: str
    then: str
    max_length_s: int = 120
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Sms:
    """A node that sends a text to the caller's number, if it is known and can have one, and goes on."""

    name: str
    words: Words
    goto: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class SurveyNode:
    """A node that asks the questions of a survey and goes on."""

    name: str
    survey: str
    then: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Goto:
    """A node that is another name for a node."""

    name: str
    goto: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class End:
    """A node that says good-bye and hangs up."""

    name: str
    words: Words | None = None
    place: Place = NOWHERE


Node = (
    Menu | Ask | Say | When | SetVariables | Split | Lookup | Transfer | QueueNode | Callback | Record | Sms
    | SurveyNode | Goto | End
)  # fmt: skip
