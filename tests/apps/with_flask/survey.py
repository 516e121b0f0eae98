"""Survey: three questions, one after the other; where the caller stands is kept in the session's cookie."""

from __future__ import annotations

from door import NUMBER, client, serve, signed, xml
from flask import Flask, Response, request, session
from twilio.twiml.voice_response import VoiceResponse

app = Flask(__name__)
app.secret_key = "nobody guesses this"
QUESTIONS = ("From 1 to 5, how were we?", "Would you come back? 1 for yes, 0 for no.")


@app.post("/voice")
@signed
def begin() -> Response:
    """A new caller begins at the first question."""
    session["answers"] = []
    response = VoiceResponse()
    response.say("Three questions, please.")
    response.redirect("/question")
    return xml(response)


@app.route("/question", methods=["GET", "POST"])
@signed
def question() -> Response:
    """Ask the next one, having kept the answer to the last."""
    if "Digits" in request.values:
        session["answers"] = [*session["answers"], request.values["Digits"]]
    response = VoiceResponse()
    number = len(session["answers"])
    if number < len(QUESTIONS):
        with response.gather(num_digits=1, method="GET") as gather:
            gather.say(QUESTIONS[number])
        response.redirect("")
    else:
        response.say("And what could be better? Speak after the tone.")
        response.record(action="/done", max_length=10, play_beep=False, timeout=2)
        response.redirect("/done")
    return xml(response)


@app.post("/done")
@signed
def done() -> Response:
    """Say what was counted, and send it."""
    answers = ", ".join(session["answers"])
    client().messages.create(to="+15005550010", from_=NUMBER, body=f"Answers: {answers}")
    response = VoiceResponse()
    response.say("Thank you.")
    return xml(response)


if __name__ == "__main__":
    serve(app)
