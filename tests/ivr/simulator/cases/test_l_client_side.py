"""Cases L: what apps made with the official package send and check, seen from the carrier - see docs/twiml.md."""

from __future__ import annotations

import pytest
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Dial, VoiceResponse
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from ivr.simulator.signature import sign
from tests.ivr.simulator.test_signature import VECTORS
from tests.ivr.simulator.tiny_app import TOKEN, codes, ring


@pytest.mark.parametrize(("url", "form", "signature"), VECTORS)
def test_l1_six_known_signatures(url: str, form: list[tuple[str, str]], signature: str) -> None:
    """Ours, and the official validator's."""
    assert sign(TOKEN, url, form) == signature
    assert RequestValidator(TOKEN).validate(url, MultiDict(form), signature)


def test_l2_a_wrong_token_is_not_taken() -> None:
    """By the official validator."""
    url, form, _ = VECTORS[0]
    assert not RequestValidator(TOKEN).validate(url, MultiDict(form), sign("54321", url, form))


def test_l3_a_bare_question_mark() -> None:
    """Signed as it is sent; the official validator drops it and cannot agree."""
    url = "https://a.test/v?"
    assert sign(TOKEN, url) != sign(TOKEN, "https://a.test/v")
    assert not RequestValidator(TOKEN).validate(url, {}, sign(TOKEN, url))


def test_l4_repeated_parameters() -> None:
    """The distinct values, sorted."""
    url = "http://x/y"
    assert sign(TOKEN, url, [("a", "2"), ("a", "1"), ("a", "1")]) == sign(TOKEN, url, [("a", "1"), ("a", "2")])
    form = MultiDict([("a", "2"), ("a", "1"), ("a", "1")])
    assert RequestValidator(TOKEN).validate(url, form, sign(TOKEN, url, list(form.items(multi=True))))


def test_l5_a_list_in_a_twiml_helper() -> None:
    """It renders Python's list: the carrier warns, and only completed is told."""
    response, dial = VoiceResponse(), Dial()
    dial.number("+18005550177", status_callback="/c", status_callback_event=["initiated", "answered"])
    response.append(dial)
    network, app, _ = ring({"/v": Response(str(response), content_type="text/xml"), "/c": ""}, strangers="busy")
    network.run()
    assert codes(network) == [12200]
    assert [each["CallStatus"] for each in app.to("/c")] == ["busy"]
