"""`ivr test` beyond playing: what failed last, updating, reports, traces, stated parameters, an app elsewhere."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from ivr.commands.test import test as play_scripts
from ivr.commands.trace import trace
from ivr.commands.watching import concerned, seen

APP = ["--wsgi", f"{__name__}:menu"]
HEADER = "call from +4915112345678 to +18005550142 at 2026-11-23T10:00:00+01:00\n"
GOOD = HEADER + "hear ~ welcome\npress 2\nhear ~ you pressed 2\n"
BAD = HEADER + "hear ~ welcome\npress 3\nhear ~ you pressed 2   # two\n"
HOUSE = str(Path(__file__).parents[3])
SEEN: list[dict[str, str]] = []


def menu(environ, start_response):
    request = Request(environ)
    form = request.form.to_dict()
    SEEN.append(form | {"url": request.url, "signature": request.headers.get("X-Twilio-Signature", "")})
    keys = form.get("Digits")
    if keys == "9":
        return Response("boom", 500)(environ, start_response)
    said = f"<Say>You pressed {keys}.</Say>" if keys else '<Gather numDigits="1"><Say>Welcome.</Say></Gather>'
    return Response(f"<Response>{said}</Response>", content_type="text/xml")(environ, start_response)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    SEEN.clear()
    return tmp_path


def write(**scripts):
    for name, text in scripts.items():
        Path(f"{name}.call").write_text(text, "utf-8")


def ran(*options, typed=None, app=APP):
    return CliRunner().invoke(play_scripts, [".", *app, *options], input=typed)


def test_only_those_that_failed_are_played_again(folder):
    write(a=GOOD, b=BAD)
    assert ran().output.splitlines()[-1].startswith("1 fine, 1 failed")
    assert ran("--last-failed").output.splitlines()[-1].startswith("0 fine, 1 failed")
    write(b=GOOD)
    assert ran("--last-failed").exit_code == 0
    assert ran("--last-failed").output.splitlines()[-1].startswith("2 fine")


def test_nothing_is_left_behind_by_calls_that_go_well(folder):
    write(a=GOOD)
    assert ran().exit_code == 0
    assert not (folder / ".ivr").exists()


def test_the_trace_of_a_failed_call_is_kept_and_opens(folder):
    write(b=BAD)
    output = ran().output
    assert "the trace: ivr trace .ivr/traces/b.trace.jsonl" in output
    assert (folder / ".ivr" / ".gitignore").read_text() == "*\n"
    made = CliRunner().invoke(trace, [".ivr/traces/b.trace.jsonl", "--out", "b.html"])
    assert (made.exit_code, "You pressed 3." in Path("b.html").read_text()) == (0, True)


def test_every_trace_is_kept_when_asked():
    write(a=GOOD, b=GOOD)
    ran("--trace", "kept")
    assert sorted(path.name for path in Path("kept").iterdir()) == ["a.trace.jsonl", "b.trace.jsonl"]


def test_what_is_no_trace_is_refused_in_words():
    write(a=GOOD)
    result = CliRunner().invoke(trace, ["a.call"])
    assert (result.exit_code, "a.call:1: this is no JSON" in result.output) == (2, True)


def test_the_difference_is_shown_before_a_script_is_updated():
    write(b=BAD)
    refused = ran("--update", typed="n\n")
    assert refused.exit_code == 1
    assert '-hear ~ you pressed 2   # two\n+hear ~ "You pressed 3."   # two' in refused.output
    assert Path("b.call").read_text() == BAD
    agreed = ran("--update", typed="y\n")
    assert agreed.exit_code == 0
    assert Path("b.call").read_text() == BAD.replace("you pressed 2", '"You pressed 3."')
    assert ran().exit_code == 0


def test_updating_without_being_asked():
    write(b=BAD)
    assert ran("--update", "--yes").exit_code == 0


def test_the_json_report_says_what_is_known():
    write(a=GOOD, b=HEADER + "press 9\nhear ~ welcome\nhear ~ more\n")
    told = json.loads(ran("--json").output)
    assert told["counts"] == {"fine": 1, "failed": 1, "error": 0}
    assert told["scripts"][1]["why"].startswith("your app answered 500 to POST /")
    assert told["scripts"][1]["line"] == 4
    assert told["scripts"][0]["transcript"]


def test_the_markdown_summary_is_added_to_a_file():
    write(a=GOOD, b=BAD)
    Path("summary.md").write_text("before\n")
    ran("--markdown", "summary.md")
    told = Path("summary.md").read_text()
    assert told.startswith("before\n### Call scripts\n\n1 fine, 1 failed")
    assert "| a.call | fine |" in told


def test_the_first_line_of_a_failed_script_says_what_the_app_did_wrong():
    write(a=HEADER + "hear ~ welcome\npress 9\nhear ~ you\n")
    assert ran().output.splitlines()[0] == "failed  a.call  your app answered 500 to POST / (step 2: press 9)"


def test_parameters_are_stated_and_the_script_goes_before():
    write(a=HEADER.replace("\n", " with FromCity=Bonn\n") + "hear ~ welcome\n")
    ran("--param", "FromState=CA", "--param", "FromCity=Berlin")
    assert (SEEN[0]["FromState"], SEEN[0]["FromCity"]) == ("CA", "Bonn")


@pytest.mark.parametrize("option", [["--param", "x"], ["--chaos", "dupplicate"], ["--public-url", "here"]])
def test_options_that_cannot_be_read_are_told(option):
    write(a=GOOD)
    assert ran(*option).exit_code == 2


def test_under_chaos_the_carriers_mishaps_are_notes_and_no_failures():
    write(a=HEADER + "chaos drop=1 seed 3\nexpect ended by carrier\n")
    result = ran()
    assert result.exit_code == 0, result.output
    assert "note: 1" in result.output
    write(a=HEADER + "expect ended by carrier\n")
    assert ran("--chaos", "drop=1").exit_code == 0


def test_what_a_script_answers_is_for_our_own_hotline():
    write(a=GOOD.replace("hear", "answer http https://shop.test/1 200 {}\nhear", 1))
    result = ran()
    assert (result.exit_code, "this is for our own" in result.output) == (2, True)


def test_several_numbers_are_answered_by_documents_of_their_own():
    write(a=HEADER + "hear ~ welcome\nbob: call from +14155550101 to +18005550143\nbob: hear ~ this is sales\n")
    result = ran("--number", "+18005550143=/sales", app=["--wsgi", f"{__name__}:desks"])
    assert result.exit_code == 0, result.output


def test_an_app_that_is_asked_with_get_can_be_called():
    write(a=HEADER + "hear ~ asked with GET\nexpect webhook GET /\n")
    result = ran("--method", "GET", app=["--wsgi", f"{__name__}:desks"])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("number", ["abc", "+18005550143=here"])
def test_a_number_that_cannot_be_read_is_told(number):
    assert "write it NUMBER=URL" in ran("--number", number).output


def desks(environ, start_response):
    request = Request(environ)
    said = {"/sales": "This is sales."}.get(request.path, f"Welcome. Asked with {request.method}.")
    document = f"<Response><Say>{said}</Say><Pause length='9'/></Response>"
    return Response(document, content_type="text/xml")(environ, start_response)


# An app elsewhere.


class ClickToCall:
    """An app that asks the carrier, at its port, to call somebody - some time after it has answered."""

    def __init__(self, carrier: str, late: bool) -> None:
        self.late = late
        self.client = Client("AC" + "1" * 32, "tok", http_client=At(carrier))

    def __call__(self, environ, start_response):
        request = Request(environ)
        if request.path == "/click":
            order = threading.Thread(target=self.order, args=(request.form["to"], request.host_url))
            order.start()
            if not self.late:
                order.join()
            return Response("fine")(environ, start_response)
        if request.path == "/hold":
            threading.Thread(target=self.order, args=("+15550001111", request.host_url)).start()
            held = "<Response><Say loop='0'>Please hold</Say></Response>"
            return Response(held, content_type="text/xml")(environ, start_response)
        return Response("<Response><Say>Hi there</Say></Response>", content_type="text/xml")(environ, start_response)

    def order(self, to, here):
        if self.late:
            time.sleep(0.2)  # an app that does it in the background
        self.client.calls.create(to=to, from_="+18005550142", url=f"{here}hi")


class At(TwilioHttpClient):
    def __init__(self, carrier: str) -> None:
        super().__init__()
        self.carrier = carrier

    def request(self, method, url, *args, **named):
        return super().request(method, url.replace("https://api.twilio.com", self.carrier), *args, **named)


@pytest.mark.parametrize("late", [False, True])
def test_an_app_in_another_process_orders_a_call_at_the_carriers_port(late):
    write(a="app calls +15550001111\nline +15550001111 answers\npost /click to=+15550001111\nhear ~ hi there\n")
    result = ordered("/voice", late)
    assert result.exit_code == 0, result.output


def ordered(path, late):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = make_server("127.0.0.1", 0, ClickToCall(f"http://127.0.0.1:{port}", late), threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        where = ["--app", f"http://127.0.0.1:{server.server_port}{path}", "--carrier-port", str(port)]
        return ran("--account", "AC" + "1" * 32, "--token", "tok", app=where)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def test_time_waits_for_an_app_that_calls_somebody_while_the_caller_hears_music():
    write(a=HEADER + "line +15550001111 as ann answers\nann: hear ~ hi there\nexpect status in-progress\n")
    result = ordered("/hold", late=True)
    assert result.exit_code == 0, result.output


def test_the_public_address_is_signed_and_the_local_one_is_asked():
    server = make_server("127.0.0.1", 0, menu)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    write(a=GOOD)
    try:
        where = ["--app", f"http://127.0.0.1:{server.server_port}/voice?a=b"]
        result = ran("--public-url", "https://ivr.example", "--token", "tok", app=where)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    assert result.exit_code == 0, result.output
    form = {name: value for name, value in SEEN[0].items() if name not in ("url", "signature")}
    assert RequestValidator("tok").validate("https://ivr.example/voice?a=b", form, SEEN[0]["signature"])


def test_a_strangers_app_is_heard_within_two_seconds_from_an_empty_folder(folder):
    server = make_server("127.0.0.1", 0, menu)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    command = [sys.executable, "-m", "ivr", "call", f"http://127.0.0.1:{server.server_port}/voice"]
    began_s = time.monotonic()
    called = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": HOUSE}
    )
    try:
        told = [called.stdout.readline(), called.stdout.readline()]
        took_s = time.monotonic() - began_s
        rest, _ = called.communicate("2\n", timeout=20)
    finally:
        called.kill()
        server.shutdown()
        serving.join()
        server.server_close()
    assert "hears: Welcome." in told[1]
    assert "hears: You pressed 2." in rest
    assert took_s < 2
    assert list(folder.iterdir()) == []


# Watching.


def test_what_has_changed_is_seen(folder):
    write(a=GOOD)
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "x.js").write_text("1")
    before = seen([folder])
    write(a=GOOD + "hang up\n")
    (folder / "shop.py").write_text("1")
    now = seen([folder])
    assert {path.name for path in now.keys() | before.keys() if now.get(path) != before.get(path)} == {
        "a.call",
        "shop.py",
    }


SHOP = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"<Response><Say>Good morning.</Say></Response>"]
"""


