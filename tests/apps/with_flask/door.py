"""Door: what the Flask apps here share - documents as XML, signed requests only, the official client, a port."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml import TwiML

NUMBER = os.environ["TWILIO_NUMBER"]


def client() -> Client:
    """The official client, pointed at whoever plays the carrier."""
    made = Client()  # TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are in the environment
    made.api.base_url = os.environ.get("TWILIO_API_URL", made.api.base_url)
    return made


def xml(document: TwiML) -> Response:
    """A document as the carrier wants it."""
    return Response(str(document), content_type="text/xml")


def signed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only the carrier in, as Twilio's documentation shows it."""

    @wraps(view)
    def checked(*args: Any, **rest: Any) -> Any:
        validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
        signature = request.headers.get("X-Twilio-Signature", "")
        form = request.form if request.method == "POST" else {}
        if not validator.validate(request.url, form, signature):
            abort(403)
        return view(*args, **rest)

    return checked


def serve(app: Flask) -> None:
    """Serve until somebody ends the process."""
    app.run(port=int(os.environ["PORT"]), threaded=True)
