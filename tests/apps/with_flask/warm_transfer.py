"""Warm transfer: the first agent talks with the caller, asks a second one in, and leaves the two alone."""

from __future__ import annotations

from door import NUMBER, client, serve, signed, xml
from flask import Flask, Response, request
from twilio.twiml.voice_response import VoiceResponse

FIRST, SECOND = "client:ann", "+15005550010"
app = Flask(__name__)


def into(room: str, ends: bool) -> VoiceResponse:
    """A document that leads into the room of a caller."""
    response = VoiceResponse()
    dial = response.dial()
    dial.conference(
        room, start_conference_on_enter=True, end_conference_on_exit=ends, wait_url="http://twimlets.com/holdmusic"
    )
    return response


@app.post("/voice")
@signed
def arrives() -> Response:
    """The caller goes into a room of their own; the first agent is called into it."""
    room = request.form["CallSid"]
    client().calls.create(to=FIRST, from_=NUMBER, url=f"{request.host_url}agent/{room}")
    return xml(into(room, ends=True))


@app.post("/agent/<room>")
@signed
def agent(room: str) -> Response:
    """An agent joins."""
    return xml(into(room, ends=False))


@app.post("/dial-second")
def dial_second() -> dict[str, str]:
    """The button of the first agent: hold the caller, and call the second agent in."""
    (room,) = client().conferences.list(status="in-progress")
    room_client = client().conferences(room.sid)
    room_client.participants(room.friendly_name).update(hold=True, hold_url=f"{request.host_url}hold")
    asked = room_client.participants.create(from_=NUMBER, to=SECOND, label="second", end_conference_on_exit=False)
    return {"call": asked.call_sid}


@app.post("/hand-over")
def hand_over() -> dict[str, str]:
    """The other button: the caller is off hold, the first agent goes."""
    (room,) = client().conferences.list(status="in-progress")
    room_client = client().conferences(room.sid)
    room_client.participants(room.friendly_name).update(hold=False)
    (first,) = client().calls.list(to=FIRST, status="in-progress")
    room_client.participants(first.sid).delete()
    return {"left": first.sid}


@app.get("/hold")
@signed
def hold() -> Response:
    """What the caller hears meanwhile."""
    response = VoiceResponse()
    response.say("Please hold while we ask a colleague.")
    return xml(response)


if __name__ == "__main__":
    serve(app)
