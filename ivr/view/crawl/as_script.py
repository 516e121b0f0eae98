"""As script: a path through the tree written down as the call script that goes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from ivr import heard as h
from ivr import instruction as i
from ivr.menu import tree as t
from ivr.view.cover.reached import Stepped
from ivr.view.crawl.walk import last_of
from ivr.view.crawl.ways import Path, replayed
from routing.queue import TOO_LONG

AGENT = "anna"
WORDS_HEARD = 6
"""Words of a sentence that a script waits for: enough to know it again, few enough to survive a change behind them."""


def can_be_scripted(path: Path) -> bool:
    """Whether a script can bring it about: what another system answers does not stand in one."""
    return not any(isinstance(it, h.LookedUp) and it.found is not None for it in path.heard)


def script(tree: t.Tree, path: Path, about: Sequence[str] = ()) -> str:
    """The text of a call script; `about` are comments above it."""
    steps = replayed(tree, path)
    zone = next((ZoneInfo(it.timezone) for it in tree.hours.values()), ZoneInfo("UTC"))
    head = f"call from {path.start.caller} to {path.start.called} at {path.start.at.astimezone(zone).isoformat()}"
    people = [*_agent(steps), *_lines(tree, steps)]
    lines = [line for before, it in zip([None, *steps], steps, strict=False) for line in _step(tree, before, it)]
    over = isinstance(last_of(steps[-1]), i.Hangup)
    ending = "expect ended by app" if over else "hang up"
    comments = [f"# {' '.join(it.split())}" for it in about]
    return "\n".join([*comments, head, *people, "", *lines, ending]) + "\n"


def _agent(steps: Sequence[Stepped]) -> Iterator[str]:
    """Somebody at the desk who does what the path needs of them: talk, or be there and not come."""
    waits = [it.heard for it in steps if isinstance(it.heard, h.TalkEnded | h.LeftByKey | h.Overflowed)]
    needed = [it for it in waits if not isinstance(it, h.Overflowed) or it.why == TOO_LONG]
    if not needed:
        return
    yield ""
    yield f"agent {AGENT}"
    away = False
    for number, wait in enumerate(needed):
        if isinstance(wait, h.TalkEnded):
            yield from ["  ready"] if away else ["  wrap up after 1s"] if number else []
            yield from ("  accept after 5s", "  hang up after 20s")
        elif not away:
            yield "  pause break"
        away = not isinstance(wait, h.TalkEnded)


def _lines(tree: t.Tree, steps: Sequence[Stepped]) -> Iterator[str]:
    """Who is called by a transfer, and what they do."""
    does: dict[str, str] = {}
    for it in steps:
        node = tree.nodes.get(it.before.node)
        if isinstance(it.heard, h.Dialled) and isinstance(node, t.Transfer):
            does[node.number] = "answers after 2s and hangs up after 20s" if it.heard.talked else "is busy"
    yield from (f"line {number} {what}" for number, what in does.items())


def _step(tree: t.Tree, before: Stepped | None, it: Stepped) -> Iterator[str]:
    """What the caller does, and what they hear then."""
    if before is not None:
        yield from _done(tree, before, it.heard)
    words = _first_words(it)
    if words:
        yield f"hear ~ {words}"


def _done(tree: t.Tree, before: Stepped, heard: h.Heard) -> Iterator[str]:
    node = tree.nodes[before.after.node]
    match heard:
        case h.Pressed(keys):
            yield f"press {keys}{_ended(before, keys)}"
        case h.Spoke(words):
            yield f'say "{words}"'
        case h.Silence():
            yield "silence"
        case h.Recorded(_, length_s):
            yield f"leave a message of {length_s}s"
        case h.TalkEnded() if isinstance(node, t.QueueNode):
            yield f"expect queued {node.queue} position 1"
            yield f"expect talking to {AGENT}"
        case h.Overflowed(why) if isinstance(node, t.QueueNode):
            if why == TOO_LONG:
                yield f"expect queued {node.queue}"
                yield f"wait {tree.queues[node.queue].queue.max_wait_s}s"
        case h.LeftByKey(key) if isinstance(node, t.QueueNode):
            yield f"expect queued {node.queue}"
            option = next(it for it in tree.queues[node.queue].exits if it.key == key)
            if words := "" if option.label.recordings else _plain(option.label[before.after.language]):
                yield f"hear ~ {words}"
            yield f"press {key}"
        case h.Dialled() if isinstance(node, t.Transfer):
            yield f"expect dialed {node.number}"


def _ended(before: Stepped, keys: str) -> str:
    """The key that ends an entry, where one is awaited and the entry is not complete without."""
    asked = last_of(before)
    return asked.finish_on_key if isinstance(asked, i.Gather) and len(keys) < asked.digits_max else ""


def _first_words(it: Stepped) -> str:
    """The beginning of the first thing that is spoken in a step, in a form that can stand in a script."""
    for said in it.said:
        spoken = said.prompts if isinstance(said, i.Gather) else (said,)
        for part in spoken:
            if isinstance(part, i.Say):
                return _plain(part.text)
            if isinstance(part, i.PlayRecording):
                return ""
    return ""


def _plain(text: str) -> str:
    words = "".join(it if it.isalnum() or it in " ,.?!'-" else " " for it in text).split()
    words = [word for word in words if any(it.isalnum() for it in word)][:WORDS_HEARD]
    return " ".join(words).strip(" ,.?!-'")
