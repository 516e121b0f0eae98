"""Doors: how numbers and applications say by REST whom the carrier asks about their calls and texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ivr.simulator.account import Doors
from ivr.simulator.rest.answer import Resource, http_method, http_url
from ivr.simulator.webhook import Request

MUST = {"voice": "Voice", "sms": "Sms"}
MAY = {"fallback": "VoiceFallback", "sms_fallback": "SmsFallback", "status_callback": "StatusCallback"}


def change(doors: Doors, form: Mapping[str, str]) -> None:
    """Set what the form names; an empty URL stands for nobody. Nothing is changed if anything is refused."""
    changed = {
        field: _changed(getattr(doors, field), form, f"{name}Url", f"{name}Method") for field, name in MUST.items()
    }
    for field, name in MAY.items():
        url_name = name if name == "StatusCallback" else f"{name}Url"
        request = _changed(getattr(doors, field) or Request(""), form, url_name, f"{name}Method")
        changed[field] = request if request.url else None
    for field, request in changed.items():
        setattr(doors, field, request)


def _changed(request: Request, form: Mapping[str, str], url: str, method: str) -> Request:
    request = replace(request, url=http_url(form, url)) if url in form else request
    return replace(request, method=http_method(form, method)) if method in form else request


def shown(doors: Doors) -> Resource:
    """The fields that say so."""
    fallback, callback, texts = doors.fallback, doors.status_callback, doors.sms_fallback
    return {
        "voice_url": doors.voice.url,
        "voice_method": doors.voice.method,
        "voice_fallback_url": fallback.url if fallback else "",
        "voice_fallback_method": fallback.method if fallback else "POST",
        "voice_caller_id_lookup": False,
        "status_callback": callback.url if callback else "",
        "status_callback_method": callback.method if callback else "POST",
        "sms_url": doors.sms.url,
        "sms_method": doors.sms.method,
        "sms_fallback_url": texts.url if texts else "",
        "sms_fallback_method": texts.method if texts else "POST",
    }
