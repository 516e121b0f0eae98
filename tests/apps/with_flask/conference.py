"""Conference: callers join by PIN; the moderator may mute everybody on a web page, and ends it by leaving."""

from __future__ import annotations

from door import client, serve, signed, xml
from flask import Flask, Response, request
from twilio.twiml.voice_response import Conference, Dial, VoiceResponse

PINS = {"1234": "guest", "9876": "moderator"}
app = Flask(__name__)
happened: list[str] = []


@app.post("/voice")
@signed
def ask() -> Response:
    """Who are you?"""
    response = VoiceResponse()
    with response.gather(action="/pin", finish_on_key="#") as gather:
        gather.say("Enter your PIN, then press pound.")
    response.say("No PIN, no conference.")
    return xml(response)


@app.post("/pin")
@signed
def pin() -> Response:
    """Into the room, by the rights of the PIN."""
    role = PINS.get(request.form["Digits"])
    response = VoiceResponse()
    if role is None:
        response.say("That is no PIN.")
        response.redirect("/voice")
        return xml(response)
    dial = Dial(action="/left", hangup_on_star=True)
    room = Conference(
        "Weekly & daily",
        start_conference_on_enter=role == "moderator",
        end_conference_on_exit=role == "moderator",
        participant_label=f"{role} {request.form['From']}",
        wait_url="/wait",
        status_callback="/events",
        status_callback_event="start end join leave mute",
    )
    dial.append(room)
    response.append(dial)
    return xml(response)


@app.post("/wait")
@signed
def wait() -> Response:
    """Until the moderator is there."""
    response = VoiceResponse()
    response.say("The moderator is not here yet.")
    response.pause(length=5)
    response.redirect("")
    return xml(response)


@app.post("/events")
@signed
def events() -> str:
    """What happens in the room."""
    happened.append(request.form["StatusCallbackEvent"])
    return ""


@app.post("/mute-all")
def mute_all() -> dict[str, int]:
    """The button on the moderator's page."""
    (room,) = client().conferences.list(friendly_name="Weekly & daily", status="in-progress")
    guests = [each for each in room.participants.list() if each.label.startswith("guest")]
    for each in guests:
        each.update(muted=True, announce_url=f"{request.host_url}muted")
    return {"muted": len(guests)}


@app.post("/muted")
@signed
def muted() -> Response:
    """Tell them."""
    response = VoiceResponse()
    response.say("You are muted.")
    return xml(response)


@app.post("/left")
@signed
def left() -> Response:
    """Out again."""
    response = VoiceResponse()
    response.say("You have left the conference.")
    return xml(response)


if __name__ == "__main__":
    serve(app)
