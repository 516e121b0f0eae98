"""What a script names is heard in any case, punctuation and script, and only once."""

from __future__ import annotations

import pytest

from ivr.simulator.script.hearing import Ear, folded


def ear(*said, language="en-US"):
    fresh = Ear.fresh()
    for text in said:
        fresh.take(text, language)
    return fresh


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Welcome to  ACME!", "welcome to acme"),
        ("Жалба", "zalba"),
        ("žalbu", "zalbu"),
        ("Добро дошли у Акме.", "dobro dosli u akme"),
        ("Ђорђе, Đorđe, Љубљана, Ljubljana, џеп, džep", "djordje djordje ljubljana ljubljana dzep dzep"),
        ("Größe", "grosse"),
        ("¿Qué pasó?", "que paso"),
        ("4 7 1 1", "4 7 1 1"),
    ],
)
def test_case_punctuation_and_script_are_folded(written, plain):
    assert folded(written) == plain


def test_serbian_written_in_latin_matches_what_is_said_in_cyrillic():
    assert ear("За жалбу притисните два.", language="sr").hears("~", "za žalbu pritisnite", None)


def test_two_things_of_one_utterance_are_heard_one_after_the_other():
    one = ear("Welcome to Acme. For a complaint, press 2.")
    assert one.hears("~", "welcome", None)
    assert one.hears("~", "for a complaint", None)
    assert not one.hears("~", "for a complaint", None)


def test_what_came_before_the_last_match_is_not_heard_again():
    one = ear("Welcome.", "Press 1.")
    assert one.hears("~", "press 1", None)
    assert not one.hears("~", "welcome", None)
    one.take("Welcome.", "en-US")
    assert one.hears("~", "welcome", None)


def test_words_may_run_over_two_utterances():
    assert ear("For a complaint,", "press 2.").hears("~", "complaint press 2", None)


def test_a_match_begins_at_a_word_and_a_number_is_whole():
    assert not ear("unwelcome").hears("~", "welcome", None)
    assert ear("complaints").hears("~", "complaint", None)
    assert not ear("Position 12").hears("~", "position 1", None)


def test_exactly_means_one_whole_utterance():
    assert not ear("Welcome to Acme.").hears("=", "Welcome", None)
    assert ear("Welcome  to Acme.").hears("=", "Welcome to Acme.", None)


def test_a_prompt_is_heard_by_name_in_the_language_that_is_spoken():
    words = {"de": ["Willkommen bei Acme.", "Sie sind Nummer {position}."]}
    one = ear("Willkommen bei Acme.", "Sie sind Nummer 3. Bitte warten Sie.", language="de-DE")
    assert one.hears("@", "welcome", lambda name, language: words.get(language) if name == "welcome" else None)
    assert one.hears("~", "bitte warten", None)


def test_all_sentences_of_a_prompt_must_be_heard_in_order():
    assert not ear("Press 2.", "Welcome.").hears("@", "welcome", lambda *_: ["Welcome.", "Press 2."])


def test_an_unknown_prompt_is_an_error_and_not_a_failure():
    with pytest.raises(LookupError, match="no prompt is called welcom"):
        ear("Welcome").hears("@", "welcom", lambda *_: None)
    with pytest.raises(LookupError, match="hear ~"):
        ear("Welcome").hears("@", "welcome", None)


def test_nothing_is_heard_where_nothing_was_said():
    assert not Ear.fresh().hears("~", "welcome", None)
