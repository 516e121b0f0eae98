"""Instruction: what we ask the carrier to do next, and the errands that we do ourselves meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text` in `language` (a code of the tree: en, de, sr, es), then be silent for `pause_ms`.

    Without `barge_in` it is heard to its end, whatever is pressed.
    """

    text: str
    language: str
    barge_in: bool = True
    pause_ms: int = 0


@dataclass(frozen=True, slots=True)
class Play:
    """Play one of our sounds by its name (`music`)."""

    sound: str


@dataclass(frozen=True, slots=True)
class PlayRecording:
    """Play a recording of the hotline; where its file is gone, `say` is spoken instead."""

    file: str
    say: Say

    @property
    def barge_in(self) -> bool:
        """Whether a key may cut it short."""
        return self.say.barge_in


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent for a while."""

    length_s: int


Prompt = Say | Play | PlayRecording | Pause
"""What is heard."""


@dataclass(frozen=True, slots=True)
class Gather:
    """Say `prompts` and collect up to `digits_max` keys; silence of `timeout_s`, also between two keys, ends it.

    `finish_on_key` ends the entry early and is not part of it; empty: every key is data. With `speech` words may be
    said instead, in `language`; `hints` are those that are expected. What is collected goes to the address `door`.
    """

    prompts: tuple[Prompt, ...]
    digits_max: int
    timeout_s: int
    finish_on_key: str
    speech: bool = False
    hints: tuple[str, ...] = ()
    language: str = ""
    door: str = "step"


@dataclass(frozen=True, slots=True)
class Record:
    """Beep and record until silence, a key, a hang-up or `length_max_s`."""

    length_max_s: int


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Let the call wait in the carrier's queue of this name."""

    queue: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Let the call leave the carrier's queue; only while it waits there."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Put the call into the conference of this name."""

    conference: str


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring another number for `timeout_s` and join the caller to it; what came of it goes to the address `door`."""

    number: str
    timeout_s: int
    door: str = "dialed"


@dataclass(frozen=True, slots=True)
class GoOn:
    """Ask us again at the address `door` when all before is heard, after being silent for `after_s`."""

    door: str
    after_s: int = 0


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Text:
    """Errand: send a text message to a number."""

    to: str
    body: str


@dataclass(frozen=True, slots=True)
class LookUp:
    """Errand: ask another system within `budget_s` and keep `into`: variable -> path in its JSON answer."""

    url: str = field(repr=False)  # may hold what the caller typed, a PIN even
    into: Mapping[str, str]
    budget_s: float


@dataclass(frozen=True, slots=True)
class CallBack:
    """Errand: promise to call `number` (E.164) back, at the node of the tree where this was asked for."""

    number: str
    node: str


@dataclass(frozen=True, slots=True)
class AskLater:
    """Errand: ask the survey of the node `node` later, by a call of its own (`call_back`) or by a `link`."""

    way: str
    node: str


Errand = Text | LookUp | CallBack | AskLater
"""What we do ourselves; the carrier hears nothing of it."""

Instruction = Prompt | Gather | Record | Enqueue | Leave | Connect | Dial | GoOn | Hangup | Errand
