"""Trace: what happened on the network, entry by entry, for people and tests to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One thing that happened on a line (`call_sid` and `line` are empty for things of the network itself).

    `kind` is one of: ring, answer, webhook, callback, says, plays, waits, gathers, presses, speaks, queued, left queue,
    dials, bridged, joins, leaves, conference, records, recorded, redirect, text, stream, hangs up, ended,
    warning, error.
    """

    time: datetime
    call_sid: str
    line: str
    kind: str
    text: str
    data: Mapping[str, Any] = MappingProxyType({})


class Heard(NamedTuple):
    """Something the person on a line heard. `kind`: say, play, beep, music or tones; `voice`: who said it."""

    time: datetime
    kind: str
    text: str
    language: str
    voice: str = ""


class Exchange(NamedTuple):
    """One webhook as it went over the wire. `status` is None when nothing came back.

    `purpose` is `call` when the answer controlled a call, `callback` when it was ignored, `media` for a sound.
    """

    time: datetime
    call_sid: str
    purpose: str
    method: str
    url: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    status: int | None
    answer: str
    error: str
