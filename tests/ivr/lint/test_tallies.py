"""Tallies: shares of key presses and of callers who were asked twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.lint.tallies import asked_again, pressed
from ivr.menu.hotline import read_files
from tests.ivr.lint.around import around

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SURVEY = """\
surveys:
  short:
    intro: Two short questions, less than a minute.
    questions:
      settled: {ask: "Is your matter settled? For yes, press 1. For no, press 2.", keys: yes-no}
      calls: {ask: "How many calls did it take? Press the number.", keys: 1..9}
    thanks: Thank you.
nodes:
  person: {queue: service, kind: question, then: survey}
  survey: {survey: short, then: goodbye}
"""


def test_each_key_has_its_share_of_the_presses_in_its_menu() -> None:
    paths = [[("welcome", "1"), ("goods", "2")]] * 30 + [[("welcome", "2")]] * 90
    assert pressed(paths) == {("welcome", "1"): 0.25, ("welcome", "2"): 0.75}  # of goods there are too few


def test_a_caller_asked_again_within_thirty_days_counts() -> None:
    tree = read_files(around(SURVEY))
    asked = [(f"+49151{number:08}", START + timedelta(hours=number), ("settled",)) for number in range(90)]
    again = [(f"+49151{number:08}", START + timedelta(days=20), ("settled", "calls")) for number in range(10)]
    late = [("+4915100000050", START + timedelta(days=60), ("settled",))]
    assert asked_again(tree, [*asked, *again, *late]) == {"short": 10 / 101}


def test_few_answers_and_withheld_numbers_say_nothing() -> None:
    tree = read_files(around(SURVEY))
    assert asked_again(tree, [("+4915112345678", START, ("settled",))] * 20) == {}
    assert asked_again(tree, [("anonymous", START, ("settled",))] * 200) == {}
