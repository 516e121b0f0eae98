"""Languages: the caller's choice stays in a cookie; every URL is relative, and one door answers with a redirect."""

from __future__ import annotations

import os

from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response

WORDS = {
    "1": ("en-US", "Good morning. Press 5 to go on.", "Goodbye."),
    "2": ("es-ES", "Buenos días. Pulse 5 para seguir.", "Adiós."),
}


def twiml(inside: str) -> Response:
    """A document; text/html will do as well."""
    return Response(f"<Response>{inside}</Response>", content_type="text/html; charset=utf-8")


@Request.application
def app(request: Request) -> Response:
    """All doors."""
    path, chosen = request.path, request.cookies.get("language", "")
    if path == "/ivr/voice":
        if chosen:
            return Response(status=302, headers={"Location": "greet?again=1"})
        ask = "<Say>For English press 1.</Say><Say language='es-ES'>Para español, pulse 2.</Say>"
        return twiml(f"<Gather numDigits='1' action='choose' method='GET'>{ask}</Gather><Redirect/>")
    if path == "/ivr/choose":
        answer = twiml("<Redirect method='GET'>./greet</Redirect>")
        if request.args["Digits"] in WORDS:
            answer.set_cookie("language", request.args["Digits"], path="/ivr")
        else:
            answer = twiml("<Redirect>voice</Redirect>")
        return answer
    if path == "/ivr/greet":
        language, hello, _ = WORDS[chosen]
        return twiml(
            f"<Gather numDigits='1' action='?go=%2Fon'><Say language='{language}'>{hello}</Say></Gather>"
            "<Redirect>voice</Redirect>"
            if "go" not in request.args
            else f"<Say language='{language}'>{WORDS[chosen][2]}</Say>"
        )
    return Response("no such door", 404)


if __name__ == "__main__":
    run_simple("127.0.0.1", int(os.environ["PORT"]), app, threaded=True)
