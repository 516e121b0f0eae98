"""Who speaks in the page: the token that lets it be rung, whom the page may then ask, and whom the carrier rings."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from ivr import wire
from ivr.accounts import Accounts
from ivr.role import Role
from ivr.settings import ApiKey
from ivr.tokens import Tokens
from tests.ivr.web.desk_world import PASSWORD, QUICK, Seat, StandInCarrier, World

KEY = ApiKey("SK" + "2" * 32, "s" * 32)
TWILIOS = {"wss://voice-js.roaming.twilio.com", "https://eventgw.twilio.com"}
NAMES = st.text(string.ascii_lowercase + string.digits + "._-", min_size=1, max_size=64)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    """Makes the application of an installation with other settings, with anna at her desk."""
    worlds = []

    def made(address: str = "client:anna.b-1", **settings: Any) -> World:
        world = World(tmp_path, **{"simulated": False, **settings})
        worlds.append(world)
        world.representative("anna.b-1")
        with world.store.transaction() as tx:
            tx.floor.change(tx.floor.agent("anna.b-1"), address=address)
        return world

    yield made
    for world in worlds:
        world.close()


def seat(world: World) -> Seat:
    its = Seat(world.app.wsgi.test_client(), "anna.b-1")
    its.log_in()
    return its


def policy(browser: FlaskClient, path: str = "/desk") -> dict[str, set[str]]:
    parts = browser.get(path).headers["Content-Security-Policy"].split("; ")
    return {name: set(rest.split()) for name, _, rest in (part.partition(" ") for part in parts)}


def test_a_token_lets_its_owners_page_be_rung_for_ten_minutes_and_call_nobody(make: Any) -> None:
    answer = seat(make(api_key=KEY)).post("speaking/token")
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.get_json()
    read = jwt.decode(told["token"], KEY.secret, algorithms=["HS256"], options={"verify_exp": True})
    head = jwt.get_unverified_header(told["token"])
    assert (head["cty"], head["alg"]) == ("twilio-fpa;v=1", "HS256")
    assert (read["iss"], read["sub"]) == (KEY.sid, "AC" + "1" * 32)
    assert read["grants"] == {"identity": "anna_2eb_2d1", "voice": {"incoming": {"allow": True}}}
    assert told["length_s"] == 600
    made_at = int(read["jti"].rpartition("-")[2])
    assert 598 <= read["exp"] - made_at <= 602
    assert "nbf" not in read
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(told["token"], "t" * 32, algorithms=["HS256"])  # not with the token that signs webhooks


def test_whom_the_token_names_is_whom_the_carrier_rings(make: Any) -> None:
    world = make(api_key=KEY)
    anna = seat(world)
    anna.post("ready")
    world.caller_waits()
    world.carrier.orders.clear()
    anna.accepts()
    token = anna.post("speaking/token").get_json()["token"]
    identity = jwt.decode(token, options={"verify_signature": False})["grants"]["identity"]
    assert [order["To"] for _, order in world.carrier.orders] == [f"client:{identity}"]


@given(NAMES, NAMES)
def test_every_name_is_one_that_the_carrier_takes_and_no_two_are_one(one: str, other: str) -> None:
    names = wire.identity(one), wire.identity(other)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+", name) for name in names)  # Twilio's error 31105
    assert (names[0] == names[1]) == (one == other)
    assert re.sub("_(..)", lambda code: chr(int(code[1], 16)), names[0]) == one


def test_telephones_and_sip_addresses_are_rung_as_they_are() -> None:
    carrier = StandInCarrier()
    its = wire.Carrier("AC" + "1" * 32, "t" * 32, None, carrier, strict_names=True)
    for address in ("+4930123456", "sip:anna.b-1@pbx.example.com"):
        its.ring(address, "+18005550142", "https://ivr.example/voice/agent", "https://ivr.example/s", 20)
    assert [order["To"] for _, order in carrier.orders] == ["+4930123456", "sip:anna.b-1@pbx.example.com"]


@pytest.mark.parametrize(
    ("address", "settings"),
    [
        ("+4930123456", {"api_key": KEY}),
        pytest.param("sip:anna@pbx.example.com", {"api_key": KEY}, marks=pytest.mark.deep),
        ("client:anna.b-1", {"api_key": KEY, "simulated": True}),
    ],
)
def test_who_is_rung_elsewhere_gets_no_token_and_the_page_loads_nothing_for_it(
    make: Any, address: str, settings: dict[str, Any]
) -> None:
    anna = seat(make(address, **settings))
    answer = anna.post("speaking/token")
    assert answer.status_code == 409
    assert "token" not in answer.get_json()
    assert TWILIOS.isdisjoint(policy(anna.browser).get("connect-src", set()))


def test_only_the_page_that_speaks_may_use_the_microphone_and_asks_no_other_hosts_than_the_carriers(make: Any) -> None:
    anna = seat(make(api_key=KEY))
    assert policy(anna.browser)["connect-src"] == {"'self'", *TWILIOS}
    assert "microphone=(self)" in anna.browser.get("/desk").headers["Permissions-Policy"]
    for path in ("/cases", "/account", "/desk/parts", "/login"):
        assert "connect-src" not in policy(anna.browser, path)
        assert "microphone=()" in anna.browser.get(path).headers["Permissions-Policy"]
    page = anna.browser.get("/desk").text
    assert KEY.secret not in page
    assert "twilio" not in page  # the SDK is not loaded with the page, but when a line is opened


def test_with_a_carrier_on_this_machine_the_page_may_ask_it_and_nobody_else(make: Any) -> None:
    anna = seat(make(simulated=True, phone_url="http://127.0.0.1:8081/phone"))
    assert policy(anna.browser)["connect-src"] == {"'self'", "http://127.0.0.1:8081"}
    assert 'data-phones="http://127.0.0.1:8081/phone"' in anna.browser.get("/desk").text
    assert anna.post("speaking/token").status_code == 409


def test_a_desk_that_no_call_can_reach_says_so(make: Any) -> None:
    anna = seat(make())
    assert anna.post("speaking/token").status_code == 409
    page = anna.browser.get("/desk").text
    assert "speaking in this page is not set up" in page
    assert 'id="speaking"' not in page


def test_who_has_no_seat_and_programs_get_no_token(make: Any) -> None:
    world = make(api_key=KEY)
    Accounts(world.store, QUICK).set_password("olga", PASSWORD, Role.SUPERVISOR)
    olga = world.app.wsgi.test_client()
    olga.post("/login", data={"name": "olga", "password": PASSWORD})
    word = re.search(r'name="csrf" value="([^"]+)"', olga.get("/account").text)[1]
    refused = olga.post("/desk/api/speaking/token", json={}, headers={"X-CSRF-Token": word})
    assert refused.status_code == 409
    _, program = Tokens(world.store).make("crm", Role.REPRESENTATIVE, "olga")
    headers = {"Authorization": f"Bearer {program}"}
    answer = world.app.wsgi.test_client().post("/desk/api/speaking/token", json={}, headers=headers)
    assert answer.status_code == 409
    anna = seat(world)
    assert anna.browser.post("/desk/api/speaking/token", json={}).status_code == 403
