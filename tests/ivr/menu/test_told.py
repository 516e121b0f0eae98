"""Everything said to authors is said in every language, with the same things filled in, and in their words."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from ivr.menu.told import LANGUAGES, counted, language_of, texts, told

FORBIDDEN = re.compile(r"\b(mapping|scalar|node|schema|anyof|nonetype|token|sequence|null)\b", re.IGNORECASE)
OTHERS = [language for language in LANGUAGES if language != "en"]


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_there_in_every_language(language: str) -> None:
    assert set(texts("en")) - set(texts(language)) == set()


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_has_the_same_things_filled_in_in_every_language(language: str) -> None:
    english = texts("en")
    different = [key for key, text in texts(language).items() if filled_in(text) != filled_in(english.get(key, text))]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_speaks_of_what_only_programmers_know(language: str) -> None:
    assert [key for key, text in texts(language).items() if FORBIDDEN.search(re.sub(r"\{[^}]*\}", "", text))] == []


def test_serbian_is_written_in_cyrillic_and_no_word_mixes_alphabets() -> None:
    mixed = re.compile(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
    for key, text in texts("sr").items():
        said = re.sub(r"\{[^}]*\}", " ", text)
        assert not mixed.search(said), key
        if "hint" not in key:  # hints may be nothing but what is to be written
            assert re.search("[\u0400-\u04ff]", said) or not re.search("[A-Za-z]{4,}", said), key


def test_what_counts_is_said_in_the_form_that_the_number_asks_for() -> None:
    said = [counted("count.error", number, "sr") for number in (1, 2, 5, 11, 21, 22, 101)]
    assert said == ["1 грешка", "2 грешке", "5 грешака", "11 грешака", "21 грешка", "22 грешке", "101 грешка"]
    assert [counted("count.error", number, "es") for number in (1, 1_000_000)] == ["1 error", "1000000 errores"]


def test_a_text_of_the_author_stays_as_it_is_even_with_braces_in_it() -> None:
    assert told("Y008.entry", "en", {"name": "{x}"}) == 'I do not know "{x}" here.'


@pytest.mark.parametrize(
    ("setting", "language"),
    [
        ("de_DE.UTF-8", "de"),
        ("sr_RS@latin", "sr"),
        ("es", "es"),
        ("C.UTF-8", "en"),
        ("", "en"),
        (None, "en"),
        ("fr", "en"),
    ],
)
def test_the_language_follows_the_setting_of_the_system(setting: str | None, language: str) -> None:
    assert language_of(setting) == language
