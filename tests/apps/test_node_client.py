"""The official Node client against the carrier's REST over HTTP, and its validator on what the carrier signs."""

from __future__ import annotations

import json
import random
import subprocess
from typing import Any
from urllib.parse import urlencode

from ivr.simulator.network import Network
from ivr.simulator.signature import sign
from tests.apps.running import HERE, environment, need_node, node
from tests.ivr.simulator.test_webhook import served
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, TinyApp, carrier, said

THEM = "+18005550177"
DOCUMENTS = {
    "/v": "<Sya/><Say>Hi</Say><Pause length='60'/>",
    "/queue": "<Enqueue waitUrl=''>first</Enqueue>",
    "/room": "<Dial><Conference waitUrl='' beep='false'>room</Conference></Dial>",
    "/u": "<Say>Elsewhere</Say>",
    "/other": "<Say>Other</Say>",
    "/cb": "",
}
BATCH = 300


def run(script: str, given: str = "", **more: str) -> Any:
    """What a script of ours prints, as JSON."""
    done = subprocess.run(
        node(HERE / "node" / script), input=given, env=environment(**more), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def busy() -> tuple[Network, TinyApp, dict[str, Any]]:
    """A network on which there is one of everything."""
    network, app = carrier(DOCUMENTS, account_sid="AC" + "5" * 32)
    network.line(THEM, answers_after_s=5)
    for name, number in (("queue", "+18005550143"), ("room", "+18005550144")):
        network.number(number, f"{HOST}/{name}")
    line = network.call(CALLER, NUMBER)
    for n in range(2):
        network.call(f"+491510000{n}", "+18005550143")
        network.call(f"+491510001{n}", "+18005550144")
    network.advance(3)
    return network, app, {"NUMBER": NUMBER, "THEM": THEM, "HOST": HOST, "LINE": line.sid}


def test_the_official_node_client_finds_everything_where_it_expects_it() -> None:
    need_node()
    network, app, world = busy()
    with served(network.rest) as url:
        found = run("rest.js", TWILIO_API_URL=url, WORLD=json.dumps(world))
    assert found["wrong"] == [401, 20003]
    assert found["calls"] == {
        "made": ["queued", "outbound-api", THEM, None],
        "listed": 1,
        "begun": 5,
        "pages": 3,
        "dated": True,
        "ended": "canceled",
        "refused": [400, 21220],
        "unknown": [404, 20404],
        "empty": [400, 21201],
        "removed": True,
    }
    assert found["recordings"] == {"made": ["in-progress", 2], "paused": "paused", "listed": 1, "all": 1}
    assert found["queues"] == {"changed": ["third", 5], "members": [1, 2], "front": True, "left": 1, "removed": True}
    assert found["conferences"] == {
        "inside": 2,
        "muted": [True, True],
        "invited": ["queued", True, "boss"],
        "out": True,
        "ended": "completed",
    }
    assert found["account"] == {
        "me": "active",
        "changed": [f"{HOST}/other", "GET"],
        "bought": True,
        "app": "Other",
        "keys": 1,
        "alerts": ["12200"],
        "notifications": 1,
        "callerIds": 0,
    }
    assert found["messages"] == {"made": ["queued", "Hello", "1"], "listed": 1}
    network.advance(1)
    assert app.to("/u")  # who was taken out of the queue is there
    line = network.call(CALLER, NUMBER)
    network.advance(1)
    assert said(line) == ["Other"]


def test_the_official_node_validator_takes_what_we_sign() -> None:
    need_node()
    dice = random.Random(4)  # noqa: S311 - examples, no secrets
    letters = "abcXYZ019 +&=%/?#'\"éß漢😀\t.-_~*"
    some = lambda most: "".join(dice.choice(letters) for _ in range(dice.randrange(most)))  # noqa: E731
    batch = []
    for number in range(BATCH):
        scheme, port = dice.choice([("http", ":5000"), ("http", ""), ("https", ""), ("http", ":80")])
        query = urlencode([(f"q{n}", some(9)) for n in range(dice.randrange(4))])
        url = f"{scheme}://a{number}.test{port}/voice/{dice.choice(['', 'x', 'caf%C3%A9'])}" + (
            f"?{query}" if query else ""
        )
        form = {dice.choice("abcABC") + str(n): some(12) for n in range(dice.randrange(6))}
        token = f"{dice.getrandbits(64):016x}"
        batch.append({"token": token, "url": url, "form": form, "signature": sign(token, url, form.items())})
    spoilt = [{**each, "signature": sign(each["token"] + "x", each["url"], each["form"].items())} for each in batch]
    answers = run("signatures.js", json.dumps(batch + spoilt))
    assert answers == [True] * BATCH + [False] * BATCH
