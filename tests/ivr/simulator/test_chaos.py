"""Chaos, kind by kind: how it is written, that each mishap happens and does what is said, and that it repeats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.chaos import Chaos, Outage, Span
from ivr.simulator.document import APOLOGY
from ivr.simulator.line import Line
from ivr.simulator.network import Network
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, at, carrier, codes, said

LONG = "Please listen carefully, because our menu has changed since you called us last."
MENU = {
    "/v": f"<Gather action='/g' numDigits='2' timeout='3'><Say>{LONG}</Say></Gather><Say>Nothing</Say>",
    "/g": "<Say>Thanks</Say>",
    "/cb": "",
    "/f": "<Say>Sorry</Say>",
}
CASES = [
    ("", Chaos()),
    ("reorder", Chaos(reorder=1)),
    ("duplicate=0.1, delay=2s..20s", Chaos(duplicate=0.1, delay=Span(2, 20))),
    ("delay=500ms", Chaos(delay=Span(0.5, 0.5))),
    ("slow-answer=1..14", Chaos(slow_answer=Span(1, 14))),
    ("carrier-down=95m@1h", Chaos(carrier_down=Outage(5700, 3600))),
    ("rest-429=0.2,rest-500", Chaos(rest_429=0.2, rest_500=1)),
]


@pytest.mark.parametrize(("text", "chaos"), CASES)
def test_it_is_read(text: str, chaos: Chaos) -> None:
    assert Chaos.read(text) == chaos


UNREAD = [
    ("dupl", "did you mean duplicate?"),
    ("rest_500", "did you mean rest-500?"),
    ("xyz", "there is duplicate, delay, drop"),
    ("drop=2", "drop=2: a share from 0 to 1"),
    ("drop=nan", "a share from 0 to 1"),
    ("drop=", "lacks its value"),
    ("drop,drop", "stands there twice"),
    ("delay=9s..2s", "the shorter time comes first"),
    ("delay=3y", "a length of time up to a day"),
    ("carrier-down=-1s", "a length of time up to a day"),
    ("drop," * 200, "more than 500 characters"),
]


@pytest.mark.parametrize(("text", "why"), UNREAD)
def test_what_cannot_be_read_is_named(text: str, why: str) -> None:
    with pytest.raises(ValueError, match="(?s).*" + why.replace("?", r"\?")):
        Chaos.read(text)


shares = st.sampled_from([0.0, 0.01, 0.25, 1.0])
spans = st.none() | st.sampled_from([Span(0, 0), Span(2, 20), Span(0.5, 3)])
outages = st.none() | st.sampled_from([Outage(60), Outage(5700, 0), Outage(1, 20)])


@given(st.builds(Chaos, shares, spans, shares, shares, shares, shares, spans, shares, shares, shares, outages))
def test_it_is_written_as_it_is_read(chaos: Chaos) -> None:
    assert Chaos.read(str(chaos)) == chaos
    assert bool(str(chaos)) == bool(chaos)


def hit(chaos: str, seed: int = 1, **documents: str) -> tuple[Network, TinyApp, Line]:
    """A call that presses 1 and 2 as soon as it can, under chaos, to its end."""
    network, app = carrier(
        MENU | {f"/{name}": text for name, text in documents.items()},
        chaos=chaos,
        seed=seed,
        status_callback=f"{HOST}/cb",
        fallback_url=f"{HOST}/f",
    )
    line = network.call(CALLER, NUMBER)
    if network.run_until(lambda: line.awaits_input, 120):
        line.press("12")
    network.run()
    assert line.over
    return network, app, line


def mishaps(network: Network) -> list[str]:
    return [entry.text for entry in network.trace if entry.kind == "chaos"]


def test_without_chaos_nothing_goes_wrong() -> None:
    network, app, line = hit("")
    assert app.paths() == ["/v", "/g", "/cb"]
    assert said(line) == [LONG, "Thanks"]
    assert not mishaps(network)


def test_duplicate_each_request_comes_twice_with_one_token_and_one_effect() -> None:
    network, app, line = hit("duplicate")
    assert app.paths() == ["/v", "/v", "/g", "/g", "/cb", "/cb"]
    tokens = [each.headers["I-Twilio-Idempotency-Token"] for each in app.asked]
    assert tokens[::2] == tokens[1::2]
    assert len(set(tokens)) == 3
    assert all(each.signed for each in app.asked)
    assert said(line) == [LONG, "Thanks"]
    assert len(mishaps(network)) == 3


def test_delay_callbacks_come_later_and_documents_do_not() -> None:
    network, _app, line = hit("delay=30s")
    assert said(line) == [LONG, "Thanks"]
    (told,) = [each for each in network.webhooks if each.purpose == "callback"]
    assert (told.time - line.ended_at).total_seconds() == pytest.approx(30)


def test_drop_a_callback_never_comes() -> None:
    network, app, _ = hit("drop")
    assert "/cb" not in app.paths()
    assert mishaps(network)[-1] == f"the callback {HOST}/cb is lost"


def test_drop_a_lost_request_is_tried_again_and_a_lost_answer_leads_to_the_fallback() -> None:
    seen = set()
    for seed in range(20):
        network, _app, line = hit("drop=0.5", seed)
        lost = [each.error for each in network.webhooks if each.status is None]
        seen |= {"request" for error in lost if "request is lost" in error}
        seen |= {"answer" for error in lost if "answer is lost" in error}
        seen |= {"retried"} if len(lost) == 1 and not codes(network) else set()
        seen |= {"fallback"} if "Sorry" in said(line) else set()
        seen |= {"given up"} if APOLOGY in said(line) else set()
        assert at(network) < 5 * 15 + 30
    assert seen == {"request", "answer", "retried", "fallback", "given up"}


def test_reorder_a_callback_is_overtaken_by_the_next() -> None:
    asked = "statusCallback='/cb' statusCallbackEvent='initiated ringing answered completed'"
    document = f"<Dial><Number {asked}>+15005550009</Number></Dial>"
    network, app = carrier({"/v": document, "/cb": ""}, chaos="reorder")
    network.line("+15005550009", answers_after_s=2)
    line = network.call(CALLER, NUMBER)
    network.run_until(lambda: line.state == "bridged")
    network.advance(5)
    line.hang_up()
    network.run()
    assert [each["SequenceNumber"] for each in app.to("/cb")] == ["1", "0", "3", "2"]


def test_reorder_the_last_one_is_not_held_for_ever() -> None:
    network, app, line = hit("reorder")
    assert len(app.to("/cb")) == 1
    assert (network.webhooks[-1].time - line.ended_at).total_seconds() == 60


@pytest.mark.parametrize(("chaos", "status", "code"), [("rest-429", 429, 20429), ("rest-500", 500, 20500)])
def test_rest_refuses(chaos: str, status: int, code: int) -> None:
    network, _ = carrier({}, chaos=chaos)
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA1").fetch()
    assert (refused.value.status, refused.value.code) == (status, code)
    assert mishaps(network)[0].startswith("REST GET /2010-04-01/Accounts/AC")


def test_rest_500_half_the_time_after_it_was_done() -> None:
    network, _ = carrier({}, chaos="rest-500")
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    for number in range(20):
        with pytest.raises(TwilioRestException):
            client.queues.create(friendly_name=f"queue {number}")
    assert 5 <= len(network.queues) <= 15
    assert len([text for text in mishaps(network) if text.endswith("after it was done")]) == len(network.queues)


def test_slow_answer_the_caller_hears_nothing_until_it_comes() -> None:
    _network, _, line = hit("slow-answer=5s")
    assert (line.answered_at - line.created).total_seconds() == 5
    assert said(line) == [LONG, "Thanks"]


def test_slow_answer_above_the_limit_is_none() -> None:
    network, _app, line = hit("slow-answer=16s")
    assert codes(network) == [11203, 11203]
    assert at(network) >= 30
    assert said(line) == [APOLOGY]


def test_lost_digit_nothing_is_heard_of_a_key() -> None:
    network, _app, line = hit("lost-digit")
    assert said(line) == [LONG, "Nothing"]
    assert mishaps(network) == ["a key is not heard"] * 2


def test_double_digit_a_key_is_heard_twice() -> None:
    network, app, _ = hit("double-digit")
    assert app.to("/g")[0]["Digits"] == "11"
    assert mishaps(network) == ["a key is heard twice"] * 2


def test_hangup_mid_prompt_the_caller_leaves_before_it_is_over() -> None:
    _network, app, line = hit("hangup-mid-prompt")
    assert app.paths() == ["/v", "/cb"]
    assert line.ended_by == "caller"
    assert 0 < (line.ended_at - line.answered_at).total_seconds() < len(LONG) / 13.4


def test_carrier_down_nothing_reaches_the_app_and_rest_is_unavailable() -> None:
    network, app = carrier(MENU, chaos="carrier-down=60s@2s", status_callback=f"{HOST}/cb")
    line, other = network.call(CALLER, NUMBER), network.call("+15005550002", NUMBER)
    network.run_until(lambda: line.awaits_input)
    other.hang_up()
    line.press("12")
    network.advance(1)
    assert app.paths() == ["/v", "/v"]
    client = Client(network.account_sid, network.auth_token, http_client=network.rest_transport)
    with pytest.raises(TwilioRestException) as refused:
        client.calls("CA1").fetch()
    assert refused.value.status == 503
    network.run()
    assert app.paths() == ["/v", "/v", "/g", "/cb"]  # what is told of the other's end is lost
    assert (line.ended_at - line.created).total_seconds() > 62


def test_chaos_may_begin_and_end_in_the_middle() -> None:
    network, app = carrier(MENU, status_callback=f"{HOST}/cb")
    line = network.call(CALLER, NUMBER)
    network.run_until(lambda: line.awaits_input)
    network.misbehave("duplicate")
    line.press("12")
    network.run_until(lambda: line.over)
    network.misbehave("")
    network.run()
    assert app.paths() == ["/v", "/g", "/g", "/cb"]


def test_mishaps_repeat_from_their_seed_and_leave_the_rest_as_it_is() -> None:
    text = "duplicate=0.5,delay,drop=0.2,slow-answer,lost-digit=0.2"

    def story(chaos: str, seed: int) -> list[tuple[str, str]]:
        return [(entry.kind, entry.text) for entry in hit(chaos, seed)[0].trace]

    assert story(text, 3) == story(text, 3)
    assert len({tuple(story(text, seed)) for seed in range(5)}) == 5
    sids = [hit(chaos, 3)[2].sid for chaos in ("", text)]
    assert sids[0] == sids[1]
