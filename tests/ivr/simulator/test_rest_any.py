"""Whatever is asked of REST is answered in its own form: never by an exception, never by an unknown status."""

from __future__ import annotations

import json
import re
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from ivr.simulator.network import Network
from ivr.simulator.rest.door import ROUTES
from tests.ivr.simulator.tiny_app import CALLER, HOST, NUMBER, carrier

NAMES = """To From Url Twiml ApplicationSid Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent Timeout
TimeLimit SendDigits Record RecordingChannels RecordingTrack MachineDetection MachineDetectionTimeout AsyncAmd Status
CallerId FriendlyName MaxSize Muted Hold HoldUrl HoldMethod AnnounceUrl Coaching CallSidToCoach Label Beep BeepOnExit
EndConferenceOnExit WaitUrl MaxParticipants ConferenceRecord ConferenceStatusCallbackEvent PauseBehavior Trim Body
MediaUrl MessagingServiceSid PhoneNumber AreaCode VoiceUrl VoiceMethod VoiceApplicationSid Contains Log LogLevel
StartTime StartTime< StartTime> EndTime DateCreated> DateUpdated< MessageDate StartDate EndDate Page PageSize PageToken
IncludeSoftDeleted CallSid ConferenceSid""".split()
ODD = """+18005550142 +4915112345678 https://a.test client:ann sip:a@b true false completed canceled in-progress paused
0 1 60 -1 1e9 ٣ ² http://[ <Response/> < Front 2026-11-23 9999-12-31 0001-01-01 2026-11-23T10:00:00Z 2026-13-45 a/b
""".split()
VALUES = st.sampled_from([*ODD, "", "9" * 5000, "Mon, 99 Foo 2026", "\x00", "http://x y"]) | st.text(max_size=20)
ENOUGH = {"To": [CALLER], "From": [NUMBER], "Twiml": ["<Response/>"], "FriendlyName": ["a name"], "Body": ["Hi"]}
SIDS = st.sampled_from(
    ["CALL", "QUEUE", "ROOM", "RECORDING", "Front", "Twilio.CURRENT", "US", "Local", "x", "%2F", "sales"]
)
FINE = {200, 201, 204, 400, 401, 404, 405, 409, 413}


@cache
def busy() -> tuple[Network, dict[str, str]]:
    """A network with one of everything, used by all examples: what one does to it, the others meet."""
    documents = {"/v": "<Dial record='true'><Conference>sales</Conference></Dial>", "/q": "<Enqueue>first</Enqueue>"}
    network, _ = carrier(documents)
    network.number("+18005550143", f"{HOST}/q")
    line = network.call(CALLER, NUMBER)
    for number in (NUMBER, "+18005550143", "+18005550143"):
        network.call(CALLER, number)
    network.advance(5)
    network.keep_recording(line, 5, "DialVerb", "")
    queue, room, recording = (next(iter(each)) for each in (network.queues, network.conferences, network.recordings))
    return network, {"CALL": line.sid, "QUEUE": queue, "ROOM": room, "RECORDING": recording}


@given(
    route=st.sampled_from(ROUTES),
    sids=st.lists(SIDS, min_size=3, max_size=3),
    form=st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=6),
    ending=st.sampled_from([".json", "", ".wav", ".mp3", "/", ".JSON"]),
    enough=st.booleans(),
    method=st.sampled_from(["", "", "", "PUT", "HEAD", "DELETE", "OPTIONS"]),
)
def test_anything_is_answered_in_form(
    route: object, sids: list[str], form: list[tuple[str, str]], ending: str, enough: bool, method: str
) -> None:
    network, known = busy()
    rest = iter(sids)
    path = re.sub(r"<\w+>", lambda _: known.get(sid := next(rest), sid), route.path)
    method = method or route.method
    data = (ENOUGH if enough else {}) | {name: [value for each, value in form if each == name] for name, _ in form}
    given_by = {"data": data} if method == "POST" else {"params": data}
    url = f"/2010-04-01/Accounts/{network.account_sid}{path}{ending}"
    answer = network.rest_transport.request(method, url, auth=(network.account_sid, network.auth_token), **given_by)
    assert answer.status_code in FINE, (method, path, form, answer.text)
    if answer.status_code >= 400 and method != "HEAD":
        assert json.loads(answer.text)["status"] == answer.status_code
    network.advance(0)
