"""The page about TwiML is what the verbs and the tests say, and every number has an explanation."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from twilio.twiml import voice_response

from ivr.simulator.error import MEANINGS
from ivr.simulator.verbs import MAIN
from tests.ivr.simulator.cases.page import ELSEWHERE, LETTERS, cases, nouns, page

HOUSE = Path(__file__).parents[4]
CODE = re.compile(r"(?:Problem\(|code=|, )(1[1-6]\d{3}|3[01]\d{3})\b")
GIVEN = "A1-40 B1-19 C1-42 D1-14 E1-25 F1-45 G1-24 H1-34 I1-33 J1-31 K1-23 L1-5"


def test_the_page_is_up_to_date() -> None:
    known = (HOUSE / "docs" / "twiml.md").read_text("utf-8")
    assert known == page(), "draw it again: python -m tests.ivr.simulator.cases.page > docs/twiml.md"


def test_every_case_is_passed_or_explained() -> None:
    wanted = set()
    for span in GIVEN.split():
        last = int(span.split("-")[1])
        wanted |= {f"{span[0]}{n}" for n in range(1, last + 1)}
    assert wanted - set(cases()) - set(ELSEWHERE) == set()
    assert {number[0] for number in cases()} == set(LETTERS)


def test_every_number_that_is_told_has_an_explanation() -> None:
    told = {
        int(code)
        for path in (HOUSE / "ivr" / "simulator").rglob("*.py")
        if "rest" not in path.parts
        for code in CODE.findall(path.read_text("utf-8"))
    }
    assert len(told) > 80
    assert told - set(MEANINGS) - {14400} == set()  # 14400 s is the longest call


def camel(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(each.title() for each in rest)


def attributes_of(function: Callable[..., object]) -> set[str]:
    names = inspect.signature(function).parameters.values()
    return {camel(each.name) for each in names if each.name != "self" and each.kind is not each.VAR_KEYWORD} - CONTENT


def helpers() -> Iterator[tuple[str, str, set[str]]]:
    """Element, child and the child's attributes, as the official helper makes them."""
    for name, made in inspect.getmembers(voice_response, inspect.isclass):
        own = made.__module__ == voice_response.__name__
        for method, function in inspect.getmembers(made, inspect.isfunction) if own else ():
            if not method.startswith("_") and function.__qualname__.startswith(f"{name}."):
                yield name, "".join(each.title() for each in method.split("_")), attributes_of(function)


CONTENT = {"message", "name", "number", "phoneNumber", "identity", "simSid", "sipUrl", "applicationSid"}  # texts
NOT_VERBS = {"Echo", "Prompt", "Queue"}  # directly in a Response: not documented for voice


def test_every_attribute_of_the_official_helper_is_known() -> None:
    tables = {name: set(verb.attributes) for name, verb in MAIN.verbs.items()}
    tables |= {name: set(table) for name, (_, table) in nouns().items()}
    unknown = {
        f"{child} {attribute}"
        for _, child, attributes in helpers()
        if child in tables
        for attribute in attributes - tables[child] - ({"url"} if child in ("Play", "Redirect") else set())
    }
    assert unknown == set()


def test_every_verb_and_child_of_the_official_helper_is_known() -> None:
    children = {name: verb.children for name, verb in MAIN.verbs.items()}
    found = [(name, child) for name, child, _ in helpers()]
    verbs = {child for name, child in found if name == "VoiceResponse"}
    assert verbs - set(MAIN.verbs) == NOT_VERBS
    marked = {child.removesuffix("_").lower().replace("sayas", "say-as") for name, child in found if name == "Say"}
    assert marked - children["Say"] == set()
    strange = {(name, child) for name, child in found if name in children and name != "Say"}
    assert {(name, child) for name, child in strange if child not in children[name]} == set()
