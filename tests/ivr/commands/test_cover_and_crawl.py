"""`ivr cover` and `ivr crawl` as a supervisor meets them: what is not tried, what would try it, who is left nowhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.__main__ import main
from ivr.commands.playing import START
from ivr.commands.rehearsed import rehearsed
from ivr.commands.test import scripts
from ivr.menu.hotline import read_hotline
from ivr.view.cover.measure import measure
from ivr.view.cover.told import row, what
from ivr.view.crawl.ways import find_ways
from tests.ivr.menu.small import SMALL, changed
from tests.played import HOUSE, log_in_cheaply

ACME = HOUSE / "menus" / "acme"
CALL = "call from +12125550123 to +18005550142 at 2026-11-23T10:00:00+01:00\n"
NOBODY = CALL + "hear ~ Welcome\npress 1\nhear ~ Please speak\nleave a message of 5s\nexpect ended by app\n"
SILENT = CALL + "hear ~ Welcome\nsilence\nsilence\nhear ~ Please speak\nsilence\nsilence\nexpect ended by app\n"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_cheaply(monkeypatch)


@pytest.fixture(name="folder")
def a_small_hotline_with_two_scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    (folder / "calls").mkdir(parents=True)
    (folder / "hotline.yaml").write_text(SMALL, "utf-8")
    (folder / "calls" / "nobody.call").write_text(NOBODY, "utf-8")
    (folder / "calls" / "silent.call").write_text(SILENT, "utf-8")
    return folder


@pytest.fixture(autouse=True)
def a_data_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIALTREE_DATA", str(tmp_path / "var"))


def ivr(*words: object, language: str = "en") -> Result:
    return CliRunner().invoke(main, [*map(str, words), "--language", language], env={"DIALTREE_LANGUAGE": language})


def test_what_two_scripts_try_is_told_point_by_point_and_calls_are_proposed_that_try_the_rest(folder: Path) -> None:
    told = json.loads(ivr("cover", folder, "--json").stdout)
    assert {it["text"]: it["tried"] for it in told["points"]} == {
        "Welcome: 1 (a question)": True,
        "Welcome: no key, 2 times": True,
        "Welcome: a wrong key, 2 times": False,
        "Operator: a conversation": False,
        "Message: after the message": True,
        "Message: nothing said after the tone": True,
        "Goodbye: callers come by": True,
        "Queue Service: waited too long": False,
        "Queue Service: nobody there": True,
        "Languages: a call in English": True,
        "Keys that mean the same everywhere: 0 (A person)": False,
        "Keys that mean the same everywhere: # (Hear it again)": False,
    }
    assert told["unreached"] == ["Keys that mean the same everywhere: * (One step back)"]  # there is but one menu
    assert (told["tried"], told["all"], told["percent"]) == (7, 12, 58)
    assert all(it["played"] for it in told["points"] if not it["tried"])
    for number, script in enumerate(sorted({it["script"] for it in told["points"] if not it["tried"]})):
        (folder / "calls" / f"new_{number}.call").write_text(script, "utf-8")
    done = ivr("cover", folder, "--fail-under", "100")
    assert done.exit_code == 0, done.output
    assert "Everything is tried." in done.stdout
    assert "No call can come by, so" in done.stdout


def test_lint_tells_of_choices_that_cover_found_untried(folder: Path) -> None:
    (folder / "calls" / "nobody.call").write_text(SILENT, "utf-8")
    assert "X801" not in ivr("lint", folder, "--rules", "X").stdout  # nobody has looked yet
    ivr("cover", folder)
    assert 'No call script presses 1 at "welcome". [X801]' in ivr("lint", folder, "--rules", "X").stdout


def test_a_script_that_is_deleted_leaves_a_gap_and_one_that_fails_counts_for_nothing(folder: Path) -> None:
    script, drawn = folder / "calls" / "silent.call", folder / "tree.html"
    script.write_text(SILENT.replace("Welcome", "Good morning"), "utf-8")
    red = ivr("cover", folder, "--html", drawn)
    assert red.exit_code == 1
    assert "silent.call does not go as it says" in red.stdout
    assert '#step-welcome>details>summary::after{content:" 1 of 3"}' in drawn.read_text("utf-8")
    linted = ivr("lint", folder, "--rules", "X").stdout
    assert 'silent.call:2:8: warning: Nothing says "Good morning" any more. [X802]' in linted
    script.unlink()
    assert "X802" not in ivr("lint", folder, "--rules", "X").stdout  # what was found is not of this any more
    gone = ivr("cover", folder, "--fail-under", "50", language="de")
    assert gone.exit_code == 1
    assert "41 % sind weniger als 50 %" in gone.stderr
    assert "Kein Skript versucht:" in gone.stdout
    assert "  Welcome: 2-mal keine Taste" in gone.stdout
    assert "  Welcome: no key, 2 times" in red.stdout


@pytest.mark.parametrize("command", ["cover", "crawl"])
def test_where_nothing_is_to_be_read_that_is_said(command: str, tmp_path: Path) -> None:
    assert ivr(command, tmp_path).exit_code == 2
    assert ivr(command, tmp_path / "nowhere").exit_code == 2


def test_a_hotline_with_a_fault_is_not_looked_at(folder: Path) -> None:
    (folder / "hotline.yaml").write_text(changed("goto: operator", "goto: operater"), "utf-8")
    for command in ("cover", "crawl"):
        told = ivr(command, folder)
        assert told.exit_code == 1
        assert "operater" in told.stderr


def test_the_example_is_tried_wholly_and_each_of_its_scripts_is_needed() -> None:
    tree = read_hotline(ACME)
    ways = find_ways(tree, START)
    played = {file.stem: rehearsed(file.read_text("utf-8"), file.name, ACME) for file in scripts((ACME,))}

    def gaps(without: str = "") -> list[str]:
        left = [it for stem, it in played.items() if stem != without]
        measured = measure(tree, ways, frozenset().union(*(it.points for it in left)), ())
        return [f"{row(tree, it, 'en')}: {what(tree, it, 'en')}" for it in measured.gaps]

    assert [it.why for it in played.values() if it.why] == []
    assert gaps() == []
    assert gaps(without="a_suggestion_not_left") == ["Suggestion message: nothing said after the tone"]
    assert [stem for stem in played if not gaps(without=stem)] == []


def test_what_crawl_writes_goes_as_it_says(folder: Path) -> None:
    shutil.rmtree(folder / "calls")
    written = ivr("crawl", folder, "--out", folder / "calls")
    assert written.exit_code == 0
    assert "a person, a message or a notice" in written.stdout
    assert "3 inputs at most" in written.stdout
    assert "longest way: 1 input" in written.stdout
    played = CliRunner().invoke(main, ["test", str(folder / "calls"), "--menus", str(folder)])
    assert played.exit_code == 0, played.output


def test_crawl_writes_the_same_again_and_spares_what_is_not_its_own(folder: Path, tmp_path: Path) -> None:
    ivr("crawl", folder, "--out", tmp_path / "out")
    first = {it.name: it.read_text("utf-8") for it in (tmp_path / "out").iterdir()}
    ivr("crawl", folder, "--out", tmp_path / "out")
    assert {it.name: it.read_text("utf-8") for it in (tmp_path / "out").iterdir()} == first
    refused = ivr("crawl", folder, "--out", folder / "calls")
    assert refused.exit_code == 2
    assert "holds other files" in refused.stderr
    assert (folder / "calls" / "silent.call").exists()


def test_a_dead_end_is_told_by_the_shortest_way_to_it(folder: Path) -> None:
    dead_end = changed("    menu: Welcome.\n", "    menu: Welcome.\n    wrong_key: {tries: 2, then: goodbye}\n")
    (folder / "hotline.yaml").write_text(dead_end, "utf-8")
    told = ivr("crawl", folder)
    assert told.exit_code == 1
    assert told.stdout.splitlines()[2:] == [
        'At "Welcome" callers are hung up on who are slow or press a wrong key:',
        "  1. somebody calls +18005550142 at Mon 2026-11-23 09:00",
        '  2. presses 9 at "Welcome" (2 ×)',
    ]


def test_what_was_left_out_is_said(folder: Path) -> None:
    told = ivr("crawl", folder, "--max", "2")
    assert "This is not everything" in told.stdout
    assert "Message" in told.stdout
    assert "Ово није све" in ivr("crawl", folder, "--max", "2", language="sr").stdout


@pytest.mark.deep
def test_the_scripts_that_crawl_writes_for_the_example_go_as_they_say(tmp_path: Path) -> None:
    ivr("crawl", ACME, "--out", tmp_path / "out")
    played = CliRunner().invoke(main, ["test", str(tmp_path / "out"), "--menus", str(ACME)])
    assert played.exit_code == 0, played.output


@pytest.mark.deep
def test_what_callers_say_to_being_recorded_and_a_survey_asked_later_are_tried_too(folder: Path) -> None:
    asking = "service: {overflow: message, recording: ask, recording_notice: We record.}"
    text = changed("service: {overflow: message}", asking, SMALL + ASKED_LATER)
    text = changed("    queue: service\n", "    queue: service\n    then: asked\n", text)
    text = changed("\nqueues:", "\n  asked: {survey: short, then: goodbye}\nqueues:", text)
    (folder / "hotline.yaml").write_text(text, "utf-8")
    shutil.rmtree(folder / "calls")
    (folder / "calls").mkdir()
    told = json.loads(ivr("cover", folder, "--json").stdout)
    texts = {it["text"]: it for it in told["points"]}
    for said in (
        "Queue Service: not against being recorded",
        "Queue Service: does not want to be recorded",
        "Asked: told that the questions come later",
    ):
        assert texts[said]["played"], said
    for number, script in enumerate(sorted({it["script"] for it in told["points"] if it["script"]})):
        (folder / "calls" / f"new_{number}.call").write_text(script, "utf-8")
    done = ivr("cover", folder, "--fail-under", "100")
    assert done.exit_code == 0, done.output


ASKED_LATER = """\
surveys:
  short:
    intro: One question.
    questions: {settled: {ask: Is it settled?, keys: yes-no}}
    thanks: Thank you.
    by: call_back
    later: {hours: desk}
hours:
  desk: {timezone: Europe/Berlin, week: {mon-fri: 08:00-18:00}}
"""
