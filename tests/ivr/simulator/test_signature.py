"""Signatures: the vectors of the reference, and the official validator as an oracle."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.simulator.signature import as_sent, sign
from tests.ivr.simulator.tiny_app import CALLER, NUMBER, carrier

BODY = '{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}'
CLASSIC = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675310"),
    ("Digits", "1234"),
    ("From", "+14158675310"),
    ("To", "+18005551212"),
]
OTHER = [(name, "+14158675309" if name in ("Caller", "From") else value) for name, value in CLASSIC]
VECTORS = [
    ("https://example.com/myapp.php?foo=1&bar=2", CLASSIC, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
    ("https://mycompany.com/myapp.php?foo=1&bar=2", OTHER, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (
        "https://example.com/myapp.php?foo=1&bar=2&CallSid=CA1234567890ABCDE&Digits=1234",
        [],
        "A7E76opodBqb6f6fT20qpZDD1+M=",
    ),
    (
        "http://127.0.0.1:5000/voice",
        [("CallSid", "CA00000000000000000000000000000001"), ("Digits", ""), ("ToCity", "")],
        "z+8k9K8KviFP6O+5wXYeshlHbRI=",
    ),
    ("http://x/y", [("a", "2"), ("a", "1"), ("a", "1"), ("b", "x")], "DmzFXtQxhMRpZ/anJRP7du4etfc="),
    (
        f"https://example.com/myapp?bodySHA256={hashlib.sha256(BODY.encode()).hexdigest()}",
        [],
        "hPXmLwIy3Fgqv1i9KPmH/HhQ6zo=",
    ),
]


@pytest.mark.parametrize(("url", "form", "signature"), VECTORS)
def test_a_known_request_has_its_known_signature(url: str, form: list[tuple[str, str]], signature: str) -> None:
    assert sign("12345", url, form) == signature


def test_fragment_and_login_are_neither_sent_nor_signed() -> None:
    assert as_sent("https://u:p@a.test:81/v?x=1#rc=2") == "https://a.test:81/v?x=1"


def test_a_url_without_a_path_is_signed_as_the_app_sees_it():
    for url in ("https://a.test", "https://a.test?x=1"):
        network, app = carrier({"/": "<Say>Hi.</Say>"})
        network.number(NUMBER, url)
        network.call(CALLER, NUMBER)
        network.run()
        assert [asked.signed for asked in app.asked] == [True], url
    assert sign("t", "https://u:p@a.test/v#rc=2") == sign("t", "https://a.test/v")


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@given(
    token=st.text("0123456789abcdef", min_size=1, max_size=32),
    query=st.lists(st.tuples(st.text("abcXYZ", min_size=1, max_size=4), words), max_size=4),
    form=st.lists(st.tuples(st.text("abcXYZ", min_size=1, max_size=4), words), max_size=6),
    place=st.sampled_from(
        ["https://ivr.example", "https://ivr.example:8443", "http://127.0.0.1:5000", "http://localhost"]
    ),
)
def test_the_official_validator_takes_what_we_sign(
    token: str, query: list[tuple[str, str]], form: list[tuple[str, str]], place: str
) -> None:
    url = f"{place}/voice" + (f"?{urlencode(query)}" if query else "")
    assert RequestValidator(token).validate(url, MultiDict(form), sign(token, url, form))
    assert not RequestValidator(token + "x").validate(url, MultiDict(form), sign(token, url, form))