def test_watching_plays_again_with_the_app_as_it_is_now(folder):
    (folder / "shop.py").write_text(SHOP)
    write(a=HEADER + "hear ~ good evening\n")
    command = [sys.executable, "-m", "ivr", "test", ".", "--wsgi", "shop:app", "--watch"]
    # A process group of its own, so that Ctrl-C reaches it alone.
    watching = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": HOUSE}, start_new_session=True
    )
    impatient = threading.Timer(20, watching.kill)  # or this would wait for ever
    impatient.start()
    try:
        assert until(watching, "watching") == ["0 fine, 1 failed, 0 could not be played"]
        (folder / "shop.py").write_text(SHOP.replace("morning", "evening"))
        assert until(watching, "1 fine")
    finally:
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)
        impatient.cancel()
    assert watching.returncode == 0


def until(process, text):
    """The closing lines of what it says, up to a line with this text."""
    told = []
    for line in process.stdout:
        told.append(line.strip())
        if text in line:
            return [each for each in told if "could not be played" in each]
    raise AssertionError(f"it never said {text!r}, but: {told}")


def test_a_change_concerns_the_scripts_that_it_touches(folder):
    menus = folder / "menus"
    acme, other, mine = menus / "acme" / "a.call", menus / "other" / "b.call", folder / "c.call"
    scripts = [acme, other, mine]
    assert concerned(scripts, {acme}, menus) == [acme]
    assert concerned(scripts, {menus / "acme" / "tree.yaml"}, menus) == [acme, mine]
    assert concerned(scripts, {folder / "shop.py"}, menus) == scripts
