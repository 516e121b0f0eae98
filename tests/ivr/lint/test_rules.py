"""Cases at the edges of rules, beside those that their pages show."""

from __future__ import annotations

import pytest

from ivr.lint.run import lint_hotline, mend
from tests.ivr.lint.around import around

WELCOME = """\
nodes:
  welcome:
    menu: Welcome to Acme.
    options:
      {options}
"""
SURVEY = """\
surveys:
  short:
    intro: {intro}
    questions:
      {questions}
    thanks: Thank you.
nodes:
  person: {{queue: service, kind: question, then: survey}}
  survey: {{survey: short, then: goodbye}}
"""
SETTLED = 'settled: {ask: "Is your matter settled? For yes, press 1. For no, press 2.", keys: yes-no}'
CALLS = 'calls: {ask: "How many calls did it take? Press the number.", keys: 1..9}'


def codes(example: str, profile: str = "caller") -> list[str]:
    linted = lint_hotline(around(example), profile=profile)  # type: ignore[arg-type]
    assert linted.tree is not None, [str(it) for it in linted.faults]
    return [fault.code for fault in linted.faults]


def welcome(*options: str) -> str:
    return WELCOME.format(options="\n      ".join(options))


def survey(*questions: str, intro: str = "A few short questions.") -> str:
    return SURVEY.format(intro=intro, questions="\n      ".join(questions))


def test_pressing_for_a_person_does_not_count_as_a_way_in() -> None:
    deep = welcome('"1": {label: goods, goto: a}', '"2": {label: a message, goto: message}') + (
        '  a: {menu: Goods., options: {"1": {label: ovens, goto: b}, "2": {label: a message, goto: message}}}\n'
        '  b: {menu: Ovens., options: {"1": {label: parts, goto: c}, "2": {label: a message, goto: message}}}\n'
        '  c: {menu: Parts., options: {"1": {label: doors, goto: operator}, "2": {label: a message, goto: message}}}\n'
    )
    assert codes(deep) == ["S105"]


def test_two_keys_for_languages_are_not_the_same_choice_twice() -> None:
    example = """\
languages: [en, de, es]
nodes:
  welcome:
    menu: {en: Welcome., de: Willkommen., es: Bienvenido.}
    options:
      "1": {label: {en: an order, de: eine Bestellung, es: un pedido}, goto: person}
      "2": {label: {en: a message, de: eine Nachricht, es: un mensaje}, goto: message}
      "3": {language: de}
      "4": {language: es}
    pause_between_ms: 600
"""
    assert codes(example) == []


def test_choices_begin_with_one() -> None:
    assert codes(welcome('"2": {label: an order, goto: person}', '"3": {label: a message, goto: message}')) == ["K202"]


def test_languages_may_have_keys_of_their_own() -> None:
    example = """\
languages: [en, de]
nodes:
  welcome:
    menu: {en: Welcome., de: Willkommen.}
    options:
      "1": {label: {en: an order, de: eine Bestellung}, goto: person}
      "2": {label: {en: a message, de: eine Nachricht}, goto: message}
      "9": {language: de}
"""
    assert codes(example) == []


def test_a_long_survey_is_worse_than_one_with_many_questions() -> None:
    long = "Please answer our questions, which will take some minutes. " * 16
    talkative = survey(SETTLED.replace("Is your", long + "Is your"), CALLS.replace("How", long + "How"), intro=long)
    found = [fault for fault in lint_hotline(around(talkative)).faults if fault.code == "V701"]
    assert [fault.severity for fault in found] == ["warning"]


def test_three_questions_of_which_one_counts_calls_are_fine() -> None:
    scale = 'treated: {ask: "How were you treated? From 1, very badly, to 5, very well.", keys: 1..5}'
    assert codes(survey(SETTLED, CALLS, scale, intro="Three short questions, less than a minute.")) == []


def test_a_survey_counts_its_questions_once() -> None:
    assert codes(survey(SETTLED, CALLS)) == ["V707"]


