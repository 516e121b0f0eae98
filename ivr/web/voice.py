"""The carrier's doors: signature, strict shapes, then the switchboard; and sounds and the static fallback."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from flask import Blueprint, Flask, Response, current_app, request, send_file
from sqlalchemy.exc import OperationalError

from ivr import agent_leg, callback_leg, caller_leg, survey_leg, third_leg, wire
from ivr.prompts import SOUND_TYPES
from ivr.switchboard import Switchboard
from ivr.web.again import AskedAgain
from ivr.webhook import WEBHOOK_BYTES_MAX, Malformed, Webhook, pairs_of, read_webhook, signed

log = logging.getLogger(__name__)

TWIML = "text/xml; charset=utf-8"
SOUND_AGE_S = 86_400
PROMPT_AGE_S = 365 * 86_400

voice = Blueprint("voice", __name__)

Answer = Callable[[Switchboard, Webhook], bytes]


DOORS: dict[str, Answer] = {
    "/voice": caller_leg.ring,
    "/voice/step": caller_leg.hear,
    "/voice/on": caller_leg.go_on,
    "/voice/looked-up": caller_leg.look,
    "/voice/dialed": caller_leg.transfer_ends,
    "/voice/wait": caller_leg.wait,
    "/voice/exit": caller_leg.press_while_waiting,
    "/voice/overflow": caller_leg.overflow,
    "/voice/agent": agent_leg.answers,
    "/voice/agent-pressed": agent_leg.presses,
    "/voice/join": caller_leg.join,
    "/voice/left": caller_leg.leave_queue,
    "/voice/agent-left": agent_leg.leaves,
    "/voice/called-back": callback_leg.answers,
    "/voice/called-back-in": callback_leg.joins,
    "/voice/callback-asks": callback_leg.asks,
    "/voice/callback-agrees": callback_leg.agrees,
    "/voice/callback-sorry": callback_leg.sorry,
    "/voice/callback-over": callback_leg.leaves,
    "/voice/callback-status": callback_leg.ends,
    "/voice/third-status": third_leg.changes,
    "/voice/onward": caller_leg.hand_on,
    "/voice/handed-out": caller_leg.handed_out_ends,
    "/voice/after": caller_leg.talk_ends,
    "/voice/survey-call": survey_leg.answers,
    "/voice/survey-step": survey_leg.hears,
    "/voice/survey-on": survey_leg.hears,
    "/voice/survey-status": survey_leg.ends,
    "/voice/status": caller_leg.call_ends,
    "/voice/agent-status": agent_leg.ends,
    "/voice/recording": caller_leg.message_is_ready,
    "/voice/conversation-recorded": caller_leg.conversation_is_recorded,
    "/voice/fallback": lambda switchboard, webhook: switchboard.sorry(webhook.called),
    "/voice/fallback-thanks": lambda switchboard, webhook: wire.render_hang_up(),
}
"""One address a door, about in the order in which a call passes them."""

CALLBACKS = frozenset(
    {"/voice/recording", "/voice/conversation-recorded"}
    | {f"/voice/{whose}status" for whose in ("", "agent-", "callback-", "third-", "survey-")}
)
"""Doors that only tell us something: no caller hears the answer, so a failure is said as one, to be told again."""


def _webhook(answer: Answer, path: str) -> Response:
    """One webhook: 403 unless it is signed; whatever is signed is answered with TwiML that keeps the caller."""
    switchboard: Switchboard = current_app.extensions["switchboard"]
    again: AskedAgain = current_app.extensions["asked again"]
    request.max_content_length = WEBHOOK_BYTES_MAX
    body = request.get_data(cache=False)
    query = request.query_string.decode("ascii", errors="replace")
    url = switchboard.line.base_url + path + (f"?{query}" if query else "")
    try:
        pairs = pairs_of(body)
    except Malformed:
        pairs = []
    signature = request.headers.get("X-Twilio-Signature", "")
    if not signed(switchboard.line.tokens, url, pairs, signature):
        log.warning("refused a webhook to %s: it is not signed for %s", path, url.split("?")[0])
        return Response(status=403)
    try:
        webhook = read_webhook(pairs, query)
        if webhook.account != switchboard.line.account:
            return Response(status=403)
        twiml = answer(switchboard, again.recall(webhook, url))
        again.forget(webhook, url)
    except Malformed as error:
        log.warning("odd webhook to %s: %s", path, error)
        twiml = switchboard.sorry(dict(pairs).get("To", ""))
    except OperationalError:
        log.exception("the database did not answer a webhook to %s", path)
        if path in CALLBACKS:
            return Response(status=503)
        once_more = again.remember(webhook, url)
        twiml = switchboard.one_moment(webhook.called, url) if once_more else switchboard.sorry(webhook.called)
    except Exception:
        log.exception("a webhook to %s failed; the caller is taken to the fallback", path)
        if path in CALLBACKS:
            return Response(status=500)
        twiml = switchboard.sorry(dict(pairs).get("To", ""))
    return Response(twiml, content_type=TWIML)


@voice.get("/sounds/<name>.wav")
def sound(name: str) -> Response:
    """One of our own sounds; the carrier may keep it for a day."""
    path = current_app.extensions["sounds"].path(name)
    if path is None:
        return Response(status=404)
    return send_file(path, mimetype="audio/wav", max_age=SOUND_AGE_S, conditional=True)


@voice.get("/prompts/<version>/<path:file>")
def prompt(version: str, file: str) -> Response:
    """A recording of a hotline, as it was published with a version: under this address it never changes."""
    switchboard: Switchboard = current_app.extensions["switchboard"]
    sound = switchboard.hotlines.prompt(version, file)
    if sound is None:
        return Response(status=404)
    answer = Response(sound, mimetype=SOUND_TYPES.get(PurePath(file).suffix, "application/octet-stream"))
    answer.cache_control.max_age, answer.cache_control.public = PROMPT_AGE_S, True
    answer.add_etag()
    return answer.make_conditional(request)


def register(app: Flask) -> None:
    """Add the carrier's doors to the application."""
    app.extensions["asked again"] = AskedAgain()
    for path, answer in DOORS.items():
        app.add_url_rule(path, f"carrier.{path[1:]}", partial(_webhook, answer, path), methods=["POST"])
    app.register_blueprint(voice)
