"""What callers say in the survey reaches the case of their call."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.simulator.script.reader import read_file
from routing.case import CALLER
from tests import played


@pytest.mark.parametrize(
    ("script", "told"), [("complaint_en_open", ["logged", "not settled"]), ("order_taken", ["logged"])]
)
def test_a_case_knows_that_the_caller_calls_it_not_settled(
    script: str, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.log_in_cheaply(monkeypatch)
    script = read_file(played.CALLS / f"{script}.call")
    with played.hotline(tmp_path, script.at) as joined:
        assert played.play(script, joined).passed
        with joined.application.switchboard.store.look() as tx:
            [case] = tx.cases.latest()
            [link] = tx.cases.links(case.number)
    assert [it.what for it in case.history] == told
    assert all(it.detail == {"call": case.call} for it in case.history if it.who == CALLER)
    assert (case.hotline, link.call, case.due_at is not None) == ("acme", case.call, True)
