"""S: the shape of the tree - where callers get, how far it is, and how many choices they hear."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from ivr.lint.fix import Edit, Fix
from ivr.lint.rule import Finding, Limits, Severity, rule, told_by_check
from ivr.lint.subject import Subject
from ivr.lint.terms import MORE_OPTIONS, chooses_language
from ivr.menu import tree as t
from ivr.menu.reader import Entries

told_by_check("S101", fixes="unsafe")
told_by_check("S102", "warning")
told_by_check("S103")
told_by_check("S111")
told_by_check("S120")
for _id in ("S121", "S122", "S123", "S131", "S132", "S133", "S134", "S135", "S136", "S137", "S138"):
    told_by_check(_id)

PERSON = (t.QueueNode, t.Transfer, t.Callback)
"""Where a caller gets to a person, now or later."""
GOAL = (*PERSON, t.Record)
"""What callers call for."""


@rule("S104", "warning", strict="error")
def nobody_behind_the_operator_key(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """An operator key that leads to no person, ever."""
    nodes = subject.tree.nodes
    if subject.asking and not any(isinstance(nodes[name], PERSON) for name in _reached(subject, t.OPERATOR)):
        values = {"name": subject.asking[0].name, "key": subject.tree.conventions.operator}
        yield Finding(subject.spot("nodes", t.OPERATOR), values)


def _reached(subject: Subject, start: str) -> Iterator[str]:
    seen, todo = {start}, [start]
    while todo:
        name = todo.pop()
        yield name
        for way in subject.ways.get(name, ()):
            if way.to not in seen and way.by != "operator":
                seen.add(way.to)
                todo.append(way.to)


@rule("S105", "warning", keys_pressed=(3, 3))
def too_deep(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Steps that need more keys than callers want to press; only the first of each way is told."""
    pressed = keys_pressed(subject)
    for name, (keys, came_from) in pressed.items():
        deep = keys > limits["keys_pressed"] >= pressed[came_from][0] if came_from else False
        if deep:
            yield Finding(subject.spot("nodes", name), {"name": name, "keys": keys})


def keys_pressed(subject: Subject) -> Mapping[str, tuple[int, str]]:
    """The fewest keys of menus to be pressed before each step, and the step before it on that way."""
    found: dict[str, tuple[int, str]] = {}
    todo: deque[tuple[str, int, str]] = deque([(subject.tree.start, 0, "")])
    while todo:
        name, keys, came_from = todo.popleft()
        if name in found or name not in subject.tree.nodes:
            continue
        found[name] = keys, came_from
        for way in subject.ways[name]:
            if way.by == "key":
                todo.append((way.to, keys + 1, name))
            elif way.by not in ("silence", "wrong_key", "operator", "exit"):
                todo.appendleft((way.to, keys, name))
    return found


@rule("S106", "advice", advice=(5, 4), warning=(7, 7), error=(9, 9))
def many_choices(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus with more choices than callers keep in mind; languages do not count."""
    for menu in subject.menus:
        count = sum(not chooses_language(option) for option in menu.options)
        severity: Severity | None = next(
            (it for it in ("error", "warning", "advice") if count > limits[it]),
            None,  # type: ignore[misc]
        )
        if severity:
            yield Finding(
                subject.spot("nodes", menu.name), {"count": count, "most": int(limits["advice"])}, severity=severity
            )


@rule("S107", "warning", fixes="unsafe")
def one_choice(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus that leave no choice."""
    for menu in subject.menus:
        if len(menu.options) == 1 and menu.options[0].goto:
            yield Finding(subject.spot("nodes", menu.name), {"name": menu.name}, fix=_say_and_go_on(subject, menu))


def _say_and_go_on(subject: Subject, menu: t.Menu) -> Fix | None:
    entry, options = subject.entry("nodes", menu.name), subject.entry("nodes", menu.name, "options")
    words = subject.entry("nodes", menu.name, "menu")
    if not entry or not options or not words or not isinstance(entry[1], Entries):
        return None
    names = [key.value for key, _ in entry[1].entries]
    if names != ["menu", "options"] or options[0].place.line == entry[0].place.line:
        return None
    file = options[0].place.file
    start, text = subject.offset(options[0].place), subject.texts_of_files[file]
    end = subject.end_of_block(options[0].place)
    said = subject.offset(words[0].place)
    rest = "" if text[end - 1 : end] != "\n" else "\n"
    return Fix(
        (Edit(file, said, said + len("menu"), "say"), Edit(file, start, end, f"goto: {menu.options[0].goto}{rest}")),
        safe=False,
    )


@rule("S108", "warning", drafts=True)
def more_options(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Choices that promise more of them."""
    for language, texts in subject.texts.items():
        for hit in texts.hits(MORE_OPTIONS[language].stems, MORE_OPTIONS[language].pattern, ("label",)):
            yield Finding(subject.spot_of_text(hit), {"words": hit.said})


@rule("S109", "warning", way_s=(60, 60))
def a_long_way(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Steps that callers call for and reach late, even if they press each key at once."""
    reached = {language: subject.lengths.reached_s(language) for language in subject.tree.languages}
    for name, node in subject.tree.nodes.items():
        if not isinstance(node, GOAL):
            continue
        slow = [(times[name], language) for language, times in reached.items() if name in times]
        if slow and max(slow)[0] > limits["way_s"]:
            worst_s, language = max(slow)
            values = {"seconds": round(worst_s), "name": name, "language": language}
            yield Finding(subject.spot("nodes", name), values)


@rule("S110", "error")
def hung_up_on(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus that end the call when nothing, or nothing fitting, is pressed."""
    for node in subject.asking:
        for why in subject.failures(node):
            if _ends_the_call(subject, getattr(node, why).then):
                yield Finding(subject.spot("nodes", node.name, why, "then"), {"name": node.name}, why)


def _ends_the_call(subject: Subject, name: str) -> bool:
    """Whether from a step on the call always ends without anything asked, left or somebody reached."""
    seen: set[str] = set()
    todo = [name]
    while todo:
        name = todo.pop()
        node = subject.tree.nodes.get(name)
        if node is None or isinstance(node, (*GOAL, t.Menu, t.Ask)):
            return False
        seen.add(name)
        todo.extend(way.to for way in subject.ways[name] if way.to not in seen)
    return True


@rule("S112", "advice", share=(0.3, 0.3))
def most_wanted_last(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Choices that most callers press and that are not said first; known from the calls so far."""
    pressed = subject.known.pressed
    if not pressed:
        return
    for menu in subject.menus:
        choices = [option for option in menu.options if option.language is None]
        shares = [pressed.get((menu.name, option.key), 0.0) for option in choices]
        if choices and max(shares) >= limits["share"] and shares[0] < max(shares):
            wanted, first = choices[shares.index(max(shares))], choices[0]
            values = {"percent": round(max(shares) * 100), "key": wanted.key, "first": first.key}
            yield Finding(subject.spot("nodes", menu.name, "options", wanted.key), values)


@rule("S113", "warning")
def offered_twice(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """The same label for the same step twice in one menu. Two labels for one step are fine."""
    language = subject.tree.languages[0]
    for menu in subject.menus:
        seen: dict[tuple[str, str], str] = {}
        for option in menu.options:
            if option.goto is None:
                continue
            offered = option.label.get(language, "").casefold(), option.goto
            if offered in seen:
                values = {"label": option.label.get(language, ""), "key": seen[offered]}
                yield Finding(subject.spot("nodes", menu.name, "options", option.key), values)
            else:
                seen[offered] = option.key
