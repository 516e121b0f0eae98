"""Rules that need to know more than the files: calls so far, call scripts, recordings, what is published."""

from __future__ import annotations

from ivr.lint.page import pages
from ivr.lint.run import lint_hotline
from ivr.lint.subject import Coverage, Known
from ivr.menu.hotline import examine
from ivr.menu.place import Place
from tests.ivr.lint.around import around


def told(example: str, known: Known, only: str) -> list[str]:
    return [fault.message for fault in lint_hotline(around(example), known=known, only=(only,)).faults]


def test_what_most_callers_press_should_be_said_first() -> None:
    example = pages()["S112"].bad
    known = Known(pressed={("welcome", "1"): 0.1, ("welcome", "2"): 0.4})
    assert told(example, known, "S112") == ["40 % of the callers press 2 here: say it first."]
    assert told(example, Known(pressed={("welcome", "1"): 0.5, ("welcome", "2"): 0.4}), "S112") == []
    assert told(example, Known(), "S112") == []


def test_callers_asked_twice_in_a_month_are_told() -> None:
    example = pages()["V709"].bad
    known = Known(asked_again={"short": 0.12})
    assert told(example, known, "V709") == ["12 % of those asked were asked again within 30 days."]
    assert told(example, Known(asked_again={"short": 0.01}), "V709") == []


def test_choices_that_no_script_presses_are_told_at_the_choice() -> None:
    known = Known(coverage=Coverage(unpressed=(("welcome", "2"),)))
    linted = lint_hotline(around(""), known=known)
    assert [(fault.code, fault.message) for fault in linted.faults] == [
        ("X801", 'No call script presses 2 at "welcome".')
    ]
    assert linted.faults[0].line.strip().startswith("'2'")


def test_words_that_a_script_waits_for_in_vain_are_told_in_the_script() -> None:
    coverage = Coverage(unheard=((Place("calls/a.call", 3, 8), "Good morning"),))
    linted = lint_hotline(around(""), known=Known(coverage=coverage))
    assert [str(fault.place) for fault in linted.faults] == ["calls/a.call:3:8"]
    assert linted.faults[0].code == "X802"


def test_a_recording_counts_with_its_real_length() -> None:
    example = """\
nodes:
  welcome:
    menu: {say: Welcome to Acme., recording: welcome.wav}
    options:
      "1": {label: an order, goto: person}
      "2": {label: a message, goto: message}
"""
    assert told(example, Known(), "P202") == []
    long = Known(recordings={"welcome.wav": 14.0})
    assert told(example, long, "P202") == ["Callers wait 14 s before the first choice (in en)."]


def test_a_translation_left_behind_by_its_source_is_told() -> None:
    example = "languages: [en, de]\nnodes:\n  goodbye:\n    end: {en: %s, de: Auf Wiederhören.}\n"
    before = examine(around(example % "Goodbye.")).tree
    known = Known(before=before)
    assert told(example % "Goodbye.", known, "L307") == []
    assert told(example % "Goodbye and thank you.", known, "L307") == [
        "The en words have changed since the last publishing; these in de have not."
    ]


def test_a_number_that_cannot_exist_is_told_wherever_it_stands() -> None:
    example = 'fallback_number: "+49 30 1"\ntransfer_numbers: []\n'
    linted = lint_hotline(around('fallback_number: "+49 800 55"\n'), only=("N601",))
    assert [fault.code for fault in linted.faults] == ["N601"]
    assert lint_hotline(around(example), only=("N601",)).errors >= 1
