"""Check: what callers would meet in a tree that reads well - missing targets, traps, silent loops, dead text."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from ivr.menu.condition import parts
from ivr.menu.fault import quoted
from ivr.menu.form import Notes, meant
from ivr.menu.tree import (
    OPERATOR,
    Ask,
    End,
    HoursAre,
    Menu,
    Place,
    QueueNode,
    Record,
    Rule,
    Tree,
    When,
)
from ivr.menu.ways import ways_out, ways_without_input

LOOPS_TOLD_MAX = 10

PLACEHOLDERS = ("next_opening",)
"""What may stand in braces besides the variables that callers type."""


def check_tree(tree: Tree, notes: Notes) -> None:
    """Note every fault of a tree that was read; `notes` knows where names were used and where they are given."""
    sound = _check_references(notes)
    _check_placeholders(tree, notes)
    _check_keys(tree, notes)
    if sound and len(tree.nodes) == len(notes.known.get("menu", ())) and _is_whole(tree):
        looping = _check_loops(tree, notes)
        trapped = _check_traps(tree, notes, looping)
        if not looping and not trapped:
            _check_reach(tree, notes)


def _check_references(notes: Notes) -> bool:
    sound = True
    for reference in notes.references:
        known = notes.known.get(reference.sort, {})
        if reference.name in known:
            continue
        sound = False
        if notes.full:
            break
        hint = meant(reference.name, known)
        close = hint.removeprefix('did you mean "').removesuffix('"?')
        if close in known:
            hint = f'did you mean "{close}" ({known[close].file}:{known[close].line})?'
        message = f"There is no {reference.sort} called {quoted(reference.name)}."
        notes.error(reference.place, reference.end_column, message, "S101", hint)
    if OPERATOR not in notes.known.get("menu", {}):
        sound = False
        hint = f"add {OPERATOR}: with a queue"
        at = next(iter(notes.known.get("menu", {}).values()), Place(next(iter(notes.sources)), 1, 1))
        notes.error(at, at.column + 1, "Callers who press for a person reach nobody.", "S104", hint)
    return sound


def _is_whole(tree: Tree) -> bool:
    """Whether every way leads somewhere; an entry that is missing or faulty leaves a hole, which is told elsewhere."""
    if tree.start not in tree.nodes:
        return False
    queued = (node.queue for node in tree.nodes.values() if isinstance(node, QueueNode))
    return all(queue in tree.queues for queue in queued) and all(
        target in tree.nodes for node in tree.nodes.values() for target in ways_out(tree, node)
    )


def _check_placeholders(tree: Tree, notes: Notes) -> None:
    known = [*PLACEHOLDERS, *(node.into for node in tree.nodes.values() if isinstance(node, Ask))]
    for use in notes.placeholders:
        if use.name not in known:
            names = [f"{{{name}}}" for name in known]
            hint = meant(f"{{{use.name}}}", names, tell=True)
            notes.error(use.place, use.end_column, f"{{{use.name}}} is not known here.", "P214", hint)


def _check_keys(tree: Tree, notes: Notes) -> None:
    conventions = tree.conventions
    reserved = {
        conventions.operator: "brings a person",
        conventions.back: "goes one step back",
        conventions.repeat: "repeats the menu",
    }
    for node in tree.nodes.values():
        for option in node.options if isinstance(node, Menu) else ():
            if option.key in reserved:
                message = f"Key {option.key} {reserved[option.key]} everywhere; it cannot mean something else here."
                notes.error(option.place, option.place.column + 3, message, "K203", "take another key")


def _check_traps(tree: Tree, notes: Notes, looping: Container[str]) -> bool:
    """Tell of nodes without a way out, except those told as loops; whether there are any."""
    freeing = {name for name, node in tree.nodes.items() if isinstance(node, QueueNode | Record | End)}
    comes_from: dict[str, list[str]] = {name: [] for name in tree.nodes}
    for name, node in tree.nodes.items():
        for target in ways_out(tree, node):
            comes_from[target].append(name)
    free = _reached(freeing, lambda name: comes_from[name])
    trapped = [name for name in tree.nodes if name not in free and name not in looping]
    for name in trapped:
        place = tree.nodes[name].place
        message = f"From {quoted(name)} no key leads to a person, a queue, a message or the end: callers are trapped."
        notes.error(place, place.column + len(name), message, "S103")
    return bool(trapped)


def _check_loops(tree: Tree, notes: Notes) -> set[str]:
    """Tell of loops that need nothing of the caller; the nodes that are on them."""
    looping: set[str] = set()
    ways = {name: ways_without_input(tree, node) for name, node in tree.nodes.items()}
    for _ in range(LOOPS_TOLD_MAX):
        loop = _a_loop(ways)
        if not loop:
            break
        looping |= set(loop)
        place = tree.nodes[loop[0]].place
        message = f"Callers would go round and round without being asked: {' → '.join([*loop[:9], loop[0]])}."
        notes.error(place, place.column + len(loop[0]), message, "S111", "let one of them ask, record or end")
        for name in loop:
            ways[name] = []  # told; the next one, please
    return looping


def _a_loop(ways: Mapping[str, list[str]]) -> list[str]:
    """The nodes of one loop among the ways, from its first written one on; empty when there is none."""
    leads_on = {name: len(targets) for name, targets in ways.items()}
    comes_from: dict[str, list[str]] = {name: [] for name in ways}
    for name, targets in ways.items():
        for target in targets:
            comes_from[target].append(name)
    ends = [name for name, count in leads_on.items() if count == 0]
    while ends:  # take away what leads nowhere, again and again: what is left leads into a loop
        name = ends.pop()
        for before in comes_from[name]:
            leads_on[before] -= 1
            if leads_on[before] == 0:
                ends.append(before)
    left = [name for name, count in leads_on.items() if count > 0]
    if not left:
        return []
    path: dict[str, None] = {}
    name = left[0]
    while name not in path:
        path[name] = None
        name = next(target for target in ways[name] if leads_on[target] > 0)
    loop = list(path)[list(path).index(name) :]
    written = {name: number for number, name in enumerate(ways)}
    first = loop.index(min(loop, key=written.__getitem__))
    return loop[first:] + loop[:first]


def _check_reach(tree: Tree, notes: Notes) -> None:
    reached = _reached({tree.start, OPERATOR}, lambda name: ways_out(tree, tree.nodes[name]))
    for name, node in tree.nodes.items():
        if name not in reached:
            message = f"No caller can reach the menu {quoted(name)}."
            notes.warning(node.place, node.place.column + len(name), message, "S102")
    waited_in = {node.queue for node in tree.nodes.values() if isinstance(node, QueueNode)}
    _unused(notes, "queue", waited_in, "No caller can wait in the queue")
    rules: Iterable[Rule] = (rule for node in tree.nodes.values() if isinstance(node, When) for rule in node.rules)
    _unused(
        notes,
        "calendar",
        {it.calendar for rule in rules for it in parts(rule.condition) if isinstance(it, HoursAre)},
        "Nothing depends on the calendar",
    )


def _unused(notes: Notes, sort: str, used: set[str], complaint: str) -> None:
    for name, place in notes.known.get(sort, {}).items():
        if name not in used:
            notes.warning(place, place.column + len(name), f"{complaint} {quoted(name)}.", "S102")


def _reached(roots: Iterable[str], ways: Callable[[str], Iterable[str]]) -> Mapping[str, None]:
    seen = dict.fromkeys(roots)
    todo = list(seen)
    while todo:
        for target in ways(todo.pop()):
            if target not in seen:
                seen[target] = None
                todo.append(target)
    return seen
