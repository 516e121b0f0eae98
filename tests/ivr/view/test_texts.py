"""What supervisors read about a hotline is there in all four languages, with the same things filled in."""

from __future__ import annotations

from string import Formatter

import pytest

from ivr.menu.told import LANGUAGES, texts

OURS = ("view.", "plan.", "cover.", "crawl.")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def ours(language: str) -> dict[str, str]:
    return {key: text for key, text in texts(language).items() if key.startswith(OURS)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing_and_none_fills_in_something_else(language: str) -> None:
    english, here = ours("en"), ours(language)
    assert here.keys() == english.keys()
    for key, text in here.items():
        # One of something may be said without its number.
        assert fields(text) | {"n"} == fields(english[key]) | {"n"}, key


def test_serbian_is_written_in_cyrillic() -> None:
    for key, text in ours("sr").items():
        bare = text
        for name in fields(text):
            bare = bare.replace(f"{{{name}}}", "")
        latin = {letter for letter in bare.lower() if "a" <= letter <= "z"}
        assert latin <= set("smin") or "SMS" in text or "ivr" in text or "--" in text, (key, text)
