"""Page: the tree as one HTML file - outline, picture, queues, hours and survey - that needs nothing else to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from xml.etree.ElementTree import Element

from ivr.menu import tree as t
from ivr.view.exits import Exit, kind
from ivr.view.facts import Facts, Spoken, YesNo, facts, name_text, value_text
from ivr.view.hotline_facts import survey_facts
from ivr.view.markup import element, written
from ivr.view.outline import Outline, Step, outline
from ivr.view.picture import FAMILIES, drawn
from ivr.view.queue_facts import queue_facts
from ivr.view.telling import language_name, listed, spoken, tell, title
from ivr.view.week import week_lines
from routing.hours import Calendar

SHOWN_AS_WAYS = {"then", "otherwise", "goto", "overflow", "silence.tries", "silence.then", "wrong_key.tries"}
"""Facts of steps that their ways out show already."""
AS_USUAL = {"speech": False, "confirm": False, "secret": False, "barge_in": True}
"""What is not worth a line where it is so."""


def page(tree: t.Tree, language: str) -> str:
    """The whole page, what callers hear in `language`."""
    name = spoken(tree.name, language) or tree.hotline
    shown = outline(tree, language)
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    html = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=policy),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", tell("view.page.title", language, hotline=name)),
            element("style", style),
        ),
        element("body", *_body(tree, shown, name, language)),
        lang=language,
    )
    return "<!doctype html>\n" + written(html, "html") + "\n"


def _body(tree: t.Tree, shown: Outline, name: str, language: str) -> Iterator[Element]:
    about = element("dl", *(_pair(*it) for it in _about(tree, language)))
    yield element("header", element("h1", name), about, _contents(tree, language))
    steps = [element("ul", _step(tree, root, language), class_="steps") for root in shown.roots]
    yield _section("outline", language, *steps)
    if shown.unreached:
        found = element("ul", *(element("li", title(it)) for it in shown.unreached))
        yield _section("unreached", language, found)
    frame = element(
        "div", drawn(tree, shown, language), class_="picture", tabindex="0", role="group",
        aria_label=tell("view.section.picture", language),
    )  # fmt: skip
    yield _section("picture", language, frame)
    if tree.queues:
        yield _section("queues", language, *_cards("queue", _queues(tree), language))
    if tree.hours:
        yield _section("hours", language, *(_calendar(it, language) for it in tree.hours.values()))
    if tree.surveys:
        yield _section("surveys", language, *(_survey(it, language) for it in tree.surveys.values()))


def _about(tree: t.Tree, language: str) -> Iterator[tuple[str, Element | str]]:
    numbers = [f"{number} ({language_name(spoken_there, language)})" for number, spoken_there in tree.numbers.items()]
    yield tell("view.page.numbers", language), ", ".join(numbers)
    names = [language_name(it, language) for it in tree.languages]
    yield tell("view.page.languages", language), listed(names, language)
    keys = tree.conventions
    for name, key in {"operator": keys.operator, "back": keys.back, "repeat": keys.repeat, "end": keys.end}.items():
        if key:
            yield tell(f"view.convention.{name}", language), element("kbd", key)
    yield tell("view.page.version", language), element("code", tree.version[:12])


def _contents(tree: t.Tree, language: str) -> Element:
    there = {"outline": True, "picture": True, "queues": tree.queues, "hours": tree.hours, "surveys": tree.surveys}
    links = [
        element("li", element("a", tell(f"view.section.{name}", language), href=f"#{name}"))
        for name, wanted in there.items()
        if wanted
    ]
    return element("nav", element("ul", *links), aria_label=tell("view.page.contents", language))


def _section(name: str, language: str, *parts: Element) -> Element:
    return element("section", element("h2", tell(f"view.section.{name}", language)), *parts, id=name)


def _pair(name: str, value: Element | str) -> Element:
    return element("div", element("dt", name), element("dd", value))


def _step(tree: t.Tree, step: Step, language: str) -> Element:
    node = step.node
    known = facts(node)
    words = known.get("words")
    head = element(
        "summary",
        element("strong", title(node.name)),
        " ",
        element("span", tell(f"view.kind.{kind(node)}", language), class_=f"kind {FAMILIES[kind(node)]}"),
    )
    said = element("p", spoken(words.words, language), class_="said") if isinstance(words, Spoken) else None
    return element(
        "li",
        element(
            "details",
            head,
            said,
            _facts(_telling(known), language),
            element("ul", *_branches(tree, step, language)),
            open="open",
        ),
        id=f"step-{node.name}",
    )


def _branches(tree: t.Tree, step: Step, language: str) -> Iterator[Element]:
    """The ways ahead, the languages to choose from, and then what leads to a person everywhere."""
    yield from (_branch(tree, *it, language) for it in step.branches if it[0].forward)
    yield from _switches(step.node, language)
    yield from (_branch(tree, *it, language) for it in step.branches if not it[0].forward)


def _branch(tree: t.Tree, way_out: Exit, below: Step | None, language: str) -> Element:
    key = element("kbd", way_out.mark) if way_out.mark else None
    text = element("span", way_out.text, class_="way" if way_out.forward else "aside") if way_out.text else None
    if below:
        inside = element("ul", _step(tree, below, language), class_="steps")
        return element("li", key, " ", text, inside, class_="branch")
    to = element("a", title(way_out.way.to), href=f"#step-{way_out.way.to}")
    return element("li", key, " ", text, " → ", to, class_="branch")


def _switches(node: t.Node, language: str) -> Iterator[Element]:
    for option in node.options if isinstance(node, t.Menu) else ():
        if option.language:
            yield element(
                "li",
                element("kbd", option.key),
                " ",
                element("span", language_name(option.language, language), class_="way"),
                class_="branch",
            )


def _telling(known: Facts) -> Facts:
    """The facts that are worth a line: not those that the ways show, nor the words, nor what is off as usual."""

    def tells(name: str) -> bool:
        usual = name in AS_USUAL and known[name] == YesNo(AS_USUAL[name])
        return not (usual or name in SHOWN_AS_WAYS or name in ("words", "wrong_key.then"))

    return {name: value for name, value in known.items() if tells(name)}


def _facts(known: Facts, language: str) -> Element | None:
    if not known:
        return None
    return element(
        "dl", *(_pair(name_text(name, language), value_text(value, language)) for name, value in known.items())
    )


def _queues(tree: t.Tree) -> Iterator[tuple[str, Facts]]:
    yield from ((name, queue_facts(settings)) for name, settings in tree.queues.items())


def _cards(sort: str, things: Iterable[tuple[str, Facts]], language: str) -> Iterator[Element]:
    for name, known in things:
        yield element("article", element("h3", title(name)), _facts(known, language), id=f"{sort}-{name}")


def _calendar(calendar: Calendar, language: str) -> Element:
    rows = [
        element("tr", element("th", day, scope="row"), element("td", times))
        for day, times in week_lines(calendar, language)
    ]
    return element(
        "article",
        element("h3", f"{title(calendar.name)} ({calendar.timezone})"),
        element("table", element("tbody", *rows)),
    )


def _survey(survey: t.Survey, language: str) -> Element:
    questions = [element("li", spoken(it.words, language), " ", *_keys(it.keys)) for it in survey.questions]
    return element(
        "article",
        element("h3", title(survey.name)),
        element("p", spoken(survey.intro, language), class_="said"),
        element("ol", *questions),
        element("p", spoken(survey.thanks, language), class_="said"),
        _facts(survey_facts(survey), language),
    )


def _keys(keys: tuple[str, ...]) -> Iterator[Element | str]:
    for key in keys:
        yield element("kbd", key)
        yield " "
