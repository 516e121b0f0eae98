"""What callers hear in each language, written out by hand."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import phrase

NOW = datetime(2026, 11, 23, 20, 0)  # noqa: DTZ001 - the office's local time; a Monday


@pytest.mark.parametrize(
    ("language", "label", "key", "sentence"),
    [
        ("en", "a complaint", "2", "For a complaint, press 2."),
        ("en", "other things", "*", "For other things, press star."),
        ("de", "eine Beschwerde", "2", "Für eine Beschwerde drücken Sie die 2."),
        ("de", "anderes", "*", "Für anderes drücken Sie die Sterntaste."),
        ("de", "anderes", "#", "Für anderes drücken Sie die Rautetaste."),
        ("sr", "жалбу", "2", "За жалбу притисните 2."),
        ("sr", "остало", "*", "За остало притисните звездицу."),
        ("sr", "остало", "#", "За остало притисните тарабу."),
        ("es", "una reclamación", "2", "Para una reclamación, pulse 2."),
        ("es", "otras cosas", "#", "Para otras cosas, pulse almohadilla."),
    ],
)
def test_an_option_says_what_and_then_the_key(language: str, label: str, key: str, sentence: str) -> None:
    assert phrase.option(label, key, language) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "For English, press 4."),
        ("de", "Für Deutsch drücken Sie die 4."),
        ("sr", "За српски притисните 4."),
        ("es", "Para español, pulse 4."),
    ],
)
def test_the_switch_to_a_language_is_said_in_that_language(language: str, sentence: str) -> None:
    assert phrase.language_switch(language, "4") == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "For a representative, press 0 at any time. To go back, press star. To hear this again, press pound.",
        ),
        (
            "de",
            "Für ein Gespräch mit uns drücken Sie jederzeit die 0. Zum Zurückgehen drücken Sie die Sterntaste, "
            "zum Wiederholen die Rautetaste.",
        ),
        (
            "sr",
            "За разговор са сарадником у сваком тренутку притисните 0. За повратак притисните звездицу, "
            "а за понављање тарабу.",
        ),
        (
            "es",
            "Para hablar con un agente, pulse 0 en cualquier momento. Para volver atrás, pulse asterisco. "
            "Para repetir, pulse almohadilla.",
        ),
    ],
)
def test_the_keys_that_mean_the_same_everywhere_are_told(language: str, sentence: str) -> None:
    assert phrase.hints("0", "*", "#", language) == sentence


@pytest.mark.parametrize(
    ("digits", "aloud"),
    [
        ("", ""),
        ("7", "7"),
        ("47", "4 7"),
        ("4711", "4 7 1 1"),
        ("47110", "4 7, 1 1 0"),
        ("471108", "4 7 1, 1 0 8"),
        ("4711081", "4 7 1, 1 0 8 1"),
        ("47110815", "4 7 1 1, 0 8 1 5"),
        ("471108150", "4 7 1, 1 0 8, 1 5 0"),
        ("4711081500", "4 7 1, 1 0 8, 1 5 0 0"),
    ],
)
def test_digits_are_read_one_by_one_in_groups(digits: str, aloud: str) -> None:
    assert phrase.digits_aloud(digits, "en") == aloud


@given(st.text(alphabet="0123456789", max_size=20), st.sampled_from(phrase.LANGUAGES))
def test_no_digit_is_lost_when_they_are_read_aloud(digits: str, language: str) -> None:
    aloud = phrase.digits_aloud(digits, language)
    assert "".join(aloud.replace(",", "").split()) == digits
    groups = [group.split() for group in aloud.split(", ")] if aloud else []
    assert all(len(group) <= 4 for group in groups)
    assert all(len(group) >= 2 for group in groups) or len(digits) < 2


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "You entered 4 7 1 1. If that is right, press 1. To enter it again, press 2."),
        (
            "de",
            "Sie haben 4 7 1 1 eingegeben. Wenn das richtig ist, drücken Sie die 1. "
            "Für eine neue Eingabe drücken Sie die 2.",
        ),
        ("sr", "Унели сте 4 7 1 1. Ако је то тачно, притисните 1. За нови унос притисните 2."),
        ("es", "Ha introducido 4 7 1 1. Si es correcto, pulse 1. Para introducirlo de nuevo, pulse 2."),
    ],
)
def test_an_entry_is_read_back(language: str, sentence: str) -> None:
    assert phrase.confirm_digits("4711", language) == sentence


@pytest.mark.parametrize(
    ("language", "low", "high", "sentence"),
    [
        ("en", 6, 10, "Please enter 6 to 10 digits. When you are done, press pound."),
        ("en", 1, 1, "Please enter 1 digit."),
        ("de", 6, 10, "Bitte geben Sie 6 bis 10 Ziffern ein. Zum Abschluss drücken Sie die Rautetaste."),
        ("de", 1, 1, "Bitte geben Sie 1 Ziffer ein."),
        ("sr", 6, 10, "Молимо вас, унесите од 6 до 10 цифара. На крају притисните тарабу."),
        ("sr", 1, 1, "Молимо вас, унесите 1 цифру."),
        ("sr", 3, 3, "Молимо вас, унесите 3 цифре."),
        ("sr", 5, 5, "Молимо вас, унесите 5 цифара."),
        ("es", 6, 10, "Introduzca de 6 a 10 cifras, por favor. Al terminar, pulse almohadilla."),
        ("es", 1, 1, "Introduzca 1 cifra, por favor."),
    ],
)
def test_how_many_digits_are_wanted_is_said(language: str, low: int, high: int, sentence: str) -> None:
    assert phrase.entry_length(low, high, language) == sentence


@pytest.mark.parametrize(
    ("language", "minutes", "sentence"),
    [
        ("en", 1, "The wait is about one minute."),
        ("en", 2, "The wait is about two minutes."),
        ("de", 1, "Die Wartezeit beträgt etwa eine Minute."),
        ("de", 21, "Die Wartezeit beträgt etwa einundzwanzig Minuten."),
        ("sr", 1, "Чекаћете отприлике један минут."),
        ("sr", 2, "Чекаћете отприлике два минута."),
        ("sr", 5, "Чекаћете отприлике пет минута."),
        ("sr", 11, "Чекаћете отприлике једанаест минута."),
        ("sr", 21, "Чекаћете отприлике двадесет и један минут."),
        ("sr", 22, "Чекаћете отприлике двадесет и два минута."),
        ("es", 1, "La espera es de aproximadamente un minuto."),
        ("es", 21, "La espera es de aproximadamente veintiún minutos."),
    ],
)
def test_the_expected_wait_is_said_in_words_that_agree(language: str, minutes: int, sentence: str) -> None:
    assert phrase.wait_minutes(minutes, language) == sentence


@pytest.mark.parametrize(
    ("language", "first", "third"),
    [
        ("en", "You are next in line.", "You are number 3 in line."),
        ("de", "Sie sind als Nächstes an der Reihe.", "Sie sind auf Platz 3 der Warteschlange."),
        ("sr", "Ви сте следећи на реду.", "Ваше место у реду је 3."),
        ("es", "Usted es el siguiente.", "Ocupa el puesto 3 en la fila."),
    ],
)
def test_the_place_in_line_counts_from_one(language: str, first: str, third: str) -> None:
    assert (phrase.position(1, language), phrase.position(3, language)) == (first, third)


@pytest.mark.parametrize(
    ("language", "days", "hour", "minute", "words"),
    [
        ("en", 0, 21, 30, "today at 9:30 in the evening"),
        ("en", 1, 8, 0, "tomorrow, Tuesday, at 8 o'clock in the morning"),
        ("en", 5, 9, 0, "on Saturday at 9 o'clock in the morning"),
        ("en", 7, 12, 0, "on Monday, November 30, at noon"),
        ("en", 38, 13, 5, "on Thursday, December 31, at 1:05 in the afternoon"),
        ("en", 1, 0, 0, "tomorrow, Tuesday, at midnight"),
        ("de", 0, 21, 30, "heute um 21 Uhr 30"),
        ("de", 1, 8, 0, "morgen, Dienstag, um 8 Uhr"),
        ("de", 5, 9, 0, "am Samstag um 9 Uhr"),
        ("de", 38, 8, 0, "am Donnerstag, dem 31. Dezember, um 8 Uhr"),
        ("sr", 0, 21, 0, "данас у 21 сат"),
        ("sr", 1, 8, 0, "сутра, у уторак, у 8 сати"),
        ("sr", 2, 22, 1, "у среду у 22 сата и 1 минут"),
        ("sr", 5, 9, 30, "у суботу у 9 сати и 30 минута"),
        ("sr", 38, 8, 0, "у четвртак, 31. децембра, у 8 сати"),
        ("es", 0, 21, 30, "hoy a las 9:30 de la noche"),
        ("es", 1, 8, 0, "mañana, martes, a las 8 de la mañana"),
        ("es", 5, 13, 0, "el sábado a la 1 de la tarde"),
        ("es", 38, 8, 0, "el jueves, 31 de diciembre, a las 8 de la mañana"),
    ],
)
def test_the_next_opening_is_a_day_and_a_time(language: str, days: int, hour: int, minute: int, words: str) -> None:
    at = (NOW + timedelta(days=days)).replace(hour=hour, minute=minute)
    assert phrase.next_opening(at, NOW, language) == words


def test_tomorrow_begins_at_midnight_and_not_after_24_hours() -> None:
    late, early = datetime(2026, 11, 23, 23, 59), datetime(2026, 11, 24, 0, 1)  # noqa: DTZ001 - local times
    assert phrase.next_opening(early, late, "en").startswith("tomorrow")


@pytest.mark.parametrize("language", phrase.LANGUAGES)
def test_the_second_silence_is_answered_in_other_words_than_the_first(language: str) -> None:
    assert phrase.silence(language, 1) != phrase.silence(language, 2)
    assert phrase.silence(language, 2) == phrase.silence(language, 3)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [("1", "5", "Please press a key from 1 to 5."), ("1", "2", "Please press 1 for yes or 2 for no.")],
)
def test_a_wrong_key_in_the_survey_is_answered_with_the_right_ones(first: str, last: str, sentence: str) -> None:
    assert phrase.survey_wrong_key(first, last, "en") == sentence


def simple_sentences() -> list[str]:
    functions = inspect.getmembers(phrase, inspect.isfunction)
    return [name for name, function in functions if list(inspect.signature(function).parameters) == ["language"]]


@pytest.mark.parametrize("name", simple_sentences())
@pytest.mark.parametrize("language", phrase.LANGUAGES)
def test_every_sentence_is_there_in_its_own_script(name: str, language: str) -> None:
    if name.startswith("_"):
        return
    said = getattr(phrase, name)(language)
    letters = [letter for letter in said if letter.isalpha()]
    cyrillic = ["Ѐ" <= letter <= "ӿ" for letter in letters]
    assert letters
    assert all(cyrillic) if language == "sr" else not any(cyrillic)


def test_nobody_is_blamed() -> None:
    for language, words in {
        "en": "wrong invalid error",
        "de": "falsch ungültig",
        "sr": "погрешн",
        "es": "error",
    }.items():
        said = phrase.wrong_key(language) + phrase.silence(language, 1) + phrase.survey_wrong_key("1", "5", language)
        assert not any(word in said.lower() for word in words.split())


@pytest.mark.parametrize(
    ("cyrillic", "written"),
    [
        ("Добро дошли у Акме", "Dobro došli u Akme"),
        ("Љубав, ЉУБАВ, љубав", "Ljubav, LJUBAV, ljubav"),
        ("Њ. Џ, Ђ", "Nj. Dž, Đ"),
        ("ЏАК НЊ", "DŽAK NNJ"),
        ("ћ ч ш ж ђ", "ć č š ž đ"),
        ("Pres 1, ¿sí?", "Pres 1, ¿sí?"),
    ],
)
def test_serbian_can_be_written_in_latin_letters(cyrillic: str, written: str) -> None:
    assert phrase.latin(cyrillic) == written


@given(st.text(alphabet="абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ ,.1"))
def test_no_cyrillic_letter_is_left_in_latin(text: str) -> None:
    assert not any("Ѐ" <= letter <= "ӿ" for letter in phrase.latin(text))
