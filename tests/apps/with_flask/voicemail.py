"""Voicemail: the owner is rung; if nobody takes the call a message is recorded, and the owner is sent a text."""

from __future__ import annotations

from door import NUMBER, client, serve, signed, xml
from flask import Flask, Response, request
from twilio.twiml.voice_response import VoiceResponse

OWNER = "+15005550010"
app = Flask(__name__)
heard: dict[str, str] = {}


@app.post("/voice")
@signed
def ring() -> Response:
    """Try the owner first."""
    response = VoiceResponse()
    response.dial(OWNER, action="/missed", timeout=10, answer_on_bridge=True)
    return xml(response)


@app.post("/missed")
@signed
def missed() -> Response:
    """Record a message, unless they talked."""
    response = VoiceResponse()
    if request.form["DialCallStatus"] == "completed":
        response.hangup()
        return xml(response)
    response.say("Please leave a message after the tone, then press pound.")
    response.record(
        action="thanks",
        finish_on_key="#",
        max_length=30,
        transcribe=True,
        transcribe_callback="/transcribed",
        recording_status_callback="/recorded",
    )
    response.say("I did not hear anything.")
    return xml(response)


@app.post("/thanks")
@signed
def thanks() -> Response:
    """It was recorded."""
    response = VoiceResponse()
    response.say(f"Thank you. {request.form['RecordingDuration']} seconds were recorded.")
    response.play(request.form["RecordingUrl"])
    return xml(response)


@app.post("/recorded")
@signed
def recorded() -> str:
    """It can be fetched now: tell the owner."""
    recording = client().recordings(request.form["RecordingSid"]).fetch()
    text = f"A message of {recording.duration} seconds from {heard.get(recording.call_sid, 'a caller')}"
    client().messages.create(to=OWNER, from_=NUMBER, body=text)
    return ""


@app.post("/transcribed")
@signed
def transcribed() -> str:
    """What was said: send that too."""
    client().messages.create(to=OWNER, from_=NUMBER, body=f"They said: {request.form['TranscriptionText']}")
    return ""


if __name__ == "__main__":
    serve(app)
