"""Menu: keys lead to answers, a wrong key and silence to the menu again, and a third silence ends the call."""

from __future__ import annotations

from door import serve, signed, xml
from flask import Flask, Response, request, url_for
from twilio.twiml.voice_response import Gather, VoiceResponse

app = Flask(__name__)
PLANETS = {"2": "Brodo Asogi", "3": "Dugobah", "4": "Oober"}


@app.post("/voice")
@signed
def welcome() -> Response:
    """The first thing that is heard."""
    tries = int(request.args.get("tries", 0))
    response = VoiceResponse()
    if tries == 3:
        response.say("Goodbye.", voice="Polly.Amy")
        response.hangup()
        return xml(response)
    with response.gather(num_digits=1, action=url_for("menu"), method="POST", timeout=4) as gather:
        gather.say("Thanks for calling. Press 1 for directions. Press 2 for a list of planets.", loop=2)
    response.redirect(url_for("welcome", tries=tries + 1))
    return xml(response)


@app.post("/menu")
@signed
def menu() -> Response:
    """What a key leads to."""
    response = VoiceResponse()
    pressed = request.form["Digits"]
    if pressed == "1":
        response.say("Get on your bike, and pedal until you see stars.", voice="alice", language="en-GB")
        response.say("Thank you for calling.")
        response.hangup()
    elif pressed == "2":
        gather = Gather(num_digits=1, action=url_for("planet"))
        gather.say("Press 2 for Brodo Asogi, 3 for Dugobah, 4 for Oober, or star for the main menu.")
        response.append(gather)
    else:
        response.say("That is no option.")
        response.redirect(url_for("welcome"))
    return xml(response)


@app.post("/planet")
@signed
def planet() -> Response:
    """Beam somebody up."""
    response = VoiceResponse()
    name = PLANETS.get(request.form["Digits"])
    if name is None:
        response.redirect(url_for("welcome"))
    else:
        response.say(f"{name} will be with you shortly.")
        response.dial("+15005550010", timeout=8, caller_id=request.form["To"])
        response.say("They are all out.")
    return xml(response)


if __name__ == "__main__":
    serve(app)
