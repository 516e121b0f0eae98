"""Traces: everything that happened, kept as JSON lines, masked when asked, and opened as a page that asks nobody."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.network import Network
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import Around, run
from ivr.simulator.trace import Entry, Exchange
from ivr.simulator.trace_file import LINES_MAX, WITHHELD, TraceFile, masked, read
from ivr.simulator.trace_page import page
from ivr.simulator.transport import WsgiApp
from tests.chromium import in_chromium
from tests.ivr.simulator.tiny_app import TinyApp

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
SCRIPT = (
    "call from +4915112345678 to +18005550142\nhear ~ your pin\npress 4711#\nhear ~ speak\n"
    'say "my name is Ada"\nexpect ended by app\n'
)
NASTY = "</script><script>window.hurt = 1</script><img src=x onerror='window.hurt=1'>"
SAID = {
    "/voice": '<Gather action="/pin"><Say>Your pin, please.</Say></Gather>',
    "/pin": lambda form: (
        f'<Gather input="speech" action="/said"><Say>You typed {form["Digits"]}. Speak.</Say></Gather>'
    ),
    "/said": "<Say><![CDATA[" + NASTY + "]]></Say><Hangup/>",
}


def traced():
    network = Network(START, app=WsgiApp(TinyApp(SAID)))
    network.number("+18005550142", "https://user:secret@a.test/voice")
    trace = TraceFile(START, "a.call", about="a call")
    network.watch(trace.take)
    script = read_script(SCRIPT, "a.call")
    result = run(script, network, around=Around(begins=lambda *step: trace.step(network.now(), *step)))
    assert result.passed, result.failure or result.error
    trace.ended("fine")
    return trace


def test_a_trace_holds_each_webhook_with_parameters_headers_and_answer():
    asked = [line["exchange"] for line in traced().lines if "exchange" in line]
    assert [each["params"].get("Digits") for each in asked] == [None, "4711", None]
    assert asked[1]["headers"]["X-Twilio-Signature"]
    assert "You typed 4711" in asked[1]["answer"]
    assert asked[1]["status"] == 200


def test_a_trace_holds_the_steps_where_they_began():
    kinds = [line.get("kind") for line in traced().lines]
    assert kinds.index("step") < kinds.index("says")
    assert [line["text"] for line in traced().lines if line.get("kind") == "step"] == SCRIPT.splitlines()[1:]


def test_what_is_written_is_what_is_read(tmp_path):
    trace = traced()
    path = trace.write(tmp_path / "deep" / "a.jsonl")
    assert read(path) == json.loads(json.dumps(trace.lines))
    assert path.stat().st_mode & 0o077 == 0


def test_two_runs_leave_the_same_bytes(tmp_path):
    one, other = (traced().write(tmp_path / name).read_bytes() for name in ("one", "other"))
    assert one == other


def test_log_ins_are_left_out():
    exchange = Exchange(
        START, "CA1", "call", "POST", "https://a.test/", {}, {"Authorization": "Basic eA=="}, 200, "", ""
    )
    trace = TraceFile(START, "a")
    trace.take(Entry(START, "CA1", "+1", "webhook", "", {"exchange": exchange}))
    assert trace.lines[1]["exchange"]["headers"] == {"Authorization": WITHHELD}


def test_a_trace_without_end_ends():
    trace = TraceFile(START, "a")
    for _ in range(LINES_MAX + 10):
        trace.take(Entry(START, "", "", "says", "x"))
    assert len(trace.lines) == LINES_MAX


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this is no trace"),
        ("{}\n", "this is no trace"),
        ("x\n", ":1: this is no JSON"),
        ("[1]\n", ":1: each line"),
    ],
)
def test_what_is_no_trace_is_told(tmp_path, text, said):
    (tmp_path / "x").write_text(text)
    with pytest.raises(ValueError, match=re.escape(said)):
        read(tmp_path / "x")


def test_masking_leaves_nothing_personal():
    told = json.dumps(masked(traced().lines), ensure_ascii=False)
    for personal in ("4711", "4 7 1 1", "4915112345678", "18005550142", "my name is Ada"):
        assert personal not in told
    assert "42" in told  # the last two digits stay, to tell numbers apart


def test_keys_that_are_read_back_in_groups_are_masked_too():
    lines = [{"kind": "presses", "text": "471108#", "told": ""}, {"text": "You entered 4 7 1, 1 0 8."}]
    assert masked(lines)[1]["text"] == "You entered •••."


def test_masking_leaves_the_menu_readable():
    lines = [{"kind": "presses", "text": "2", "told": "presses 2"}, {"kind": "says", "text": "Press 2 or 3."}]
    assert masked(lines) == lines


@given(st.text(alphabet="0123456789", min_size=3, max_size=12))
def test_no_keys_in_a_row_survive_masking(keys):
    lines = [{"kind": "presses", "text": keys, "told": f"presses {' '.join(keys)}"}, {"text": f"You typed {keys}."}]
    told = json.dumps(masked(lines), ensure_ascii=False)
    assert keys not in told
    assert " ".join(keys) not in told


def test_the_page_needs_nobody_else():
    made = page(traced().lines)
    assert re.findall(r"""(?:src|href|action)\s*=\s*["']?https?:""", made.partition('id="data"')[0]) == []
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made)[1]
    assert policy.startswith("default-src &#x27;none&#x27;")
    assert "unsafe" not in policy


def test_nothing_of_the_app_is_markup_in_the_page():
    made = page(traced().lines)
    assert "<img src=x" not in made
    assert made.count("</script>") == 2


@in_chromium
def test_a_browser_steps_through_it(one_chromium, tmp_path):
    (tmp_path / "a.html").write_text(page(traced().lines), "utf-8")
    context = one_chromium.new_context()
    _step_through(context, (tmp_path / "a.html").as_uri())
    context.close()


def _step_through(context, url):
    shown = context.new_page()
    wrong = []
    shown.on("console", lambda message: wrong.append(message.text))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.goto(url)
    events = shown.locator("#events button")
    assert events.count() == len(traced().lines) - 1
    shown.keyboard.press("End")
    assert shown.locator("#events [aria-current=true]").inner_text().endswith("completed (by app)")
    assert NASTY in shown.locator("#heard").inner_text()
    assert shown.evaluate("window.hurt") is None
    shown.keyboard.press("Home")
    assert shown.locator("#heard li").count() == 0
    shown.select_option("#kinds", "wire")
    shown.keyboard.press("Tab")
    shown.keyboard.press("j")
    assert "Digits" in shown.locator("#wire").inner_text()
    assert "<Say>You typed 4711. Speak.</Say>" in shown.locator("#wire pre").first.inner_text()
    assert wrong == []
