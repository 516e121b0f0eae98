"""Text messages over REST, as the official client sends and reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.simulator.network import Network

NUMBER, CALLER = "+498005550199", "+4915112345678"


@pytest.fixture(name="network")
def a_carrier() -> Network:
    network = Network(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    network.number(NUMBER, "https://hotline.example/voice")
    return network


@pytest.fixture(name="client")
def the_official_client(network: Network) -> Client:
    return Client(network.account_sid, network.auth_token, http_client=network.rest_transport)


def test_a_message_is_sent_and_can_be_read(network, client):
    made = client.messages.create(to=CALLER, from_=NUMBER, body="Order 4711")
    assert (made.status, made.direction, made.num_segments) == ("queued", "outbound-api", "1")
    assert client.messages(made.sid).fetch().body == "Order 4711"
    assert [each.sid for each in client.messages.list(to=CALLER)] == [made.sid]
    assert client.messages.list(to=NUMBER) == []
    assert network.messages[made.sid].to == CALLER


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"to": "", "from_": NUMBER, "body": "x"}, 21604),
        ({"to": "anonymous", "from_": NUMBER, "body": "x"}, 21211),
        ({"to": CALLER, "from_": "", "body": "x"}, 21603),
        ({"to": CALLER, "from_": "+15005550006", "body": "x"}, 21606),
        ({"to": CALLER, "from_": NUMBER, "body": ""}, 21602),
        ({"to": CALLER, "from_": NUMBER, "body": "x" * 1601}, 21617),
    ],
)
def test_what_no_carrier_would_send_is_refused(network, client, order, code):
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**order)
    assert refused.value.code == code
    assert not network.messages


def test_a_message_that_was_never_sent_is_not_found(client):
    with pytest.raises(TwilioRestException) as refused:
        client.messages("SM" + "0" * 32).fetch()
    assert refused.value.status == 404
