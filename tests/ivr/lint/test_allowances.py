"""Allowances: a comment with a reason lets one finding on one line be, and nothing else."""

from __future__ import annotations

from ivr.lint.run import lint_hotline
from tests.ivr.lint.around import around

FLATTERY = "nodes:\n  goodbye:\n    end: We value your call. Goodbye.{comment}\n"


def codes(example: str, **asked: object) -> list[tuple[str, int]]:
    linted = lint_hotline(around(example), **asked)  # type: ignore[arg-type]
    return [(fault.code, fault.place.line) for fault in linted.faults]


def test_an_allowance_with_a_reason_lets_its_line_be() -> None:
    assert codes(FLATTERY.format(comment="")) == [("P205", 3)]
    assert codes(FLATTERY.format(comment=" # lint: allow P205 the board insists until May")) == []


def test_an_allowance_on_a_line_of_its_own_is_for_the_next_one() -> None:
    example = "nodes:\n  goodbye:\n    # lint: allow P205 the board insists\n    end: We value your call. Goodbye.\n"
    assert codes(example) == []


def test_an_allowance_needs_a_reason_and_a_rule() -> None:
    assert codes(FLATTERY.format(comment=" # lint: allow P205")) == [("Y090", 3)]
    assert codes(FLATTERY.format(comment=" # lint: allow")) == [("P205", 3), ("Y090", 3)]


def test_an_allowance_that_allows_nothing_is_told() -> None:
    assert codes("nodes:\n  goodbye:\n    end: Goodbye. # lint: allow P205 just in case\n") == [("Y091", 3)]


def test_an_allowance_is_for_one_rule_and_one_line() -> None:
    example = FLATTERY.format(comment=" # lint: allow P206 wrong one") + "  other:\n    end: We value your call.\n"
    assert ("P205", 3) in codes(example)
    assert ("Y091", 3) in codes(example)
    assert ("P205", 5) in codes(example)


def test_several_rules_share_one_reason() -> None:
    example = FLATTERY.format(comment=" # lint: allow P205, P206 until May")
    assert codes(example) == [("Y091", 3)]  # P206 is not there


def test_an_error_that_keeps_a_hotline_from_being_used_stays() -> None:
    example = "nodes:\n  person:\n    queue: servise # lint: allow S101 soon\n    kind: question\n"
    assert ("S101", 3) in codes(example)


def test_what_only_looks_like_an_allowance_is_said_to_callers() -> None:
    example = 'nodes:\n  goodbye:\n    end: "We value your call # lint: allow P205 no"\n'
    assert ("P205", 3) in codes(example)


def test_an_allowance_for_a_rule_that_is_not_looked_at_is_not_idle() -> None:
    comment = " # lint: allow P205 the board insists until May"
    assert codes(FLATTERY.format(comment=comment), only=("S",)) == []
    assert codes(FLATTERY.format(comment=comment), profile="min") == []


def test_an_allowance_for_advice_is_not_idle_where_no_advice_is_told() -> None:
    example = "nodes:\n  goodbye:\n    end: Dial 0 for us. # lint: allow P201, P207 an old habit here\n"
    assert codes(example, profile="basic") == []
    assert codes(example.replace("Dial 0 for us", "Goodbye"), profile="basic") == []
