"""Asking another system: only public addresses, only what was asked for, never longer or more than allowed."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterator

import pytest

from ivr.fetch import NotFetched, fetch_json, is_public
from ivr.lookup import pick
from tests.ivr.shop import Server, a_shop


@pytest.fixture(name="shop")
def a_shop_on_this_machine() -> Iterator[Server]:
    with a_shop() as shop:
        yield shop


def test_what_is_wanted_of_an_answer_is_picked_out(shop):
    answer = fetch_json(f"{shop.url}/orders/471234?a=1", 2, loopback=True)
    into = {
        "s": "order.status",
        "n": "order.parcels",
        "g": "order.gift",
        "first": "order.lines.0.name",
        "no": "order.x.y",
    }
    assert pick(answer, into) == {"s": "shipped", "n": "3", "g": "true", "first": "pot"}
    assert pick(answer, {"group": "order", "far": "order.lines.7.name", "odd": "order.status.x"}) == {}
    assert shop.asked == ["/orders/471234?a=1"]


@pytest.mark.parametrize("path", ["broken", "deep", "error", "elsewhere", "huge", "drip", "headers", "late"])
def test_whatever_else_comes_is_no_answer_and_costs_no_more_than_its_time(shop, path):
    begun = time.monotonic()
    with pytest.raises(NotFetched):
        fetch_json(f"{shop.url}/{path}", 0.5, loopback=True)
    assert time.monotonic() - begun < 1.5
    assert len(shop.asked) == 1, "nothing is followed"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/", "https://192.168.0.1/", "https://172.16.0.1/",
        "https://169.254.169.254/latest/meta-data", "https://100.64.0.1/", "https://0.0.0.0/", "https://255.255.255.255/",
        "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://2130706433/",
        "https://0x7f000001/", "https://0177.0.0.1/", "https://127.1/", "http://192.0.2.1/", "ftp://example.com/",
        "https:///x", "https://user:pass@example.com/", "https://example.com:99999/", "https://[::1/", "file:///etc/passwd",
        "https://nowhere.invalid/", "https://a" + "b" * 3000 + "/",
    ],
)  # fmt: skip
def test_no_network_of_anybodys_own_is_asked(url):
    with pytest.raises(NotFetched):
        fetch_json(url, 0.5)


def test_plain_http_is_for_this_machine_alone(monkeypatch, shop):
    with pytest.raises(NotFetched):
        fetch_json(f"{shop.url}/orders/1", 1)
    assert shop.asked == []


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_asked(address):
    assert is_public(ipaddress.ip_address(address))


def test_why_it_failed_never_says_what_was_asked(shop):
    with pytest.raises(NotFetched) as failed:
        fetch_json(f"{shop.url}/error/271828?pin=271828", 1, loopback=True)
    assert "271828" not in str(failed.value)
