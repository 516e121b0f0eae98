"""What a tape hears: tones on the channel of who sounds them, silence where it is paused, nothing of what it skips."""

from __future__ import annotations

import io
import math
import wave
from array import array

import pytest
from twilio.rest import Client

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.phone.talk import sound
from tests.ivr.simulator.tiny_app import HOST, ring

CONFERENCE = "<Dial><Conference beep='false'>room</Conference></Dial>"


def goertzel(samples: list[int], tone_hz: float, rate_hz: int) -> float:
    """How much of a tone is in the samples; about half the square of its amplitude where it is all there is."""
    turn = 2 * math.cos(2 * math.pi * tone_hz / rate_hz)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    return 2 * (before**2 + last**2 - turn * before * last) / len(samples) ** 2


def seconds_with(file: bytes, tone_hz: float) -> list[list[int]]:
    """For each channel, the seconds in which the tone is to be heard."""
    with wave.open(io.BytesIO(file)) as read:
        rate_hz, channels = read.getframerate(), read.getnchannels()
        samples = array("h", read.readframes(read.getnframes()))
    sides = [list(samples[n::channels]) for n in range(channels)]
    return [
        [n for n in range(len(side) // rate_hz) if goertzel(side[n * rate_hz :][:rate_hz], tone_hz, rate_hz) > 1e6]
        for side in sides
    ]


@pytest.fixture(name="talk")
def two_in_a_conference() -> tuple[Network, Line, Line, Client]:
    network, _, caller = ring({"/v": CONFERENCE, "/other": CONFERENCE})
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    network.people.clear()
    made = client.calls.create(to="client:anna", from_=caller.to, url=f"{HOST}/other")
    network.advance(5)
    return network, caller, network.calls[made.sid], client


@pytest.mark.parametrize("behavior", ["silence", "skip"])
def test_a_tone_in_a_pause_is_not_on_the_tape(talk: tuple[Network, Line, Line, Client], behavior: str) -> None:
    network, caller, other, client = talk
    client.calls(caller.sid).recordings.create(recording_channels="dual")
    tapes = client.calls(caller.sid).recordings("Twilio.CURRENT")
    network.advance(2)
    sound(caller, 1000, 1)
    network.advance(2)
    sound(other, 1500, 6)  # from 4 s to 10 s; 5 to 8 are paused
    network.advance(1)
    tapes.update(status="paused", pause_behavior=behavior)
    sound(caller, 1000, 3)
    network.advance(3)
    tapes.update(status="in-progress")
    network.advance(4)
    tapes.update(status="stopped")
    network.advance(2)
    (recording,) = network.recordings.values()
    resumed = 5 if behavior == "skip" else 8
    assert recording.length_s == resumed + 4
    assert seconds_with(recording.media(), 1000) == [[2], []]
    assert seconds_with(recording.media(), 1500) == [[], [4, resumed, resumed + 1]]


def test_who_is_on_hold_does_not_hear_the_others(talk: tuple[Network, Line, Line, Client]) -> None:
    network, caller, other, client = talk
    client.calls(caller.sid).recordings.create()
    room = client.conferences.list(friendly_name="room")[0]
    client.conferences(room.sid).participants(caller.sid).update(hold=True)
    sound(other, 1500, 2)
    network.advance(3)
    caller.hang_up()
    network.run()
    (recording,) = network.recordings.values()
    assert seconds_with(recording.media(), 1500) == [[]]
