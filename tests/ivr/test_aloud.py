"""Values read aloud: numbers, order numbers, money and dates, right in each language."""

from __future__ import annotations

import pytest

from ivr import phrase

MINUTES = {
    1: ("one minute", "eine Minute", "један минут", "un minuto"),
    2: ("two minutes", "zwei Minuten", "два минута", "dos minutos"),
    5: ("five minutes", "fünf Minuten", "пет минута", "cinco minutos"),
    21: ("twenty-one minutes", "einundzwanzig Minuten", "двадесет и један минут", "veintiún minutos"),
    22: ("twenty-two minutes", "zweiundzwanzig Minuten", "двадесет и два минута", "veintidós minutos"),
    101: ("one hundred one minutes", "einhunderteine Minuten", "сто један минут", "ciento un minutos"),
}
VALUES = {
    "4017": ("4 0 1 7", "4 0 1 7", "4 0 1 7", "4 0 1 7"),
    "1.00 EUR": ("1 euro", "1 Euro", "1 евро", "1 euro"),
    "EUR 12.50": ("12.50 euros", "12,50 Euro", "12,50 евра", "12,50 euros"),
    "21 RSD": ("21 Serbian dinars", "21 Serbische Dinaren", "21 српски динар", "21 dinares serbios"),
    "2026-11-23": ("Monday, November 23", "Montag, 23. November", "понедељак, 23. новембар", "lunes, 23 de noviembre"),
    "2026-11-23T08:30": (
        "Monday, November 23, at 8:30 in the morning",
        "Montag, 23. November, um 8 Uhr 30",
        "понедељак, 23. новембар, у 8 сати и 30 минута",
        "lunes, 23 de noviembre, a las 8:30 de la mañana",
    ),
    "2026-02-30": ("2026-02-30",) * 4,
    "3.5": ("3.5", "3,5", "3,5", "3,5"),
    "shipped": ("shipped",) * 4,
    "12 cats": ("12 cats",) * 4,
}

PERSON = "For a representative, press 0 at any time."


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize("language", phrase.LANGUAGES)
def test_minutes_have_their_number_and_gender(minutes, language):
    assert MINUTES[minutes][phrase.LANGUAGES.index(language)] in phrase.wait_minutes(minutes, language)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("language", phrase.LANGUAGES)
def test_a_value_is_read_by_its_looks(value, language):
    assert phrase.value_aloud(value, language) == VALUES[value][phrase.LANGUAGES.index(language)]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("0", "*", "#", None), f"{PERSON} To go back, press star. To hear this again, press pound."),
        (("0", None, None, None), PERSON),
        (("0", "*", None, "9"), f"{PERSON} To go back, press star. To end the call, press 9."),
    ],
)
def test_only_keys_that_there_are_are_named(keys, said):
    operator, back, repeat, end = keys
    assert phrase.hints(operator, back, repeat, "en", end) == said
    for language in phrase.LANGUAGES:
        assert "{" not in phrase.hints(operator, back, repeat, language, end)


@pytest.mark.parametrize("language", phrase.LANGUAGES)
def test_what_is_said_about_callbacks_is_whole_in_every_language(language):
    sentences = [
        phrase.callback_offer("01511 2345678", language),
        phrase.callback_confirm("(212) 555-1234", language),
        *(it(language) for it in (phrase.callback_ask, phrase.callback_cannot, phrase.callback_promised)),
        *(it(language) for it in (phrase.callback_hello, phrase.emergency, phrase.connecting, phrase.not_understood)),
    ]
    for sentence in sentences:
        assert sentence
        assert "{" not in sentence
    assert "0 1 5 1 1, 2 3 4 5 6 7 8" in sentences[0]
    assert "2 1 2, 5 5 5, 1 2 3 4" in sentences[1]
