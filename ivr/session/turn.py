"""Turn: one step of one call - the call, its tree and the moment - and where a node sends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ivr import instruction as i
from ivr.call import Call
from ivr.menu import tree as t

YES, NO = "1", "2"

Instructions = list[i.Instruction]


@dataclass(slots=True)
class Turn:
    """What a step knows. `secrets` is what was typed in this very step and must be kept nowhere; `way` are the nodes
    that the call has come by in it."""

    call: Call
    tree: t.Tree
    now: datetime
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    way: list[str] = field(default_factory=list)

    def tell(self, text: str) -> i.Say:
        """A sentence of the engine's, in the caller's language."""
        return i.Say(text, self.call.language)

    def value(self, name: str) -> str:
        """What may be said under a name: what the caller typed or the tree noted, whichever came last; or nothing."""
        return self.call.noted.get(name) or self.call.typed.get(name, "")

    def known(self, name: str) -> str:
        """The same for what is compared or asked of others, secrets too."""
        return self.secrets.get(name) or self.value(name)

    def note(self, name: str, value: str) -> None:
        """Note a value under a name; what was known under it before is forgotten."""
        self.call.typed.pop(name, None)
        self.call.noted[name] = value


@dataclass(frozen=True, slots=True)
class Go:
    """Go to a node, saying this before. `person`: because the caller wants a person or cannot press keys."""

    to: str
    said: tuple[i.Instruction, ...] = ()
    person: bool = False


Answer = Instructions | Go
"""What a node answers: what the carrier does next, or where the call goes."""


def gather(
    said: Sequence[i.Instruction], digits_max: int, timeout_s: int, finish_on_key: str = "", **speech: object
) -> Instructions:
    """Say this and collect keys. What must be heard to its end is said before keys are taken."""
    errands = [it for it in said if isinstance(it, i.Errand)]
    prompts = [it for it in said if not isinstance(it, i.Errand)]
    firm = max((n for n, it in enumerate(prompts, 1) if not getattr(it, "barge_in", True)), default=0)
    asked = i.Gather(tuple(prompts[firm:]), digits_max, timeout_s, finish_on_key, **speech)
    return [*errands, *prompts[:firm], asked]
