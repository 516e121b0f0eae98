"""`ivr emergency`: put on with an end, shown, put off; nothing that cannot be meant is taken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.__main__ import main
from ivr.store import Store

MENUS = Path(__file__).parents[3] / "menus"
LATER = "2199-12-24 18:00"


@pytest.fixture(name="ivr")
def the_command(tmp_path: Path):
    def run(*words: str, menus: Path = MENUS) -> Result:
        environment = {"DIALTREE_DATA": str(tmp_path), "DIALTREE_MENUS": str(menus)}
        return CliRunner().invoke(main, ["emergency", *words], env=environment)

    return run


def test_it_is_put_on_with_an_end_on_the_offices_clock_and_shown(ivr):
    assert "no switch is on" in ivr("show").output
    result = ivr("on", "acme", "--until", LATER, "--by", "anna")
    assert result.exit_code == 0, result.output
    assert "2199-12-24 18:00" in result.output
    assert "acme: on until 2199-12-24 18:00, by anna" in ivr("show").output


def test_what_is_on_can_be_put_off_before_its_time(ivr, tmp_path):
    ivr("on", "acme", "--until", LATER)
    assert "the switch was off" not in ivr("off", "acme").output
    assert "the switch was off" in ivr("off", "acme").output
    assert "no switch is on" in ivr("show").output
    store = Store(f"sqlite:///{tmp_path / 'dialtree.db'}", lambda: datetime.now(UTC), lambda: "0")
    with store.look() as tx:
        told = (
            tx.connection.exec_driver_sql("SELECT what FROM events WHERE about = 'acme' ORDER BY seq").scalars().all()
        )
    store.close()
    assert told == ["emergency on", "emergency off"]


def test_another_end_replaces_the_first(ivr):
    ivr("on", "acme", "--until", LATER)
    ivr("on", "acme", "--until", "2198-01-01 00:00")
    assert ivr("show").output.count("acme") == 1
    assert "2198-01-01" in ivr("show").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("on", "acm", "--until", LATER), "there is no hotline 'acm' (there is acme)"),
        (("on", "acme", "--until", "2001-01-01 00:00"), "is over already"),
        (("on", "acme", "--until", "tomorrow"), "no date and time"),
        (("on", "acme"), "--until"),
        (("off", "acm"), "there is no hotline"),
    ],
)
def test_what_cannot_be_meant_is_refused(ivr, words, said):
    result = ivr(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_without_a_hotline_nothing_can_be_switched(ivr, tmp_path):
    result = ivr("show", menus=tmp_path / "nothing")
    assert result.exit_code == 2
    assert "there is no hotline below" in result.output


def test_it_ends_by_itself(tmp_path, ivr):
    end = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M+00:00")
    ivr("on", "acme", "--until", end)
    store = Store(f"sqlite:///{tmp_path / 'dialtree.db'}", lambda: datetime.now(UTC), lambda: "0")
    with store.look() as tx:
        assert tx.emergencies.on("acme", datetime.now(UTC))
        assert tx.emergencies.on("acme", datetime.now(UTC) + timedelta(days=2)) is None
    store.close()
