"""Twilio's own Voice SDK on the desk's page, with a stand-in for Twilio's gateway and a browser at the other end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest

from ivr.settings import ApiKey
from ivr.web.app import create_app
from tests.chromium import CHROMIUM, MARKS, new_page
from tests.ivr.web.browser import come_in
from tests.ivr.web.desk_world import PASSWORD
from tests.ivr.web.served import Served
from tests.sound import METER, hears, hears_nothing

pytestmark = [*MARKS, pytest.mark.deep]
KEY = ApiKey("SK" + "2" * 32, "s" * 32)
CALL = "CA" + "7" * 32
GATEWAY = "wss://voice-js.roaming.twilio.com/signal"

# The other end of the conversation: what Twilio's media server would be.
OTHER_END = """
window.begin = async () => {
  window.connection = new RTCPeerConnection();
  connection.addEventListener("track", ({ track }) => {
    window.element = new Audio();
    element.srcObject = new MediaStream([track]);
    element.play();
  });
  const context = new AudioContext(), voice = context.createOscillator(), out = context.createMediaStreamDestination();
  voice.connect(out);
  voice.start();
  return () => connection.addTrack(out.stream.getAudioTracks()[0], out.stream);
};
window.described = async (description) => {
  await connection.setLocalDescription(description);
  while (connection.iceGatheringState !== "complete") await new Promise((done) => setTimeout(done, 20));
  return connection.localDescription.sdp;
};
window.offer = async () => {
  (await begin())();
  return described(await connection.createOffer());
};
window.reply = async (sdp) => {
  connection.close();
  const speak = await begin();
  await connection.setRemoteDescription({ type: "offer", sdp });
  speak();
  return described(await connection.createAnswer());
};
window.take = (sdp) => connection.setRemoteDescription({ type: "answer", sdp });
null;
"""


class Gateway:
    """Says to the SDK what Twilio's says, as far as the SDK's source shows it, and keeps what the SDK says."""

    def __init__(self, context: Any) -> None:
        self.said: list[dict[str, Any]] = []
        self._socket: Any = None
        context.route_web_socket(GATEWAY, self._connect)

    def _connect(self, socket: Any) -> None:
        self._socket = socket
        socket.on_message(self._take)

    def _take(self, text: str) -> None:
        if text == "\n":
            return
        message = json.loads(text)
        self.said.append(message)
        if message["type"] == "listen":
            token = jwt.decode(message["payload"]["token"], KEY.secret, algorithms=["HS256"])
            known = {"identity": token["grants"]["identity"], "ttl": 600}
            self.send("connected", edge="roaming", region="US_EAST_VIRGINIA", gateway="g", token=known)
        if message["type"] == "register":
            self.send("ready")

    def send(self, kind: str, **payload: Any) -> None:
        """Say something to the page."""
        self._socket.send(json.dumps({"type": kind, "payload": payload, "version": "1.6"}))

    def waits_for(self, page: Any, kind: str, count: int = 1) -> dict[str, Any]:
        """What the SDK says of this kind, the `count`th time."""
        for _ in range(400):
            found = [each for each in self.said if each["type"] == kind]
            if len(found) >= count:
                return found[count - 1]["payload"]
            page.wait_for_timeout(25)
        raise AssertionError(f"the SDK never said {kind}, but {[each['type'] for each in self.said]}")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Served]:
    """The application of an installation with a real account and a key."""
    world = Served(tmp_path)
    world.app.close()
    settings = replace(world.app.wsgi.extensions["settings"], simulated=False, api_key=KEY)
    carrier = world.carrier
    world.app = create_app(settings, clock=lambda: world.now, carrier_http=carrier, after_commit=lambda order: order())
    world.switchboard = world.app.switchboard
    world.store = world.switchboard.store
    yield world
    world.stop()


@pytest.fixture
def context(one_playwright: Any) -> Iterator[Any]:
    flags = ["--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
    browser = one_playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *flags])
    context = browser.new_context(permissions=["microphone"], locale="en-GB")
    context.add_init_script(METER)
    yield context
    browser.close()


def test_an_accepted_call_is_answered_by_the_sdk_and_heard_and_goes_on_after_a_reload(
    world: Served, context: Any
) -> None:
    hosts: set[str] = set()
    gateway, desk = Gateway(context), new_page(context)
    desk.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    context.route("https://eventgw.twilio.com/**", lambda route: route.fulfill(status=200, body=""))
    world.representative("claims-1")
    come_in(desk, world.url, "claims-1", PASSWORD)
    desk.goto(f"{world.url}/desk")
    desk.locator("#speaking[data-state=there]").wait_for()
    assert jwt.decode(gateway.waits_for(desk, "listen")["token"], options={"verify_signature": False})["grants"][
        "identity"
    ] == "claims_2d1"  # fmt: skip
    desk.keyboard.press("F9")
    desk.get_by_text("The next call will ring here.").wait_for()
    contact = world.caller_waits()
    other = new_page(context)  # on no page of ours
    other.evaluate(OTHER_END)
    offer = other.evaluate("offer()")
    gateway.send("invite", callsid=CALL, sdp=offer, reconnect="way-back", parameters={"CallSid": CALL, "From": "+1"})
    desk.locator("#speaking[data-state=ringing]").wait_for()
    assert not [each for each in gateway.said if each["type"] == "answer"]  # nobody has accepted anything yet
    desk.bring_to_front()
    desk.keyboard.press("F2")
    other.evaluate("(sdp) => take(sdp)", gateway.waits_for(desk, "answer")["sdp"])
    desk.locator("#speaking[data-state=talking]").wait_for()
    world.leg_answers(contact)
    world.caller_joins(contact)
    desk.get_by_role("button", name="Hold").wait_for()
    assert hears(desk)
    assert hears(other)
    desk.keyboard.press("F7")
    assert hears_nothing(other)
    desk.keyboard.press("F7")
    assert hears(other)
    desk.reload()
    back = gateway.waits_for(desk, "invite")
    assert (back["callsid"], back["reconnect"]) == (CALL, "way-back")
    assert not [each for each in gateway.said if each["type"] == "hangup"]
    gateway.send("answer", callsid=CALL, sdp=other.evaluate("(sdp) => reply(sdp)", back["sdp"]), reconnect="way-back")
    desk.locator("#speaking[data-state=talking]").wait_for()
    assert hears(desk)
    assert hears(other)
    gateway.send("hangup", callsid=CALL)
    desk.locator("#speaking[data-state=there]").wait_for()
    assert hosts <= {world.url.split("/")[2], "eventgw.twilio.com"}
    assert desk.complaints == []
