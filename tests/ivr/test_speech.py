"""What somebody says to a menu: case, accents and alphabet do not matter, and what is unclear chooses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import phrase
from ivr.menu.tree import Menu, Option, Words
from ivr.session.speech import HINT_LENGTH_MAX, HINTS_MAX, expected, meant

LABELS = {
    "1": ({"en": "a complaint", "sr": "жалбу", "de": "eine Beschwerde", "es": "una reclamación"}, {"en": ("broken",)}),
    "2": ({"en": "a complaint about a bill", "sr": "рачун", "de": "Größe", "es": "el tamaño"}, {"sr": ("фактура",)}),
    "3": ({"en": "something else", "sr": "нешто друго", "de": "Sonstiges", "es": "otra cosa"}, {"es": ("otro, tema",)}),
}
MENU = Menu("m", Words({}), tuple(Option(k, Words(label), "x", spoken=said) for k, (label, said) in LABELS.items()))


@pytest.mark.parametrize(
    ("said", "language", "key"),
    [
        ("A COMPLAINT!", "en", "1"),
        ("my parcel is broken", "en", "1"),
        ("I have a complaint about a bill", "en", "2"),
        ("two", "en", "2"),
        ("3", "en", "3"),
        ("Zalbu", "sr", "1"),
        ("жалбу молим", "sr", "1"),
        ("faktura", "sr", "2"),
        ("GROESSE", "de", None),
        ("grösse", "de", "2"),
        ("groß", "de", None),
        ("una reclamacion", "es", "1"),
        ("tamano, el tamano", "es", "2"),
        ("something", "en", None),
        ("complaints department", "en", None),
        ("broken, or something else", "en", None),
        ("", "en", None),
    ],
)
def test_an_option_is_found_by_what_is_said(said, language, key):
    option = meant(MENU, said, language)
    assert (option.key if option else None) == key


@given(st.text(max_size=3000), st.sampled_from(["en", "de", "sr", "es"]))
def test_whatever_is_said_chooses_one_option_or_none(said, language):
    option = meant(MENU, said, language)
    assert option is None or option in MENU.options
    assert phrase.wants_a_person(said, language) in (True, False)


def test_the_carrier_is_told_what_to_expect_within_its_limits():
    assert expected(MENU, "es")[0] == "otro tema"
    many = Menu(
        "m", Words({}), (Option("1", Words({"en": "x" * 500}), "x", spoken={"en": tuple(map(str, range(900)))}),)
    )
    assert len(expected(many, "en")) == HINTS_MAX
    assert max(map(len, expected(many, "en"))) <= HINT_LENGTH_MAX


@pytest.mark.parametrize("language", ["en", "de", "sr", "es"])
def test_a_person_can_be_asked_for_in_every_language(language):
    words = {"en": "Representative.", "de": "Mitarbeiter", "sr": "operater", "es": "Agente"}
    assert phrase.wants_a_person(words[language], language)
    assert not phrase.wants_a_person("order", language)
