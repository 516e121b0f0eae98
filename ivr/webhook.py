"""Webhook: one request of the carrier - signed, read by strict shapes, and what it tells of the caller.

Twilio's pages behind it: /docs/usage/webhooks/webhooks-security, /docs/voice/twiml#twilio-request-parameters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ivr import heard as h
from ivr.wire import OVER

WEBHOOK_BYTES_MAX = 64_000
PARAMETERS_MAX = 100
KEYS_MAX = 32
SPEECH_LENGTH_MAX = 5000
RECORDING_SECONDS_MAX = 4 * 3600


class Malformed(Exception):
    """The other end sent what cannot be taken: `status` is the HTTP answer, the text names the parameter."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


_SID = re.compile(r"CA[0-9a-f]{32}")
_RECORDING = re.compile(r"RE[0-9a-f]{32}")
_KEYS = re.compile(rf"[0-9*#]{{0,{KEYS_MAX}}}")
_STEP = re.compile(r"s=([0-9a-z-]{1,40})")
_STATUSES = {"queued", "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"}
STEP_DIGITS_MAX = 9
_WHYS = {
    "bridged", "bridging-in-process", "leave", "redirected", "redirected-from-bridged", "hangup", "queue-full",
    "error", "system-error",
}  # fmt: skip
_ADDRESS_MAX = 256


def signed(tokens: Sequence[str], url: str, pairs: Sequence[tuple[str, str]], signature: str) -> bool:
    """Whether the carrier signed this request with one of our tokens (two while one is being changed).

    HMAC-SHA1 over the URL and the sorted parameters (twilio.com/docs/usage/webhooks/webhooks-security); like Twilio's
    own validators, several values of one name count once each. Compared in constant time.
    """
    text = url + "".join(name + value for name, value in sorted(set(pairs)))
    good = False
    for token in tokens:
        digest = base64.b64encode(hmac.new(token.encode(), text.encode(errors="surrogatepass"), hashlib.sha1).digest())
        good |= hmac.compare_digest(digest, signature.encode(errors="replace"))
    return good


def pairs_of(body: bytes) -> list[tuple[str, str]]:
    """The parameters of a form body in order, blank ones kept; Malformed when there are too many."""
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=PARAMETERS_MAX, errors="strict")
    except ValueError as error:
        raise Malformed(400, "the body is no form that can be read") from error


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request of the carrier, checked for shape: which call, at which step, and what it tells."""

    account: str
    sid: str
    step: str
    caller: str
    called: str
    status: str
    values: Mapping[str, str]

    @property
    def ended(self) -> bool:
        """Whether the leg that this is about is over."""
        return self.status in OVER

    @property
    def step_number(self) -> int:
        """The step of a caller's leg; Malformed(400) if this address is none of a step."""
        if not self.step.isdecimal() or len(self.step) > STEP_DIGITS_MAX:
            raise Malformed(400, "s is no step")
        return int(self.step)

    def heard(self) -> h.Heard:
        """What came from the caller, for the doors that carry it (`/voice`, `step`)."""
        if "RecordingSid" in self.values:
            return h.Recorded(self.values["RecordingSid"], int(self.values.get("RecordingDuration", "0")))
        if spoken := self.values.get("SpeechResult", "").strip():
            return h.Spoke(spoken)
        # An entry that its ending key began is that key; carriers that do not name it tell of silence.
        keys = self.values.get("Digits", "") or self.values.get("FinishedOnKey", "")
        if keys == "hangup":
            return h.Silence()
        return h.Pressed(keys) if keys else h.Silence()

    def dialled(self) -> h.Dialled:
        """What came of dialling another number. A callee may answer and still refuse to be joined."""
        reached = self.values.get("DialCallStatus") in ("completed", "answered")
        return h.Dialled(reached and self.values.get("DialBridged") != "false")

    def left_queue(self) -> h.LeftQueue:
        """Why the call left the carrier's queue."""
        return h.LeftQueue("hangup" if self.ended else self.values.get("QueueResult", "error"))


_SHAPES: dict[str, Callable[[str], object]] = {
    "FinishedOnKey": re.compile(r"[0-9*#]?").fullmatch,
    "Digits": lambda value: value == "hangup" or _KEYS.fullmatch(value),
    "RecordingSid": _RECORDING.fullmatch,
    "RecordingDuration": lambda value: re.fullmatch(r"[0-9]{1,6}", value) and int(value) <= RECORDING_SECONDS_MAX,
    "RecordingStatus": lambda value: value in {"in-progress", "completed", "absent", "failed"},
    "QueueResult": lambda value: value in _WHYS,
    "SpeechResult": lambda value: len(value) <= SPEECH_LENGTH_MAX,
    "DialCallStatus": lambda value: value in _STATUSES | {"answered"},
    "DialBridged": lambda value: value in {"true", "false"},
}
"""What we read besides the standard parameters. What is not here is not looked at: new ones come without notice."""


def read_webhook(pairs: Sequence[tuple[str, str]], query: str) -> Webhook:
    """The webhook in a signed form. Malformed(400) names the parameter that is missing, doubled or misshapen.

    The signature does not bind where a name ends and its value begins, so the shapes are strict (reliability F1).
    """
    form: dict[str, str] = {}
    for name, value in pairs:
        if name not in _SHAPES and (name + value).startswith(tuple(_SHAPES)):
            raise Malformed(400, "a name and its value are parted where the carrier never parts them")
        if name in form and (name in _SHAPES or name in _STANDARD):
            raise Malformed(400, f"{name} is given twice")
        form[name] = value
    for name, fits in _STANDARD.items():
        if name not in form:
            if "RecordingStatus" in form and name in _NOT_OF_A_RECORDING:
                continue
            raise Malformed(400, f"{name} is missing")
        if not fits(form[name]):
            raise Malformed(400, f"{name} has a shape that {name} never has")
    values = {name: form[name] for name in _SHAPES if name in form}
    for name, value in values.items():
        if not _SHAPES[name](value):
            raise Malformed(400, f"{name} has a shape that {name} never has")
    step = _STEP.fullmatch(query)
    if query and not step:
        raise Malformed(400, "the address has a query that we never hand out")
    return Webhook(
        form["AccountSid"],
        form["CallSid"],
        step[1] if step else "",
        form.get("From", ""),
        form.get("To", ""),
        form.get("CallStatus", ""),
        values,
    )


_STANDARD: dict[str, Callable[[str], object]] = {
    "AccountSid": re.compile(r"AC[0-9a-f]{32}").fullmatch,
    "CallSid": _SID.fullmatch,
    "CallStatus": lambda value: value in _STATUSES,
    "From": lambda value: len(value) <= _ADDRESS_MAX,
    "To": lambda value: len(value) <= _ADDRESS_MAX,
}
_NOT_OF_A_RECORDING = {"CallStatus", "From", "To"}
"""What a recording's own callback does not carry (twilio.com/docs/voice/twiml/record, recordingStatusCallback)."""
