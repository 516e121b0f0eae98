"""Chaos: our own hotline under each kind of misbehaviour of the carrier - nobody is lost, nothing happens twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.commands.joined import Joined
from ivr.simulator.script.reader import read_file
from ivr.simulator.script.result import Result
from tests import played

COMPLAINT, SUGGESTION = "complaint_en_open", "suggestion_de_open"
# Nothing is lost for good: whatever is stored in the end is what is stored of a calm call.
LATE = [
    ("duplicate", COMPLAINT),
    ("delay", "representative_hangs_up_the_phone"),
    ("reorder", "message_ended_by_a_key"),
    ("slow-answer=1s..4s", SUGGESTION),
    ("duplicate,delay,reorder", "offers_missed_until_a_pause"),
]
# The call may go another way; but it ends, and nobody stays behind.
ASTRAY = [
    ("drop=0.3", SUGGESTION),
    ("drop=0.1", "hangs_up_while_talking"),
    ("rest-429=0.5", COMPLAINT),
    ("rest-500=0.5", "representative_line_busy"),
    ("slow-answer=5s..20s", COMPLAINT),
    ("lost-digit=0.5", COMPLAINT),
    ("double-digit", COMPLAINT),
    ("hangup-mid-prompt=0.2", COMPLAINT),
    ("carrier-down=60s@20s", COMPLAINT),
]
KINDS = [*(text for text, _ in LATE), *(text for text, _ in ASTRAY)]
MANY = """complaint_en_open suggestion_de_open hangs_up_while_being_offered hangs_up_while_talking waits_too_long
    representative_hangs_up_the_phone representative_line_busy nobody_logged_in offers_missed_until_a_pause
    message_ended_by_a_key survey_refused_by_silence offer_declined""".split()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    played.log_in_cheaply(monkeypatch)


def survive(chaos: str, name: str, folder: Path, seed: int = 1) -> tuple[Result, list[str], int]:
    """One scripted call under chaos, until all is over: how it went, what is stored, and how much went wrong."""
    script = read_file(played.CALLS / f"{name}.call")
    with played.hotline(folder, script.at, seed=seed) as joined:
        joined.network.misbehave(chaos)
        result = played.play(script, joined)
        assert not result.error, result.error
        calm_down(joined)
        assert not (wrong := played.left_behind(joined)), "\n".join([f"{chaos}, seed {seed}, {name}:", *wrong])
        return result, played.stored(joined), sum(each.kind == "chaos" for each in joined.network.trace)


def calm_down(joined: Joined) -> None:
    """Whoever still waits or talks hangs up; then the wire behaves again, and the program looks after what is open."""
    for line in played.inbound(joined):
        if not line.over:
            line.hang_up()
    played.let_it_end(joined)
    joined.network.misbehave("")
    joined.application.switchboard.reconcile()  # as the live program does by its clock
    played.let_it_end(joined)


@pytest.mark.parametrize(("chaos", "name"), LATE)
def test_what_comes_twice_or_late_changes_nothing(chaos: str, name: str, tmp_path: Path) -> None:
    _, calm, _ = survive("", name, tmp_path / "calm")
    result, stored, mishaps = survive(chaos, name, tmp_path / "chaos")
    assert mishaps
    assert result.passed, result.failure
    assert stored == calm


@pytest.mark.parametrize(("chaos", "name"), ASTRAY)
def test_nobody_is_left_behind(chaos: str, name: str, tmp_path: Path) -> None:
    _, _, mishaps = survive(chaos, name, tmp_path)
    assert mishaps


@pytest.mark.deep
@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize("chaos", [*KINDS, "duplicate=0.3,delay,drop=0.05,reorder=0.3,rest-429=0.2,rest-500=0.1"])
def test_nobody_is_left_behind_whatever_the_dice_say(chaos: str, name: str, tmp_path: Path) -> None:
    for seed in range(2, 5):
        survive(chaos, name, tmp_path / str(seed), seed)
