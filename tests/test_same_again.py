"""The same again: a script and a seed give the same transcript, byte for byte, a hundred times, with chaos too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask, request

from ivr.simulator import Network, WsgiApp
from ivr.simulator.script.reader import read_file, read_script
from ivr.simulator.script.run import run
from ivr.simulator.script.transcript import Transcript
from tests import played

ROOT = Path(__file__).resolve().parents[1]
TIMES = 100
XML = {"Content-Type": "text/xml"}
CHAOS = "duplicate=0.3,delay,drop=0.1,reorder=0.5,slow-answer=0s..4s,lost-digit=0.2,double-digit=0.2,carrier-down=20s"
CALL = """call from +14155550123 to +18005550142 at 2026-11-23T10:00:00+01:00
line +15005550001 answers after 7s and hangs up after 20s
press 2
hear ~ tell us more
leave a message of 8s "it broke"
wait 30s
"""

shop = Flask("shop")
DOCUMENTS = {
    "voice": "<Gather numDigits='1' action='/menu' timeout='3'><Say>Welcome.</Say></Gather><Redirect>/voice</Redirect>",
    "menu": "<Say>Please hold.</Say><Dial timeout='10' action='/after'><Number url='/whisper' statusCallback='/told' "
    "statusCallbackEvent='initiated ringing answered completed'>+15005550001</Number></Dial>",
    "whisper": "<Say>A call for you.</Say>",
    "after": "<Say>Tell us more.</Say><Record action='/bye' recordingStatusCallback='/told' maxLength='20'/>",
    "bye": "<Say>Goodbye.</Say>",
    "told": "",
}


@shop.post("/<name>")
def document(name: str) -> tuple[str, dict[str, str]]:
    said = request.form.get("Digits", "")
    return f"<Response>{DOCUMENTS[name]}<!-- {said} --></Response>", XML


def told(chaos: str, seed: int) -> bytes:
    """One call of the script to its end, all that is written down of it, wire and identifiers included."""
    script = read_script(CALL)
    network = Network(script.at, seed=seed, app=WsgiApp(shop), chaos=chaos)
    network.number("+18005550142", "https://shop.example/voice", status_callback="https://shop.example/told")
    transcript = Transcript(script.caller, script.at.tzinfo, wire=True)
    result = run(script, network, transcript=transcript)
    network.run()
    wire = [
        f"{each.time} {each.url} {dict(each.params)} {dict(each.headers)} {each.answer}" for each in network.webhooks
    ]
    return "\n".join([*result.transcript, result.failure, result.error, *wire]).encode()


@pytest.mark.parametrize("chaos", ["", CHAOS], ids=["calm", "chaos"])
def test_a_hundred_times_the_same(chaos: str) -> None:
    stories = {told(chaos, 7) for _ in range(TIMES)}
    assert len(stories) == 1
    assert (b"has left a message of 8 s" in stories.pop()) == (not chaos)


def test_another_seed_is_another_call() -> None:
    assert len({told(CHAOS, seed) for seed in range(20)}) == 20


def test_the_pace_of_time_changes_nothing() -> None:
    script = read_script("call from +14155550123 to +18005550142 at 2026-11-23T10:00:00+01:00\npress 2\nwait 12s\n")
    stories = []
    for speed in (0, 1000):
        network = Network(script.at, app=WsgiApp(shop), speed=speed)
        network.number("+18005550142", "https://shop.example/voice")
        network.line("+15005550001", answers_after_s=7)
        stories.append(run(script, network, transcript=Transcript(script.caller, wire=True)).transcript)
    assert stories[0] == stories[1]


@pytest.mark.parametrize(
    ("chaos", "times"),
    [
        (CHAOS, 2),
        pytest.param("", TIMES, marks=pytest.mark.deep),
        pytest.param(CHAOS, TIMES, marks=pytest.mark.deep),
    ],
    ids=["twice", "often", "often-in-chaos"],
)
def test_our_own_hotline_is_the_same_again(
    chaos: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.log_in_cheaply(monkeypatch)
    script = read_file(played.CALLS / "representative_hangs_up_the_phone.call")
    stories = set()
    for number in range(times):
        with played.hotline(tmp_path / str(number), script.at) as joined:
            joined.network.misbehave(chaos)
            stories.add("\n".join(played.play(script, joined).transcript))
    assert len(stories) == 1


def test_no_order_hangs_on_the_hashes_of_a_process() -> None:
    said = set()
    for hashes in ("1", "4711"):
        command = [sys.executable, "-c", "from tests.test_same_again import *; sys.stdout.buffer.write(told(CHAOS, 7))"]
        environ = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(ROOT)}
        said.add(subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environ, timeout=60).stdout)
    assert len(said) == 1
    assert said == {told(CHAOS, 7)}
