"""Told: a way through the tree in the words of whoever answers for it, and a name for its script's file."""

from __future__ import annotations

import re
from itertools import groupby
from zoneinfo import ZoneInfo

from ivr import heard as h
from ivr.menu import tree as t
from ivr.view.crawl.start import Start
from ivr.view.crawl.ways import Path, replayed
from ivr.view.telling import day_text, tell, title
from routing.queue import TOO_LONG

NAME_LENGTH_MAX = 90


def way_lines(tree: t.Tree, start: Start, heard: tuple[h.Heard, ...], language: str) -> list[str]:
    """One line for each thing that happens; the same thing again and again is one line."""
    steps = _at_nodes(tree, start, heard)
    zone = next((ZoneInfo(it.timezone) for it in tree.hours.values()), ZoneInfo("UTC"))
    at = start.at.astimezone(zone)
    told = [tell("crawl.did.rang", language, called=start.called, at=f"{day_text(at.date(), language)} {at:%H:%M}")]
    told += [_did(node, it, language) for node, it in steps]
    grouped = [(line, len(list(same))) for line, same in groupby(told)]
    return [f"{number}. {line}{f' ({n} ×)' if n > 1 else ''}" for number, (line, n) in enumerate(grouped, 1)]


def _at_nodes(tree: t.Tree, start: Start, heard: tuple[h.Heard, ...]) -> list[tuple[str, h.Heard]]:
    """At which node each was heard. The last step is not taken: it may be the one that fails."""
    nodes = [it.after.node for it in replayed(tree, Path(start, heard[:-1]))] if heard else []
    return list(zip(nodes, heard, strict=True))


def _did(node: str, heard: h.Heard, language: str) -> str:
    key, values = _key(heard)
    return tell(f"crawl.did.{key}", language, name=title(node), **values)


def _key(heard: h.Heard) -> tuple[str, dict[str, str]]:
    match heard:
        case h.Pressed(keys):
            return "pressed", {"keys": keys}
        case h.LeftByKey(key):
            return "exit", {"keys": key}
        case h.Spoke(words):
            return "spoke", {"words": words}
        case h.Overflowed(why):
            return ("too_long" if why == TOO_LONG else "nobody_there"), {}
        case h.Dialled(talked):
            return ("connected" if talked else "not_connected"), {}
        case h.LookedUp(found):
            return ("not_found" if found is None else "found"), {}
        case h.Recorded():
            return "recorded", {}
        case h.TalkEnded():
            return "talked", {}
        case h.WentOn():
            return "listened", {}
    return "silence", {}


def file_name(tree: t.Tree, path: Path, number: int) -> str:
    """`007_welcome_2_order_number_silence.call`: the keys pressed and what happened, at which steps."""
    parts: list[str] = []
    at = ""
    for node, heard in _at_nodes(tree, path.start, path.heard):
        key, values = _key(heard)
        parts += [*([node] if node != at else []), values.get("keys", key)]
        at = node
    plain = re.sub(r"[^a-z0-9_]+", "", "_".join(parts).replace("*", "star").replace("#", "hash").lower())
    return f"{number:03}_{plain[:NAME_LENGTH_MAX].strip('_') or 'rings'}.call"
