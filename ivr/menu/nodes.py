"""Nodes: what may stand under `nodes:`, one kind a node, made into the tree's own nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ivr.menu.fault import did_you_mean, quoted
from ivr.menu.form import NAME, Form, Notes, group_of, meant, words_of
from ivr.menu.reader import Entries, Text, Written
from ivr.menu.tree import (
    OPERATOR,
    Ask,
    End,
    Goto,
    HoursAre,
    Menu,
    Node,
    Option,
    QueueNode,
    Record,
    Retry,
    Rule,
    Say,
    SurveyNode,
    When,
)

KEY = re.compile(r"[0-9*#]\Z")
DIGITS_MAX = 20
OPTIONS_MAX = 9  # as many as there are keys 1 to 9
SKILL_LEVEL_MAX = 5
HEAD_START_MAX_S = 3600
TIMEOUT_S = 7  # older callers and handset keypads need the time
LANGUAGE_SKILL = "{language}"


def read_nodes(notes: Notes, written: tuple[tuple[Text, Written], ...]) -> dict[str, Node]:
    """All nodes that could be made; what could not is noted."""
    nodes: dict[str, Node] = {}
    for title, content in written:
        notes.know("menu", title)
        if not NAME.match(title.value):
            notes.wrong(title, "A name is written in small letters a-z, digits and _.", "Y020")
        elif form := group_of(notes, title, content):
            node = _node(form, title)
            if node:
                nodes[title.value] = node
    return nodes


def _node(form: Form, title: Text) -> Node | None:
    kinds = [kind for kind in KINDS if kind in form]
    if not kinds:
        message = f"{quoted(title.value)} does not say what the caller meets here."
        likely = (did_you_mean(name, KINDS) for name in form.names())
        close = next((kind for kind in likely if kind), None)
        hint = f'did you mean "{close}"?' if close else "one of these is needed: " + ", ".join(KINDS)
        form.notes.wrong(title, message, "S120", hint)
        return None
    main = next((kind for kind in kinds if set(kinds) - {kind} <= COMPANIONS.get(kind, set())), None)
    if main is None:
        second = form.key(kinds[1]) or title
        message = f'{quoted(title.value)} cannot be "{kinds[0]}" and "{kinds[1]}" at once.'
        form.notes.wrong(second, message, "S120", "make two of it")
        return None
    node = KINDS[main](form, title)
    form.done()
    return node


def _silence(form: Form) -> Retry:
    group = form.group("silence")
    if group is None:
        return Retry(2, OPERATOR)
    silence = Retry(group.number("tries", 1, 5, 2), group.refer("then", "menu", default=OPERATOR) or OPERATOR)
    group.done()
    return silence


def _menu(form: Form, title: Text) -> Menu:
    options: list[Option] = []
    written = tuple(form.members("options"))
    for key, content in written:
        option_form = group_of(form.notes, key, content)
        if not KEY.match(key.value):
            form.notes.wrong(key, f"{quoted(key.value)} is no key of a telephone: 0 to 9, * and # are.", "K206")
        elif option_form:
            options.append(_option(option_form, key))
    if not written:
        form.notes.wrong(title, "Callers are offered nothing to press here.", "S107", "add options")
    return Menu(
        title.value, form.words("menu"), tuple(options), silence=_silence(form),
        timeout_s=form.number("timeout_s", 3, 15, TIMEOUT_S), place=title.place,
    )  # fmt: skip


def _option(form: Form, key: Text) -> Option:
    language = form.text("language")
    if language is None:
        option = Option(key.value, form.words("label"), form.refer("goto", "menu"), None, place=key.place)
    else:
        if language.value not in form.notes.languages:
            hint = meant(language.value, form.notes.languages, tell=True)
            form.notes.wrong(language, f"This hotline does not speak {quoted(language.value)}.", "L308", hint)
        option = Option(key.value, language=language.value, place=key.place)
    form.done()
    return option


def _ask(form: Form, title: Text) -> Ask:
    words, into = form.words("ask"), form.text("into", required=True)
    if into and not NAME.match(into.value):
        form.notes.wrong(into, "A name is written in small letters a-z, digits and _.", "Y020")
    low, high = _digits(form)
    return Ask(
        title.value, words, into.value if into else "", low, high, form.refer("then", "menu") or "",
        confirm=form.yes("confirm", False), silence=_silence(form),
        timeout_s=form.number("timeout_s", 3, 15, TIMEOUT_S), place=title.place,
    )  # fmt: skip


def _digits(form: Form) -> tuple[int, int]:
    written = form.text("digits", required=True)
    if written is None:
        return 1, DIGITS_MAX
    found = re.fullmatch(r"([0-9]{1,2})(?:\.\.([0-9]{1,2}))?", written.value)
    low, high = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= low <= high <= DIGITS_MAX:
        message = f"How many digits callers type is a number from 1 to {DIGITS_MAX}, or a range."
        form.notes.wrong(written, message, "K209", "for example 6..10")
        return 1, DIGITS_MAX
    return low, high


def _say(form: Form, title: Text) -> Say:
    return Say(title.value, form.words("say"), form.refer("goto", "menu") or "", place=title.place)


def _when(form: Form, title: Text) -> When:
    rules: list[Rule] = []
    for item in form.items("when"):
        rule = group_of(form.notes, None, item)
        if rule is None:
            continue
        hours = rule.refer("hours", "calendar") or ""
        is_open = rule.choice("is", dict.fromkeys(("open", "closed")), "open") == "open"
        rules.append(Rule(HoursAre(hours, "open" if is_open else "closed"), rule.refer("goto", "menu") or ""))
        rule.done()
    return When(title.value, tuple(rules), form.refer("otherwise", "menu") or "", title.place)


def _queue(form: Form, title: Text) -> QueueNode:
    queue = form.refer("queue", "queue") or ""
    kind = form.refer("kind", "kind of case") or ""
    words = form.words("say", required=False) if "say" in form else None
    return QueueNode(
        title.value, queue, kind, words or None, _needs(form), form.number("head_start_s", 0, HEAD_START_MAX_S, 0),
        form.refer("then", "menu", required=False), title.place,
    )  # fmt: skip


def _needs(form: Form) -> Mapping[str, int]:
    needs: dict[str, int] = {}
    group = form.group("needs")
    for name, _ in form.members("needs") if group else ():
        if "{" in name.value and name.value != LANGUAGE_SKILL:
            hint = meant(name.value, [LANGUAGE_SKILL]) or f'"{LANGUAGE_SKILL}" is the one for the caller\'s language'
            form.notes.wrong(name, f"{name.value} is not known here.", "P214", hint)
        elif "{" not in name.value and not NAME.match(name.value):
            form.notes.wrong(name, "A name is written in small letters a-z, digits and _.", "Y020")
        needs[name.value] = group.number(name.value, 1, SKILL_LEVEL_MAX, 1) if group else 1
    return needs


def _record(form: Form, title: Text) -> Record:
    return Record(
        title.value, form.words("record"), form.refer("kind", "kind of case") or "",
        form.refer("then", "menu") or "", form.number("max_length_s", 10, 600, 120), title.place,
    )  # fmt: skip


def _survey(form: Form, title: Text) -> SurveyNode:
    return SurveyNode(title.value, form.refer("survey", "survey") or "", form.refer("then", "menu") or "", title.place)


def _goto(form: Form, title: Text) -> Goto:
    return Goto(title.value, form.refer("goto", "menu") or "", place=title.place)


def _end(form: Form, title: Text) -> End:
    written = form.get("end")
    if isinstance(written, Entries) or (isinstance(written, Text) and written.value):
        return End(title.value, words_of(form.notes, title, written), title.place)
    return End(title.value, None, title.place)


KINDS: Mapping[str, Callable[[Form, Text], Node]] = {
    "menu": _menu,
    "ask": _ask,
    "say": _say,
    "when": _when,
    "queue": _queue,
    "record": _record,
    "survey": _survey,
    "goto": _goto,
    "end": _end,
}

COMPANIONS = {"queue": {"say"}, "say": {"goto"}}
"""Names of kinds that are also ordinary entries of another kind."""
