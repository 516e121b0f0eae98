"""Check: what callers would meet in a tree that reads well - missing targets, traps, silent loops, dead text."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from ivr.menu.amount import ANSWER_BYTES_MAX, told_at_once
from ivr.menu.condition import CallerIs, HoursAre, parts
from ivr.menu.fault import Said, cut, meant, say
from ivr.menu.notes import Notes, Reference
from ivr.menu.place import Place
from ivr.menu.tree import (
    OPERATOR,
    Ask,
    Callback,
    End,
    Goto,
    Menu,
    QueueNode,
    Record,
    Say,
    SetVariables,
    Sms,
    SurveyNode,
    Transfer,
    Tree,
    When,
)
from ivr.menu.ways import ways_out, ways_without_input
from routing.kind import CONSULT, KINDS

LOOPS_TOLD_MAX = 10

PLACEHOLDERS = ("next_opening", "caller_number")
"""What may stand in braces anywhere, besides what callers type, what is set and what is looked up."""

SORTS = ("menu", "queue", "calendar", "survey", "kind", "list", "disposition", "called", "transfer number")
"""What a name may be of that must be given somewhere; each has its own message, `S101.menu`."""

CONTACT_KIND = "contact kind"
"""The sort of names that stand under `contacts`."""

OWN_KINDS_MAX = 8
"""So many kinds of contacts a hotline may have besides those that there are."""

PASSING = Goto | Say | SetVariables | Sms | SurveyNode
"""Where a call only passes through, on the one way there is."""

FREEING = QueueNode | Callback | Record | Transfer | End
"""Where a caller has reached a person, a promise, a message or the end."""


def check_tree(tree: Tree, notes: Notes) -> None:
    """Note every fault of a tree that was read; `notes` knows where names were used and where they are given."""
    sound = _check_references(notes)
    every_node = len(tree.nodes) == len(notes.known.get("menu", ())) and "menu" not in notes.unread
    if every_node:  # else the one that could not be read may be where a name is given
        _check_variables(tree, notes)
    _check_recordings(notes)
    _check_keys(tree, notes)
    _check_forms(tree, notes)
    _check_contacts(tree, notes)
    if sound and every_node and _is_whole(tree):
        looping = _check_loops(tree, notes)
        trapped = _check_traps(tree, notes, looping)
        if not looping:
            _check_amounts(tree, notes)
            _check_returns(tree, notes)
        if not looping and not trapped and not any(fault.severity == "error" for fault in notes.faults):
            _check_reach(tree, notes)  # what could not be read may be what leads there


def _check_references(notes: Notes) -> bool:
    sound = True
    for use in notes.references:
        known = notes.known.get(use.sort, {})
        if use.sort not in SORTS or use.name in known:
            continue
        sound = False
        if use.sort in notes.unread:
            continue
        if notes.full:
            break
        said = say(f"S101.{use.sort.replace(' ', '_')}", name=cut(use.name))
        notes.error(use.place, use.end_column, said, _likely(use, known))
    if OPERATOR not in notes.known.get("menu", {}) and "menu" not in notes.unread:
        sound = False
        at = next(iter(notes.known.get("menu", {}).values()), Place(next(iter(notes.sources)), 1, 1))
        notes.error(at, at.column + 1, say("S104.nobody"), say("hint.add_operator", name=OPERATOR))
    return sound


def _likely(use: Reference, known: Mapping[str, Place]) -> Said | None:
    hint = meant(use.name, known, tell=True)
    if hint is None or "name" not in hint.values:
        return hint
    place = known[hint.values["name"]]
    return say("hint.did_you_mean_at", name=hint.values["name"], place=f"{place.file}:{place.line}")


def _is_whole(tree: Tree) -> bool:
    """Whether every way leads somewhere; an entry that is missing or faulty leaves a hole, which is told elsewhere."""
    if tree.start not in tree.nodes or (tree.emergency and tree.emergency.goto not in tree.nodes):
        return False
    queued = (node.queue for node in tree.nodes.values() if isinstance(node, QueueNode | Callback))
    return all(queue in tree.queues for queue in queued) and all(
        target in tree.nodes for node in tree.nodes.values() for target in ways_out(tree, node)
    )


def _check_variables(tree: Tree, notes: Notes) -> None:
    asks = [node for node in tree.nodes.values() if isinstance(node, Ask)]
    known = [*PLACEHOLDERS, *notes.known.get("variable", {})]
    secret = {ask.into for ask in asks if ask.secret and ask.into}
    for use in notes.references:
        missed = use.name not in known and use.name not in use.also
        if missed and "variable" in notes.unread:
            continue  # it may be the one that could not be read
        if use.sort == "variable" and missed:
            hint = meant(use.name, known, tell=True)
            notes.error(use.place, use.end_column, say("S101.variable", name=cut(use.name)), hint)
        elif use.sort in ("placeholder", "looked_up"):
            if missed:
                hint = meant(f"{{{use.name}}}", [f"{{{name}}}" for name in (*known, *use.also)], tell=True)
                notes.error(use.place, use.end_column, say("P214", name=f"{{{cut(use.name)}}}"), hint)
            elif use.sort == "placeholder" and use.name in secret:
                notes.error(use.place, use.end_column, say("P216", name=use.name), say("hint.take_it_out"))


def _check_recordings(notes: Notes) -> None:
    for use in notes.references if notes.recordings is not None else ():
        if use.sort == "recording" and use.name not in notes.recordings:
            hint = meant(use.name, notes.recordings, tell=True)
            notes.error(use.place, use.end_column, say("P224", name=cut(use.name)), hint)


def _check_keys(tree: Tree, notes: Notes) -> None:
    keys = tree.conventions
    meanings = {keys.operator: "operator", keys.back: "back", keys.repeat: "repeat", keys.end: "end"}
    groups = [node.options for node in tree.nodes.values() if isinstance(node, Menu)]
    for option in (option for group in [*groups, *(it.exits for it in tree.queues.values())] for option in group):
        if option.key in meanings:
            said = say(f"K203.{meanings[option.key]}", key=option.key)
            notes.error(option.place, option.place.column + 3, said, say("hint.another_key"))


def _check_contacts(tree: Tree, notes: Notes) -> None:
    """What interrupts what: kinds that there are, and that can be put aside."""
    kinds = {**KINDS, **{name: it.kind for name, it in tree.contacts.items()}}
    given = notes.known.get(CONTACT_KIND, {})
    known = {*kinds, *given} - {CONSULT}
    for name in [name for name in given if name not in KINDS][OWN_KINDS_MAX:][:1]:
        place = given[name]
        notes.error(place, place.column + len(name), say("Q421", most=OWN_KINDS_MAX), say("hint.take_it_out"))
    for use in notes.references:
        if use.sort != CONTACT_KIND:
            continue
        if use.name not in known:
            said = say("S101.contact_kind", name=cut(use.name))
            notes.error(use.place, use.end_column, said, meant(use.name, known, tell=True))
        elif use.name in kinds and kinds[use.name].live:
            notes.error(use.place, use.end_column, say("Q418", name=use.name), say("hint.take_it_out"))


def _check_forms(tree: Tree, notes: Notes) -> None:
    for survey in tree.surveys.values():
        if "call_back" in (survey.by, survey.missed) and survey.later.hours is None:
            hint = say("hint.for_example", example="later: {hours: office}")
            notes.error(survey.place, survey.place.column + len(survey.name), say("V716"), hint)
    for kind in tree.cases.values():
        if kind.due and "working" in kind.due[1] and not notes.known.get("calendar") and "calendar" not in notes.unread:
            notes.error(kind.place, kind.place.column + len(kind.name), say("V713"), say("hint.add_hours"))
        money = {field.name for field in kind.fields if field.kind == "money"}
        for field in kind.fields:
            if field.against and (field.name not in money or field.against not in money - {field.name}):
                said = say("V714", name=cut(field.name))
                names = sorted(money - {field.name})
                hint = meant(field.against, names, tell=True) if names else say("hint.take_it_out")
                notes.error(field.place, field.place.column + len(field.name), said, hint)


def _check_traps(tree: Tree, notes: Notes, looping: Container[str]) -> bool:
    """Tell of nodes without a way out, except those told as loops; whether there are any."""
    unread = {name for name, node in tree.nodes.items() if not ways_out(tree, node)}  # why is told already
    freeing = unread | {name for name, node in tree.nodes.items() if isinstance(node, FREEING)}
    comes_from: dict[str, list[str]] = {name: [] for name in tree.nodes}
    for name, node in tree.nodes.items():
        for target in ways_out(tree, node):
            comes_from[target].append(name)
    free = _reached(freeing, lambda name: comes_from[name])
    trapped = [name for name in tree.nodes if name not in free and name not in looping]
    for name in trapped:
        place = tree.nodes[name].place
        notes.error(place, place.column + len(name), say("S103", name=cut(name)))
    return bool(trapped)


def _check_returns(tree: Tree, notes: Notes) -> None:
    """Tell of messages and queues that callers are led back to, again and again, whatever they do."""
    for name, node in tree.nodes.items():
        if isinstance(node, Record) and name in _straight_on(tree, node.then):
            said = say("S138", name=cut(name))
            notes.error(node.place, node.place.column + len(name), said, say("hint.lead_on"))
    for name, queue in tree.queues.items():
        ends = {_straight_on(tree, target)[-1] for target in (queue.overflow, *queue.overflow_when.values())}
        if any(isinstance(node, QueueNode) and node.queue == name for node in (tree.nodes[it] for it in ends)):
            notes.error(queue.place, queue.place.column + len(name), say("Q416", name=cut(name)), say("hint.lead_on"))


def _straight_on(tree: Tree, name: str) -> list[str]:
    """A node and those that follow on it, as long as there is one way and nobody is asked anything."""
    passed: dict[str, None] = {}
    while name not in passed:
        passed[name] = None
        node = tree.nodes[name]
        if isinstance(node, PASSING):
            name = ways_out(tree, node)[0]
    return list(passed)


def _check_amounts(tree: Tree, notes: Notes) -> None:
    """Tell of nodes where callers are told more at once than one answer holds; not again of those that lead there."""
    amounts = told_at_once(tree)
    for name, node in tree.nodes.items():
        following = max((amounts[target] for target in ways_without_input(tree, node)), default=0)
        if amounts[name] > ANSWER_BYTES_MAX >= following:
            said = say("S123", most=ANSWER_BYTES_MAX // 1000, size=-(-amounts[name] // 1000))
            notes.error(node.place, node.place.column + len(name), said, say("S123.hint"))


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
        said = say("S111", names=" → ".join([*loop[:9], loop[0]]))
        notes.error(place, place.column + len(loop[0]), said, say("hint.let_one_ask"))
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
    roots = {tree.start, OPERATOR, *([tree.emergency.goto] if tree.emergency else [])}
    reached = _reached(roots, lambda name: ways_out(tree, tree.nodes[name]))
    for name, node in tree.nodes.items():
        if name not in reached:
            notes.warning(node.place, node.place.column + len(name), say("S102.menu", name=cut(name)))
    nodes = tree.nodes.values()
    asked = [it for node in nodes if isinstance(node, When) for rule in node.rules for it in parts(rule.condition)]
    stood_in = {node.queue for node in nodes if isinstance(node, QueueNode | Callback)}
    _unused(notes, "queue", stood_in | {it.queue for it in tree.mail.values()})
    counted = {it.due_hours for it in tree.cases.values() if it.due_hours}
    counted |= {it.later.hours for it in tree.surveys.values() if it.later.hours}
    _unused(notes, "calendar", {it.calendar for it in asked if isinstance(it, HoursAre)} | counted)
    _unused(notes, "list", {name for it in asked if isinstance(it, CallerIs) for name in it.lists})
    if not any(isinstance(node, QueueNode) for node in nodes):  # else representatives may hand callers on to them
        _unused(notes, "transfer number", {node.number for node in nodes if isinstance(node, Transfer)})


def _unused(notes: Notes, sort: str, used: set[str]) -> None:
    for name, place in notes.known.get(sort, {}).items():
        if name not in used:
            said = say(f"S102.{sort.replace(' ', '_')}", name=cut(name))
            notes.warning(place, place.column + len(name), said)


def _reached(roots: Iterable[str], ways: Callable[[str], Iterable[str]]) -> Mapping[str, None]:
    seen = dict.fromkeys(roots)
    todo = list(seen)
    while todo:
        for target in ways(todo.pop()):
            if target not in seen:
                seen[target] = None
                todo.append(target)
    return seen
