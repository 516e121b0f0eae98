"""`ivr agent`: accounts are made, listed and changed from the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.__main__ import main
from ivr.accounts import Accounts, LoggedIn
from ivr.store import Store

GOOD = "seven quiet lamps"
HOUSE = Path(__file__).parents[3]


class Shell:
    """A command line beside a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *words: str, typed: str = "") -> Result:
        environment = {"DIALTREE_DATA": str(self._folder), "DIALTREE_MENUS": str(HOUSE / "menus")}
        return CliRunner().invoke(main, ["agent", *words], env=environment, input=typed)

    def without_a_terminal(self, *words: str) -> subprocess.CompletedProcess[str]:
        """As cron or a pipe has it."""
        return subprocess.run(
            [sys.executable, "-m", "ivr", "agent", *words],
            cwd=HOUSE,
            env={**os.environ, "DIALTREE_DATA": str(self._folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
        )

    def lets_in(self, name: str, password: str) -> bool:
        """Whether one can log in like this."""
        store = Store(f"sqlite:///{self._folder / 'dialtree.db'}", lambda: datetime.now(UTC), lambda: "id")
        answer = Accounts(store).log_in(name, password, "192.0.2.1")
        store.close()
        return isinstance(answer, LoggedIn)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_a_new_agent_can_log_in_with_the_password_that_was_typed_twice(shell: Shell) -> None:
    made = shell("add", "claims-1", "--skill", "claims:4", "--skill", "de:3", typed=f"{GOOD}\n{GOOD}\n")
    assert made.exit_code == 0
    assert GOOD not in made.output
    assert shell.lets_in("claims-1", GOOD)
    assert re.search(r"claims-1 +logged out +desk +claims:4 de:3", shell("list").output)


def test_a_weak_password_is_asked_for_again(shell: Shell) -> None:
    weak = "password123\npassword123\n"
    made = shell("add", "claims-1", "--skill", "claims:4", typed=f"{weak}{GOOD}\n{GOOD}\n")
    assert made.exit_code == 0
    assert "first that anybody would try" in made.output
    assert not shell.lets_in("claims-1", "password123")


def test_a_made_up_password_is_shown_once_and_works(shell: Shell) -> None:
    made = shell("add", "claims-1", "--skill", "claims:4", "--generate")
    assert shell.lets_in("claims-1", made.output.split("shown this once: ")[1].strip())


def test_adding_somebody_again_changes_skills_and_telephone_and_leaves_the_password(shell: Shell) -> None:
    shell("add", "claims-1", "--skill", "claims:4", typed=f"{GOOD}\n{GOOD}\n")
    changed = shell("add", "claims-1", "--skill", "service:2", "--phone", "+4930123456")
    assert changed.exit_code == 0
    assert "+4930123456" in shell("list").output
    assert "service:2" in shell("list").output
    assert shell.lets_in("claims-1", GOOD)


def test_a_new_password_replaces_the_old_one(shell: Shell) -> None:
    shell("add", "claims-1", "--skill", "claims:4", typed=f"{GOOD}\n{GOOD}\n")
    assert shell("password", "claims-1", typed="eight loud doors\neight loud doors\n").exit_code == 0
    assert not shell.lets_in("claims-1", GOOD)
    assert shell.lets_in("claims-1", "eight loud doors")


def test_a_disabled_agent_is_out_until_there_is_a_new_password(shell: Shell) -> None:
    shell("add", "claims-1", "--skill", "claims:4", typed=f"{GOOD}\n{GOOD}\n")
    assert shell("disable", "claims-1").exit_code == 0
    assert not shell.lets_in("claims-1", GOOD)
    shell("password", "claims-1", typed=f"{GOOD}\n{GOOD}\n")
    assert shell.lets_in("claims-1", GOOD)


def test_the_list_says_who_is_disabled(shell: Shell) -> None:
    for name in ("claims-1", "claims-2"):
        shell("add", name, "--skill", "claims:4", "--generate")
    shell("disable", "claims-1")
    assert re.search(r"claims-1 +disabled +desk", shell("list").output)
    assert re.search(r"claims-2 +logged out +desk", shell("list").output)


def test_a_skill_that_no_hotline_needs_is_warned_of_and_kept(shell: Shell) -> None:
    made = shell("add", "claims-1", "--skill", "clams:4", "--skill", "de:3", "--generate")
    assert made.exit_code == 0
    assert "warning: no hotline needs the skill clams (did you mean claims?)" in made.output
    assert made.output.count("warning") == 1
    assert "clams:4" in shell("list").output


def test_skills_that_are_needed_are_not_warned_of(shell: Shell) -> None:
    made = shell("add", "claims-1", "--skill", "claims:4", "--skill", "sr:1", "--generate")
    assert "warning" not in made.output


@pytest.mark.parametrize("words", [("add", "claims-2", "--skill", "claims:4"), ("password", "claims-1")])
def test_without_a_terminal_no_password_is_asked_for(shell: Shell, words: tuple[str, ...]) -> None:
    shell("add", "claims-1", "--skill", "claims:4", "--generate")
    refused = shell.without_a_terminal(*words)
    assert refused.returncode == 2
    assert refused.stdout + refused.stderr == (
        "Error: there is no terminal here to type a password at: use --generate\n"
    )
    assert "claims-2" not in shell("list").output


def test_a_command_that_is_misspelled_is_answered_with_the_likely_one() -> None:
    refused = CliRunner().invoke(main, ["chck"])
    assert refused.exit_code == 2
    assert "Did you mean 'check'?" in refused.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "Claims 1", "--skill", "claims:4"), "is no name"),
        (("add", "claims-1", "--skill", "claims"), "claims:4"),
        (("add", "claims-1", "--skill", "claims:6"), "level from 1 to 5"),
        (("add", "claims-1"), "--skill"),
        (("add", "claims-1", "--skill", "claims:4", "--phone", "030 123"), "+4930123456"),
        (("add", "claims-1", "--skill", "claims:4", "--phone", "sip:anna"), "sip:anna@pbx.example.com"),
        (("password", "nobody"), "none yet"),
        (("disable", "nobody"), "none yet"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_would_be_right(
    shell: Shell, words: tuple[str, ...], said: str
) -> None:
    refused = shell(*words)
    assert refused.exit_code != 0
    assert said in refused.output


def test_with_nobody_there_the_list_says_how_to_begin(shell: Shell) -> None:
    assert "ivr agent add" in shell("list").output


def test_a_supervisor_needs_no_skills_and_has_no_seat_on_the_floor(shell: Shell) -> None:
    made = shell("add", "olga", "--role", "supervisor", "--generate")
    assert made.exit_code == 0
    assert made.output.startswith("olga can log in at /desk: no skills (supervisor)\n")
    assert re.search(r"^olga +no seat +- +supervisor$", shell("list").output, re.MULTILINE)
    assert shell.lets_in("olga", made.output.split()[-1])
    assert shell("disable", "olga").exit_code == 0
    assert re.search(r"^olga +disabled ", shell("list").output, re.MULTILINE)


def test_a_representative_needs_a_skill(shell: Shell) -> None:
    refused = shell("add", "claims-1", "--role", "representative", "--generate")
    assert refused.exit_code == 2
    assert "a representative is offered nothing (claims:4)" in refused.output


def test_a_role_can_be_changed_without_a_word_about_skills_and_takes_none_away(shell: Shell) -> None:
    shell("add", "claims-1", "--skill", "claims:4", "--generate")
    changed = shell("add", "claims-1", "--role", "administrator")
    assert (changed.exit_code, "password" in changed.output) == (0, False)
    assert re.search(r"^claims-1 .* claims:4 \(administrator\)$", shell("list").output, re.MULTILINE)
    shell("add", "claims-1", "--skill", "claims:5")
    assert "claims:5 (administrator)" in shell("list").output
