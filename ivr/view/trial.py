"""Trial: a call tried in the page - what was pressed so far, played through the session anew, and what may come next.

Nothing is kept between two presses: the same presses at the same moment give the same call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr import heard as h
from ivr import instruction as i
from ivr.call import Call
from ivr.menu import tree as t
from ivr.session import lookup, step
from ivr.view.crawl.walk import prepare
from ivr.view.rehearsal import CALLER, Line, Stage, parts
from routing.queue import NOBODY_THERE, TOO_LONG

PRESSES_MAX = 100
KEYS_MAX = 20
KEYPAD = "123456789*0#"
DOCUMENTS_MAX = 5
"""Answers that only say something and then go on; more are not listened to."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing the caller did (empty: the call came in), and all that was said then; `at` is where the call stood."""

    did: str
    said: tuple[Line | Stage, ...]
    at: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The call so far. `next`: what may be done now, as words for `tried`; `keys`: whether the keypad is on.

    `fault`: why the call cannot go on, if the tree does not let it.
    """

    exchanges: tuple[Exchange, ...]
    next: tuple[str, ...]
    keys: bool
    over: bool
    fault: str = ""


def tried(tree: t.Tree, called: str, language: str, at: datetime, did: Sequence[str]) -> Trial:
    """Play what was done so far: `key 2`, `keys 4711`, `silence`, `leave message`, `answered`, `overflow too long` ...

    What cannot be done where the call then stands ends the trial there.
    """
    call = Call("trial", tree.hotline, tree.version, CALLER, called, language, at)
    exchanges: list[Exchange] = []
    last: i.Instruction = i.Hangup()
    for words in ("", *did[:PRESSES_MAX]):
        heard = h.Rang() if not words else _heard(words, tree, call, last)
        if heard is None:
            break
        prepare(call, heard, at)
        try:
            said, last = _said(call, heard, tree, at)
        except (AssertionError, LookupError, RecursionError, ValueError) as error:
            return Trial(tuple(exchanges), (), False, True, str(error) or type(error).__name__)
        exchanges.append(Exchange(words, said, call.node))
        if isinstance(last, i.Hangup):
            return Trial(tuple(exchanges), (), False, True)
    return Trial(tuple(exchanges), tuple(_next(tree, call, last)), isinstance(last, i.Gather), False)


def _said(call: Call, heard: h.Heard, tree: t.Tree, at: datetime) -> tuple[tuple[Line | Stage, ...], i.Instruction]:
    found: list[Line | Stage] = []
    for _ in range(DOCUMENTS_MAX):
        said = step(call, heard, tree, at)
        found += [part for it in said for part in parts(it)]
        last = next((it for it in reversed(said) if not isinstance(it, i.Errand)), i.Hangup())
        if not isinstance(last, i.GoOn) or last.door == lookup.DOOR:
            break
        heard = h.WentOn()
    return tuple(found), last


def _next(tree: t.Tree, call: Call, last: i.Instruction) -> Iterator[str]:
    """What may happen besides pressing keys."""
    match last:
        case i.GoOn():
            yield from ("looked up nothing", "looked up something")
        case i.Enqueue(queue):
            yield from ("answered", f"overflow {NOBODY_THERE}", f"overflow {TOO_LONG}")
            yield from (f"exit {option.key}" for option in tree.queues[queue].exits)
        case i.Dial():
            yield from ("dialled and talked", "dialled in vain")
        case i.Record():
            yield from ("leave message", "silence")
        case i.Gather():
            yield "silence"


def _heard(words: str, tree: t.Tree, call: Call, last: i.Instruction) -> h.Heard | None:
    """What these words are, if they can be heard now."""
    verb, _, rest = words.partition(" ")
    if isinstance(last, i.Gather) and verb in ("key", "keys"):
        pressed = bool(rest) and len(rest) <= KEYS_MAX and set(rest) <= set(KEYPAD)
        return h.Pressed(rest.rstrip(last.finish_on_key) or rest) if pressed else None
    if words not in _next(tree, call, last):
        return None
    node = tree.nodes[call.node]
    into = node.into if isinstance(node, t.Lookup) else ()
    match verb:
        case "silence":
            return h.Silence()
        case "answered":
            return h.TalkEnded()
        case "overflow":
            return h.Overflowed(rest)
        case "exit":
            return h.LeftByKey(rest)
        case "dialled":
            return h.Dialled(rest == "and talked")
        case "leave":
            return h.Recorded("RE" + "0" * 32, 8)
    return h.LookedUp(dict.fromkeys(into, "1") if rest == "something" else None)
