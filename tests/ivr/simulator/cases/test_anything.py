"""Anything an app may say, and anything callers may do meanwhile: the carrier never falls over and forgets nobody."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.verbs import MAIN
from tests.ivr.simulator.cases.page import nouns
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, carrier

OWN = "+18005550143"
PATHS = ["/v", "/a", "/b", "/gone", ""]
VALUES = ["", "0", "1", "2", "true", "false", "#", "*", "12", "dtmf speech", "GET", "busy", "x", "wss://s.test", "auto"]
VALUES += [
    "record-from-answer",
    "record-from-ringing-dual",
    "initiated answered completed",
    "start join leave",
    "onEnter",
]
TEXTS = ["", "Hello", "/a", "/b", "r", CALLER, OWN, "+18005550177", "sip:a@h.test", "client:anna"]
CHILDREN = {name: sorted(verb.children) for name, verb in MAIN.verbs.items()}
TABLES: Mapping[str, Mapping[str, object]] = {name: verb.attributes for name, verb in MAIN.verbs.items()}
TABLES = {**TABLES, **{name: table for name, (_, table) in nouns().items()}}


@st.composite
def element(draw: st.DrawFn, names: list[str], depth: int = 2) -> str:
    """One element with some of its attributes, a text and some children; now and then one that is wrong there."""
    name = draw(st.sampled_from(names))
    attributes = draw(st.lists(st.sampled_from([*TABLES.get(name, ()), "odd"]), max_size=4, unique=True))
    written = "".join(
        f" {each}={quoteattr(draw(st.sampled_from(PATHS if each.endswith(('ction', 'rl', 'allback')) else VALUES)))}"
        for each in attributes
    )
    inside = CHILDREN.get(name, []) or ["Say"]
    children = draw(st.lists(element(inside, depth - 1), max_size=2)) if depth else []
    return f"<{name}{written}>{escape(draw(st.sampled_from(TEXTS)))}{''.join(children)}</{name}>"


SENSIBLE = [
    "<Say>Hello</Say>",
    "<Gather numDigits='1' action='/a' input='dtmf speech'><Say>Press</Say></Gather>",
    "<Record action='/b' transcribe='true' transcribeCallback='/a'/>",
    "<Dial action='/a' record='true'>+18005550177</Dial>",
    f"<Dial action='/b' hangupOnStar='true'><Number url='/a'>+18005550177</Number><Number>{OWN}</Number></Dial>",
    f"<Dial sequential='true' timeout='2'><Number>+18005550199</Number><Number>{OWN}</Number></Dial>",
    "<Dial action='/a'><Conference record='record-from-start' waitUrl='/b'>r</Conference></Dial>",
    "<Dial hangupOnStar='true'><Conference endConferenceOnExit='true' statusCallback='/b'>r</Conference></Dial>",
    "<Enqueue waitUrl='/a' action='/b'>q</Enqueue>",
    "<Enqueue waitUrl=''>q</Enqueue>",
    "<Dial timeout='9' action='/b'><Queue url='/a'>q</Queue></Dial>",
    "<Connect action='/a'><Stream url='wss://s.test' statusCallback='/b'/></Connect>",
    f"<Start><Stream url='wss://s.test'/><Recording recordingStatusCallback='{HOST}/a'/><Transcription/></Start>",
    "<Pause length='2'/>",
    "<Sms statusCallback='/a'>Hi</Sms>",
    "<Redirect>/b</Redirect>",
    "<Leave/>",
]
verbs = st.one_of(st.sampled_from(SENSIBLE), st.sampled_from(SENSIBLE), element(sorted(MAIN.verbs)))
document = st.lists(verbs, min_size=1, max_size=4).map("".join)
ACTS = ("press", "speak", "hang up", "close", "update", "end", "wait", "answer")
acts = st.lists(st.tuples(st.sampled_from(ACTS), st.floats(0, 40), st.integers(0, 3)), max_size=8)


def act(network: Network, line: Line, what: str) -> None:
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    if what == "press":
        line.press("1#*")
    elif what == "speak":
        line.speak("hello", 3)
    elif what == "hang up":
        line.hang_up()
    elif what == "close":
        line.close_stream()
    elif what == "answer":
        line.answer()
    elif what in ("update", "end"):
        order = {"url": f"{HOST}/b"} if what == "update" else {"status": "completed"}
        try:
            client.calls(line.sid).update(**order)
        except TwilioRestException as refused:
            assert refused.status == 400  # noqa: PT017 - a refusal is as good as an answer


def holds(documents: dict[str, str], happenings: list[tuple[str, float, int]]) -> None:
    network, app = carrier(documents, fallback_url=f"{HOST}/a", status_callback=f"{HOST}/b")
    network.number(OWN, f"{HOST}/a")
    network.line("+18005550177", answers_after_s=3, keys="1")
    network.call(CALLER, NUMBER)
    network.call("client:ben", NUMBER)
    for what, seconds, which in happenings:
        network.advance(seconds)
        lines = list(network.calls.values())
        act(network, lines[which % len(lines)], what)
    for _ in range(40):  # documents may call somebody at any time, also while we hang up
        for line in list(network.calls.values()):
            if not line.over:
                line.hang_up()
        network.advance(30)
    assert [line.state for line in network.calls.values() if not line.over] == []
    assert all(each.signed for each in app.asked)
    assert not any(queue.members for queue in network.queues.values())
    assert not any(conference.participants for conference in network.conferences.values())
    assert not any(tape.runs for tape in network.tapes.values())
    assert not any(line.streams for line in network.calls.values())


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({"/v": document, "/a": document, "/b": document}), acts)
def test_nothing_that_is_said_or_done_breaks_the_carrier(documents: dict[str, str], happenings: list) -> None:
    holds(documents, happenings)


@pytest.mark.deep
@settings(max_examples=2000, deadline=None)
@given(st.fixed_dictionaries({"/v": document, "/a": document, "/b": document}), acts)
def test_nothing_at_all_that_is_said_or_done_breaks_the_carrier(documents: dict[str, str], happenings: list) -> None:
    holds(documents, happenings)
