"""`ivr test` and `ivr call` as somebody at a terminal, or a CI machine, meets them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from urllib.parse import parse_qsl

import pytest
from click.testing import CliRunner

from ivr.commands.call import call
from ivr.commands.test import test as play_scripts

APP = ["--wsgi", f"{__name__}:menu"]
HEADER = "call from +4915112345678 to +18005550142 at 2026-11-23T10:00:00+01:00\n"
GOOD = HEADER + "hear ~ welcome\npress 2\nhear ~ you pressed 2\nexpect ended by app\n"
BAD = HEADER + "hear ~ welcome\npress 3\nhear ~ you pressed 2\n"
FAULTY = HEADER + "hear ~ welcome\nprses 2\n"
BROKEN = HEADER + "agent ann answers\nhear ~ welcome\n"


def menu(environ, start_response):
    form = dict(parse_qsl(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode()))
    keys = form.get("Digits")
    said = f"<Say>You pressed {keys}.</Say><Hangup/>" if keys else ASK
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [f"<Response>{said}</Response>".encode()]


def broken(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"not here"]


def babbling(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"<Response><Say>Hello"]


ASK = '<Gather numDigits="1"><Say>Welcome.</Say></Gather><Say>Well?</Say><Redirect/>'


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # traces of failed calls are kept where one is


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "calls").mkdir()
    return tmp_path / "calls"


def run_scripts(folder, *options, **scripts):
    for name, text in scripts.items():
        (folder / f"{name}.call").write_text(text, encoding="utf-8")
    return CliRunner().invoke(play_scripts, [str(folder), *APP, *options])


def test_calls_that_go_as_their_scripts_say_are_one_line_each(folder):
    result = run_scripts(folder, a=GOOD, b=GOOD)
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == ["fine", "fine", "2"]
    assert result.output.endswith("2 fine, 0 failed, 0 could not be played\n")


def test_a_call_that_goes_otherwise_shows_the_line_and_what_was_heard(folder):
    result = run_scripts(folder, a=GOOD, b=BAD)
    assert result.exit_code == 1
    assert f"{folder / 'b.call'}:4: hear ~ you pressed 2" in result.output
    assert '"You pressed 3."' in result.output
    assert "1 fine, 1 failed, 0 could not be played" in result.output


def test_a_fault_in_a_script_is_shown_with_its_place_and_others_are_played(folder):
    result = run_scripts(folder, a=FAULTY, b=GOOD)
    assert result.exit_code == 2
    assert f"{folder / 'a.call'}:3:1: error" in result.output
    assert 'did you mean "press"?' in result.output
    assert "1 fine, 0 failed, 1 could not be played" in result.output


def test_failures_and_errors_stand_apart_in_the_junit_report(folder, tmp_path):
    report = tmp_path / "report.xml"
    run_scripts(folder, "--junit", str(report), a=GOOD, b=BAD, c=FAULTY, d=BROKEN)
    suite = ET.parse(report).getroot()[0]  # noqa: S314 - our own file
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "2")
    kinds = {case.get("name"): [child.tag for child in case] for case in suite}
    assert kinds == {
        "a.call": ["system-out"],
        "b.call": ["failure", "system-out"],
        "c.call": ["error", "system-out"],
        "d.call": ["error", "system-out"],
    }
    assert "hears: You pressed 3." in suite.findtext("testcase[@name='b.call']/system-out")


def test_only_scripts_with_a_text_in_their_path(folder):
    result = run_scripts(folder, "-k", "claim", claim=GOOD, order=BAD)
    assert result.exit_code == 0
    assert "1 fine" in result.output


def test_the_call_is_shown_when_asked(folder):
    assert "10:00:00  caller      presses 2" in run_scripts(folder, "-v", a=GOOD).output
    assert "POST https://app.example/ -> 200" in run_scripts(folder, "-v", "--wire", a=GOOD).output


def test_no_scripts_is_not_a_success(folder, tmp_path):
    assert run_scripts(folder).exit_code == 2
    missing = CliRunner().invoke(play_scripts, [str(tmp_path / "nowhere"), *APP])
    assert (missing.exit_code, "There is no" in missing.output) == (2, True)


@pytest.mark.parametrize("name", ["no.such.module:app", "json:nothing", "json:__name__", "../menu:app"])
def test_an_app_that_is_none_is_refused_in_words(folder, name):
    (folder / "a.call").write_text(GOOD)
    result = CliRunner().invoke(play_scripts, [str(folder), "--wsgi", name])
    assert (result.exit_code, f"--wsgi {name}" in result.output) == (2, True)


def test_an_app_whose_module_raises_is_refused_in_words(folder, monkeypatch):
    (folder / "a.call").write_text(GOOD)
    (folder / "needy.py").write_text("import os\nKEY = os.environ['NOBODY_HAS_SET_THIS']\n")
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(play_scripts, [str(folder), "--wsgi", "needy:app"])
    said = "your app cannot be imported: KeyError: 'NOBODY_HAS_SET_THIS'"
    assert (result.exit_code, said in result.output) == (2, True)


def test_a_folder_without_hotlines_leads_to_calling_an_app(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(call, [], input="\n")
    assert (result.exit_code, "ivr call http://localhost:3000/voice" in result.output) == (2, True)


def test_a_kept_call_is_said_to_be_played_again_against_the_same_app(tmp_path):
    result = typed(
        "5", options=["--method", "GET", "--number", "+18005550143=/other", "--keep", str(tmp_path / "a.call")]
    )
    again = result.output.partition("play it again with: ")[2]
    assert f"--wsgi {__name__}:menu --method GET --number +18005550143=https://app.example/other" in again


def test_an_app_that_does_not_run_is_told_as_the_caller_would_live_it(folder):
    (folder / "a.call").write_text(GOOD)
    result = CliRunner().invoke(play_scripts, [str(folder), "--app", "http://127.0.0.1:9/voice"])
    assert result.exit_code == 1
    assert "is it running?" in result.output


def typed(*keys, options=()):
    return CliRunner().invoke(call, [*APP, "--at", "2026-11-23T10:00:00+01:00", *options], input="\n".join(keys) + "\n")


def test_a_call_is_made_from_the_keyboard():
    result = typed("", "5")
    assert result.exit_code == 0
    heard = [line.partition("hears: ")[2] for line in result.output.splitlines() if "hears: " in line]
    assert heard == ["Welcome.", "Well?", "Welcome.", "You pressed 5."]


@pytest.mark.parametrize(
    ("app", "said"), [("broken", "404"), ("babbling", "12100")], ids=["an error", "something that is no TwiML"]
)
def test_an_app_that_fails_is_told_so_and_it_is_no_success(app, said):
    result = CliRunner().invoke(call, ["--wsgi", f"{__name__}:{app}"], input="\n")
    assert result.exit_code == 1
    failed = result.output.partition("The app failed:")[2]
    assert said in failed


def test_an_app_that_is_not_there_is_a_failure_too():
    result = CliRunner().invoke(call, ["http://127.0.0.1:9/voice"], input="\n")
    assert result.exit_code == 1
    assert "is it running?" in result.output.partition("The app failed:")[2]


def test_the_end_of_the_input_hangs_up():
    assert "completed (by caller)" in typed("").output


def test_what_cannot_be_done_is_told_and_nothing_happens():
    result = typed("x", "?", "h")
    assert '"x" is nothing to do here' in result.output
    assert "hang up" in result.output


def test_time_passes_when_asked():
    assert "10:00:3" in typed("+30s", "h").output.splitlines()[-1]


def test_a_kept_call_is_a_script_that_passes(folder):
    kept = folder / "kept.call"
    typed("", "5", options=["--keep", str(kept)])
    assert kept.read_text().splitlines() == [
        HEADER.strip(),
        'hear ~ "Welcome."',
        "silence",
        "# heard: Well?",
        'hear ~ "Welcome."',
        "press 5",
        'hear ~ "You pressed 5."',
        "expect ended by app",
    ]
    assert CliRunner().invoke(play_scripts, [str(kept), *APP]).exit_code == 0


@pytest.mark.parametrize(
    "options", [["--at", "noon"], ["--from", "0800"], ["--agent", "ann sleeps"], ["--agent", "ann answers"]]
)
def test_options_that_cannot_be_read_are_told(options):
    result = typed("h", options=options)
    assert (result.exit_code, bool(result.output.strip())) == (2, True)
