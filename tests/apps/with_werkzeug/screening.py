"""Screening: the caller says a name, and whoever is called hears it and decides with a key."""

from __future__ import annotations

import os
from urllib.parse import quote

from werkzeug.serving import run_simple
from werkzeug.wrappers import Request, Response

OWNER = "+15005550010"


def voice(request: Request) -> str:
    """Who is it?"""
    return "<Say>Say your name after the tone.</Say><Record action='/name' maxLength='5' timeout='2'/><Redirect/>"


def name(request: Request) -> str:
    """Ring the owner, who hears that name first."""
    url = f"/screen?name={quote(request.form['RecordingUrl'], safe='')}"
    return f"<Dial action='/over' timeout='15'><Number url='{url}'>{OWNER}</Number></Dial>"


def screen(request: Request) -> str:
    """On the owner's side, before the two are joined."""
    ask = f"<Say>You have a call from</Say><Play>{request.args['name']}</Play><Say>Press 1 to accept.</Say>"
    return f"<Gather numDigits='1' timeout='3' action='/key'>{ask}</Gather><Hangup/>"


def key(request: Request) -> str:
    """1 joins: there is nothing more to do. Anything else declines."""
    return "<Say>Connecting.</Say>" if request.form["Digits"] == "1" else "<Hangup/>"


def over(request: Request) -> str:
    """Talked or not."""
    return "<Hangup/>" if request.form["DialBridged"] == "true" else "<Say>The owner is busy.</Say>"


DOORS = {"/voice": voice, "/name": name, "/screen": screen, "/key": key, "/over": over}


@Request.application
def app(request: Request) -> Response:
    """By path."""
    door = DOORS.get(request.path)
    if door is None:
        return Response("no such door", 404)
    return Response(f"<Response>{door(request)}</Response>", content_type="text/xml")


if __name__ == "__main__":
    run_simple("127.0.0.1", int(os.environ["PORT"]), app, threaded=True)
