"""Each rule's page shows what it finds and what it leaves alone; here both are tried."""

from __future__ import annotations

import re

import pytest

from ivr.lint.page import pages
from ivr.lint.rule import RULES
from ivr.lint.run import lint_hotline
from ivr.lint.subject import Known
from ivr.menu.told import LANGUAGES, texts
from tests.ivr.lint.around import KNOWN_FOR, around

PAGES = pages()
OF_SCRIPTS = {"X801", "X802"}
SHOWN_ELSEWHERE = {"Y021", "Y022", "P215", "S123"}  # nothing at all, or too long to show: see tests/bad_menus
FORBIDDEN_WORDS = re.compile(
    r"\b(mapping|scalar|node|schema|anyOf|NoneType|token|sequence|null|string)\b", re.IGNORECASE
)
TRIED = sorted(set(PAGES) - OF_SCRIPTS - SHOWN_ELSEWHERE)


def codes(example: str, id: str) -> list[str]:
    recordings = {"goodbye.wav"} if id == "P224" else None
    linted = lint_hotline(around(example), recordings=recordings, known=KNOWN_FOR.get(id, Known()))
    return [fault.code for fault in linted.faults]


@pytest.mark.parametrize("id", [it for it in TRIED if it != "K216"])
def test_what_a_page_calls_not_so_is_found(id: str) -> None:
    files = around(PAGES[id].bad)
    recordings = {"goodbye.wav"} if id == "P224" else None
    linted = lint_hotline(files, recordings=recordings, known=KNOWN_FOR.get(id, Known()))
    assert id in [fault.code for fault in linted.faults if fault.place.file == "example.yaml" or id == "S104"], [
        str(it) for it in linted.faults
    ]


@pytest.mark.parametrize("id", TRIED)
def test_what_a_page_calls_but_so_is_let_be(id: str) -> None:
    if id in ("S112", "V709"):
        assert id not in codes(PAGES[id].good, "")
        return
    recordings = {"goodbye.wav"} if id == "P224" else None
    linted = lint_hotline(around(PAGES[id].good), recordings=recordings)
    assert id not in [it.code for it in linted.faults], [str(it) for it in linted.faults]
    assert linted.errors == 0, [str(it) for it in linted.faults]


def test_every_rule_and_every_fault_of_check_has_a_page() -> None:
    told = {key.partition(".")[0] for key in texts("en") if re.match(r"[A-Z]\d{3}", key)}
    assert set(RULES) | told <= set(PAGES)


@pytest.mark.parametrize("id", PAGES)
def test_a_page_says_why_in_every_language(id: str) -> None:
    page = PAGES[id]
    assert set(page.why) == set(LANGUAGES)
    assert all(why.endswith(".") for why in page.why.values())
    assert page.source
    assert page.good
    assert not any(FORBIDDEN_WORDS.search(why) for why in page.why.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_told_in_every_language_with_the_same_values(language: str) -> None:
    placeholders = re.compile(r"\{(\w+)\}")
    for key, english in texts("en").items():
        if re.match(r"[A-Z]\d{3}", key) and key.partition(".")[0] in RULES:
            assert key in texts(language), key
            assert set(placeholders.findall(texts(language)[key])) == set(placeholders.findall(english)), key
            assert not FORBIDDEN_WORDS.search(texts(language)[key]), key
