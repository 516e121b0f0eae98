"""Click to call: a web form lets the carrier ring the agent, tell them who waits, and join them to the customer."""

from __future__ import annotations

from door import NUMBER, client, serve, signed, xml
from flask import Flask, Response, request
from twilio.twiml.voice_response import Dial, VoiceResponse

AGENT = "+15005550010"
app = Flask(__name__)


@app.post("/click")
def click() -> tuple[dict[str, str], int]:
    """The form: no carrier asks this, so nobody signs it."""
    call = client().calls.create(
        to=AGENT,
        from_=NUMBER,
        url=f"{request.host_url}agent?customer={request.form['customer'].replace('+', '%2B')}",
        machine_detection="Enable",
        status_callback=f"{request.host_url}status",
        status_callback_event=["initiated", "answered", "completed"],
    )
    return {"call": call.sid, "status": call.status}, 201


@app.post("/agent")
@signed
def agent() -> Response:
    """The agent has answered; a machine is not joined to anybody."""
    response = VoiceResponse()
    if request.form["AnsweredBy"] != "human":
        response.hangup()
        return xml(response)
    response.say("A customer wants to talk to you.")
    dial = Dial(caller_id=NUMBER, action="/over", time_limit=600, record="record-from-answer-dual")
    dial.number(request.args["customer"], url="/whisper")
    response.append(dial)
    return xml(response)


@app.post("/whisper")
@signed
def whisper() -> Response:
    """What only the customer hears."""
    response = VoiceResponse()
    response.say("This call may be recorded.")
    return xml(response)


@app.post("/over")
@signed
def over() -> Response:
    """They have talked, or not."""
    response = VoiceResponse()
    response.say(f"The customer's call is {request.form['DialCallStatus']}.")
    return xml(response)


@app.post("/status")
@signed
def status() -> tuple[str, int]:
    """Nothing is kept."""
    return "", 204


if __name__ == "__main__":
    serve(app)