def test_a_german_number_that_costs_may_lead_to_a_message() -> None:
    no_queue = """\
numbers: ["+49 180 5123456"]
nodes:
  person: {record: Please leave a message., kind: question, then: goodbye}
  operator: {transfer: "+49 30 555 0199", otherwise: message}
transfer_numbers: ["+49 30 555 0199"]
"""
    files = around(no_queue)
    rest = files["rest.yaml"].decode()
    files["rest.yaml"] = rest[: rest.index("queues:")].encode() + rest[rest.index("cases:") :].encode()
    found = {fault.code for fault in lint_hotline(files).faults}
    assert "Q402" not in found
    assert "N603" in found


def test_an_office_open_every_day_needs_no_holidays_and_one_without_any_says_so() -> None:
    hours = """\
hours:
  office: {{timezone: Europe/Berlin, week: {{{week}}}{holidays}}}
nodes:
  operator: {{when: [{{hours: office, is: open, goto: person}}], otherwise: message}}
"""
    weekdays = "mon-fri: 08:00-18:00"
    assert codes(hours.format(week=weekdays, holidays="")) == ["H503"]
    assert codes(hours.format(week=weekdays, holidays=", holidays: none")) == []
    assert codes(hours.format(week="mon-sun: 00:00-24:00", holidays="")) == []
    assert codes(hours.format(week=weekdays, holidays=", holidays: DE")) == ["H503"]


def test_closed_is_said_once_on_each_way() -> None:
    example = """\
hours:
  office: {timezone: Europe/Berlin, week: {mon-fri: 08:00-18:00}, holidays: DE-BE}
nodes:
  welcome: {when: [{hours: office, is: open, goto: person}], otherwise: closed}
  closed: {say: "We are back {next_opening}.", goto: message}
"""
    assert codes(example) == []
    assert codes(example.replace(" {next_opening}", " soon")) == ["H504"]


def test_two_calendars_one_after_the_other_do_not_overlap_over_midnight() -> None:
    example = """\
hours:
  day: {timezone: Europe/Berlin, week: {mon-fri: 08:00-22:00}, holidays: none}
  night: {timezone: Europe/Berlin, week: {mon-fri: 22:00-08:00}, overnight: yes, holidays: none}
nodes:
  operator:
    when:
      - {hours: day, is: open, goto: person}
      - {hours: night, is: open, goto: message}
    otherwise: goodbye
"""
    assert codes(example) == []
    assert codes(example.replace("22:00-08:00", "21:00-08:00")) == ["H506"]
    elsewhere = example.replace("night: {timezone: Europe/Berlin", "night: {timezone: Europe/London")
    assert codes(elsewhere) == ["H506"]  # eight in London is nine in Berlin


def test_an_exit_that_goes_back_elsewhere_is_told_by_check_already() -> None:
    example = """\
queues:
  service:
    max_wait_s: 180
    overflow: message
    exits: {"0": {label: a message, goto: message}}
"""
    assert [fault.code for fault in lint_hotline(around(example)).faults if fault.severity == "error"] == ["K203"]


@pytest.mark.parametrize(
    ("profile", "expected"), [("min", []), ("basic", ["V701"]), ("caller", ["V701"]), ("accessible", ["V701"])]
)
def test_a_finding_is_told_from_the_profile_on_that_its_own_severity_belongs_to(
    profile: str, expected: list[str]
) -> None:
    six = [
        SETTLED,
        CALLS,
        *(f'q{n}: {{ask: "Was it good? For yes, press 1. For no, press 2.", keys: yes-no}}' for n in "abcd"),
    ]
    assert [it for it in codes(survey(*six), profile) if it == "V701"] == expected


def test_a_fix_that_would_break_something_is_left_alone() -> None:
    round_and_round = """\
nodes:
  welcome:
    menu: Welcome to Acme.
    options:
      "1": {label: the other menu, goto: other}
  other:
    menu: Here is the other menu.
    options:
      "1": {label: the first menu, goto: welcome}
"""
    assert codes(round_and_round).count("S107") == 2
    changed, count = mend(around(round_and_round), unsafe=True)
    assert count == 1  # both together would be a loop in which nobody is asked anything
    assert lint_hotline({**around(round_and_round), **changed}).errors == 0
