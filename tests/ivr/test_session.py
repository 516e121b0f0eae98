"""What a caller hears and where the call goes, step by step, in the example hotline."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import heard as h
from ivr import instruction as i
from ivr import phrase, session
from ivr.call import LIFECYCLE, Call, CallState, Outcome
from ivr.menu import tree as t
from ivr.menu.hotline import read_hotline
from routing.announcing import Outlook

ACME = read_hotline(Path(__file__).parents[2] / "menus" / "acme")
OPEN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, ten o'clock in Berlin
CLOSED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # a Sunday
LANGUAGES = list(ACME.languages)


def a_call(language: str = "en") -> Call:
    number = next(number for number, spoken in ACME.numbers.items() if spoken == language)
    return Call("CA" + "0" * 32, ACME.hotline, ACME.version, "+4915112345678", number, language, OPEN)


def play(call: Call, *heard: h.Heard, now: datetime = OPEN) -> list[i.Instruction]:
    """Let the call hear these, one after the other; what the carrier is told last."""
    said: list[i.Instruction] = []
    for it in heard:
        said = session.step(call, it, ACME, now)
    return said


def words(said: list[i.Instruction]) -> str:
    """All that is spoken, in order."""
    spoken = [p for one in said for p in (one.prompts if isinstance(one, i.Gather) else (one,)) if isinstance(p, i.Say)]
    return " | ".join(p.text for p in spoken)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_caller_is_welcomed_in_the_language_of_the_number_dialled(language):
    call = a_call(language)
    said = play(call, h.Rang())
    assert ACME.nodes["welcome"].words[language] in words(said)
    assert call.state is CallState.IN_MENU


def test_an_option_is_said_before_its_key():
    assert "For a complaint, press 2." in words(play(a_call(), h.Rang()))


def test_other_languages_are_offered_in_themselves_and_the_own_one_is_not():
    said = play(a_call("en"), h.Rang())
    offered = [p for p in said[0].prompts if p.language != "en"]
    assert [p.language for p in offered] == ["de", "sr", "es"]
    assert "For English" not in words(said)


def test_pressing_another_language_says_the_menu_again_in_it():
    call = a_call("en")
    said = play(call, h.Rang(), h.Pressed("5"))
    assert call.language == "de"
    assert words(said).startswith("Willkommen bei Acme Haushalt.")


def test_a_complaint_asks_for_the_order_number_reads_it_back_and_waits_for_claims():
    call = a_call()
    said = play(call, h.Rang(), h.Pressed("2"))
    assert said[0].digits_max == 10
    said = play(call, h.Pressed("471108"))
    assert "4 7 1, 1 0 8" in words(said)
    said = play(call, h.Pressed("1"))
    assert said[-1] == i.Enqueue("claims")
    assert call.typed == {"order_number": "471108"}
    assert call.case_kind == "claim"


def test_a_number_that_was_read_back_wrong_can_be_entered_again():
    call = a_call()
    said = play(call, h.Rang(), h.Pressed("2"), h.Pressed("471108"), h.Pressed("2"))
    assert "order number" in words(said)
    said = play(call, h.Pressed("123456"), h.Pressed("1"))
    assert call.typed == {"order_number": "123456"}


def test_star_at_the_confirmation_enters_it_again_and_pound_reads_it_again():
    call = a_call()
    play(call, h.Rang(), h.Pressed("2"), h.Pressed("471108"))
    assert "4 7 1, 1 0 8" in words(play(call, h.Pressed("#")))
    assert "order number" in words(play(call, h.Pressed("*")))
    assert call.typed == {}


@pytest.mark.parametrize("keys", ["12345", "12345*7", "1234567#"])
def test_an_entry_that_does_not_fit_says_what_fits(keys):
    said = play(a_call(), h.Rang(), h.Pressed("2"), h.Pressed(keys))
    assert "6" in words(said)
    assert "10" in words(said)
    assert said[0].digits_max == 10


@pytest.mark.parametrize("keys", ["0", ""])
def test_an_entry_that_was_typed_is_kept_when_nobody_confirms_it(keys):
    call = a_call()
    play(call, h.Rang(), h.Pressed("2"), h.Pressed("471108"))
    heard = h.Pressed(keys) if keys else h.Silence()
    said = play(call, heard) if keys else play(call, heard, heard)
    assert call.typed == {"order_number": "471108"}
    assert isinstance(said[-1], i.Enqueue)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("heard", [h.Silence(), h.Pressed("8")], ids=["silence", "wrong key"])
def test_silence_and_wrong_keys_are_helped_once_and_then_lead_to_a_person(heard, language):
    call = a_call(language)
    said = play(call, h.Rang(), heard)
    assert isinstance(said[-1], i.Gather)
    assert ACME.nodes["welcome"].words[language] in words(said)
    said = play(call, heard)
    assert said[-1] == i.Enqueue("service")


@pytest.mark.parametrize("way", [[], ["1"], ["2"], ["3"], ["2", "471108"]], ids=str)
def test_zero_leads_to_a_person_from_anywhere(way):
    call = a_call()
    said = play(call, h.Rang(), *(h.Pressed(keys) for keys in way), h.Pressed("0"))
    assert isinstance(said[-1], i.Enqueue)


def test_star_goes_one_step_back_and_pound_says_it_again():
    call = a_call()
    play(call, h.Rang(), h.Pressed("3"))
    assert call.node == "suggestion"
    said = play(call, h.Pressed("#"))
    assert "idea" in words(said)
    said = play(call, h.Pressed("*"))
    assert call.node == "welcome"
    said = play(call, h.Pressed("*"))
    assert "Welcome" in words(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_closed_callers_hear_when_we_open_and_may_leave_a_message(language):
    call = a_call(language)
    said = play(call, h.Rang(), now=CLOSED)
    assert "{" not in words(said)
    assert ("8" in words(said)) or ("acht" in words(said)) or ("ocho" in words(said))
    said = play(call, h.Pressed("1"), now=CLOSED)
    assert isinstance(said[-1], i.Record)
    said = play(call, h.Recorded("RE" + "0" * 32, 8), now=CLOSED)
    assert said[-1] == i.Hangup()
    assert call.outcome is Outcome.LEFT_A_MESSAGE


def test_a_representative_is_promised_only_while_somebody_is_there():
    assert "For a representative, press 0" in words(play(a_call(), h.Rang()))
    said = words(play(a_call(), h.Rang(), now=CLOSED))
    assert "representative" not in said
    assert "To go back, press star." in said


def test_an_empty_message_is_asked_for_again_and_then_let_be():
    call = a_call()
    play(call, h.Rang(), h.Pressed("3"), h.Pressed("1"))
    said = play(call, h.Silence())
    assert isinstance(said[-1], i.Record)
    said = play(call, h.Silence())
    assert "saved" not in words(said)
    assert said[-1] == i.Hangup()
    assert call.outcome is None


def talking() -> Call:
    call = a_call()
    play(call, h.Rang(), h.Pressed("1"))
    LIFECYCLE.fire(call, "wait")
    LIFECYCLE.fire(call, "connect")
    return call


def test_the_survey_follows_the_conversation_and_takes_three_presses():
    call = talking()
    said = play(call, h.TalkEnded())
    assert ACME.surveys["short"].intro["en"] in words(said)
    said = play(call, h.Pressed("1"), h.Pressed("4"), h.Pressed("5"))
    assert call.answers == {"settled": "1", "treated": "4", "easy": "5"}
    assert said[-1] == i.Record(60), "and then they may say something of their own"
    said = play(call, h.Silence())
    assert ACME.surveys["short"].thanks["en"] in words(said)
    assert said[-1] == i.Hangup()


def test_a_survey_key_that_fits_no_answer_is_explained_once_and_nobody_is_made_to_answer():
    call = talking()
    said = play(call, h.TalkEnded(), h.Pressed("9"))
    assert isinstance(said[-1], i.Gather)
    said = play(call, h.Silence())
    assert call.answers == {}
    assert said[-1] == i.Hangup()


def test_after_too_long_a_wait_a_message_can_be_left():
    call = a_call()
    play(call, h.Rang(), h.Pressed("1"))
    LIFECYCLE.fire(call, "wait")
    said = play(call, h.Overflowed("too long"))
    assert isinstance(said[-1], i.Record)
    assert call.state is CallState.IN_MENU


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_waiting_caller_hears_the_place_at_once_and_again_only_after_a_while(language):
    call = a_call(language)
    play(call, h.Rang(), h.Pressed("1"))
    LIFECYCLE.fire(call, "wait")
    first = session.wait(call, ACME, Outlook(2, None, 1), OPEN)
    assert "2" in words(first)
    assert first[-1].prompts[-1] == i.Play("music")
    again = session.wait(call, ACME, Outlook(2, None, 1), OPEN.replace(second=20))
    assert [it.prompts for it in again] == [(i.Play("music"),)]
    still = session.wait(call, ACME, Outlook(2, None, 1), OPEN.replace(minute=1))
    assert phrase.nobody_yet(language) in words(still)
    later = session.wait(call, ACME, Outlook(1, 180.0, 1), OPEN.replace(minute=2))
    minutes = {"en": "three minutes", "de": "drei Minuten", "sr": "три минута", "es": "tres minutos"}
    assert minutes[language] in words(later)


def test_hanging_up_is_possible_anywhere_and_ends_the_call_once():
    call = a_call()
    play(call, h.Rang(), h.Pressed("2"), h.HungUp())
    assert (call.state, call.outcome) == (CallState.ENDED, Outcome.ENDED_IN_MENU)
    play(call, h.HungUp())
    assert call.outcome is Outcome.ENDED_IN_MENU


def test_giving_up_while_waiting_is_an_abandonment():
    call = a_call()
    play(call, h.Rang(), h.Pressed("1"))
    LIFECYCLE.fire(call, "wait")
    play(call, h.LeftQueue("hangup"))
    assert call.outcome is Outcome.ABANDONED


KEYS = st.one_of(
    st.just(h.Silence()),
    st.text(st.sampled_from("0123456789*#"), min_size=1, max_size=12).map(h.Pressed),
    st.builds(h.Recorded, st.just("RE" + "0" * 32), st.integers(0, 120)),
    st.just(h.HungUp()),
)
ENDINGS = (i.Gather, i.Record, i.Enqueue, i.Hangup)


@given(st.lists(KEYS, max_size=25), st.sampled_from(LANGUAGES), st.sampled_from([OPEN, CLOSED]))
def test_whatever_is_pressed_or_not_the_caller_is_never_left_in_silence(heard, language, now):
    call = a_call(language)
    said = session.step(call, h.Rang(), ACME, now)
    for it in heard:
        if call.state is CallState.ENDED or isinstance(said[-1], i.Hangup | i.Enqueue):
            break
        said = session.step(call, it, ACME, now)
        if call.state is not CallState.ENDED:
            assert isinstance(said[-1], ENDINGS)
            assert isinstance(ACME.nodes[call.node], t.Menu | t.Ask | t.Record | t.QueueNode | t.End)
            assert "{" not in words(said)


@given(
    st.lists(st.sampled_from([h.Silence(), h.Pressed("8"), h.Pressed("99")]), min_size=12, max_size=12),
    st.sampled_from(LANGUAGES),
)
def test_somebody_who_cannot_press_keys_reaches_a_person_or_a_message_in_few_steps(heard, language):
    call = a_call(language)
    said = session.step(call, h.Rang(), ACME, OPEN)
    steps = 0
    while isinstance(said[-1], i.Gather):
        said = session.step(call, heard[steps], ACME, OPEN)
        steps += 1
        assert steps < 12
    assert isinstance(said[-1], i.Enqueue | i.Record)


def told(announce: t.Announce, *outlooks: Outlook) -> list[str]:
    """What somebody hears who waits, an announcement a minute apart."""
    call = a_call()
    play(call, h.Rang(), h.Pressed("1"))
    LIFECYCLE.fire(call, "wait")
    queue = ACME.nodes[call.node].queue
    settings = replace(ACME.queues[queue], announce=announce)
    tree = replace(ACME, queues={**ACME.queues, queue: settings})
    return [
        words(session.wait(call, tree, outlook, OPEN.replace(minute=minute))) for minute, outlook in enumerate(outlooks)
    ]


def test_places_beyond_the_limit_are_told_as_more_than_so_many():
    first, second = told(t.Announce(place_limit=5, more_than_limit=True), Outlook(9, None, 2), Outlook(5, None, 2))
    assert "More than five callers are waiting before you." in first
    assert "More than" not in second


def test_only_better_news_are_told_again_and_worse_ones_with_the_reason():
    rule = t.Announce(only_better=True, explain=True)
    outlooks = (Outlook(3, 60.0, 2), Outlook(3, 60.0, 2), Outlook(2, 170.0, 1), Outlook(4, 170.0, 1))
    first, same, longer, behind = told(rule, *outlooks)
    assert "minute" in first
    assert "minute" not in same
    assert "fewer representatives are there" in longer
    assert "Your place has changed" in behind
