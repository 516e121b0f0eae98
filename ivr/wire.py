"""The carrier's words, both ways: TwiML out, webhooks in, orders by REST; the only file that imports twilio.

Twilio's pages behind it: /docs/voice/twiml, /docs/usage/webhooks/webhooks-security, /docs/voice/api/call-resource.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr import heard as h
from ivr import instruction as i

ANSWER_BYTES_MAX = 32_000
"""Twilio refuses answers over 64 kB (11750); ours are never half as long."""
WEBHOOK_BYTES_MAX = 64_000
PARAMETERS_MAX = 100
KEYS_MAX = 32
RECORDING_SECONDS_MAX = 4 * 3600
RECORDING_BYTES_MAX = 20_000_000

VOICES = {"en": "en-US", "de": "de-DE", "es": "es-ES", "sr": "sr-RS"}
"""A tree's language -> the carrier's. Serbian is spoken by a Google voice; the classic voices do not know it."""
VOICE_NAMES = {"sr": "Google.sr-RS-Standard-B"}

# XML 1.0 section 2.2: these code points stand in no document; twilio's helper would let them through.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class WireError(Exception):
    """The other end sent what cannot be taken: `status` is the HTTP answer, the text names the parameter."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


# -- out: instructions -> TwiML ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the carrier goes next from one answer: our public base URL and the step each address carries."""

    base: str
    step: int

    def __call__(self, door: str) -> str:
        """The address of a door; one query key only, because Twilio sorts keys after signing them."""
        return f"{self.base}/voice/{door}?s={self.step}"

    def sound(self, name: str) -> str:
        return f"{self.base}/sounds/{name}.wav"


def render(instructions: Sequence[i.Instruction], to: Addresses) -> bytes:
    """TwiML for the instructions, parsed once more before it leaves.

    A document ends in a verb that keeps the call or ends it on purpose: after a Gather or a Record stands a Redirect
    to the same step, for carriers that go on when nothing was entered.
    """
    response = VoiceResponse()
    for instruction in instructions:
        _append(response, instruction, to)
    return checked(str(response))


def render_wait(instructions: Sequence[i.Instruction], to: Addresses) -> bytes:
    """A wait document: the same, and then on to the next step of waiting, so that no two requests are alike."""
    response = VoiceResponse()
    for instruction in instructions:
        _append(response, instruction, to)
    response.redirect(to("wait"), method="POST")
    return checked(str(response))


def render_agent_joins(conference: str, base: str, offer: str) -> bytes:
    """The document of the representative's leg: into the conference, which ends when they leave."""
    response = VoiceResponse()
    dial = Dial(action=f"{base}/voice/agent-left?s={offer}", method="POST")
    dial.conference(conference, start_conference_on_enter=True, end_conference_on_exit=True, beep="false")
    response.append(dial)
    return checked(str(response))


def render_agent_asked(words: str, language: str, base: str, offer: str) -> bytes:
    """The document of a plain telephone's leg: press 1 to take the call - a mailbox that answers presses nothing."""
    response = VoiceResponse()
    gather = Gather(num_digits=1, timeout=8, action=f"{base}/voice/agent-pressed?s={offer}", method="POST")
    _append_say(gather, words, language)
    response.append(gather)
    response.hangup()
    return checked(str(response))


def render_hang_up() -> bytes:
    """The document that ends a leg."""
    response = VoiceResponse()
    response.hangup()
    return checked(str(response))


NOTHING_TO_SAY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""The answer to what needs none: status callbacks."""


def render_fallback(words: Mapping[str, str], number: str | None, base: str) -> bytes:
    """What is answered when nothing here works: an honest sentence in each language and a way to a person."""
    response = VoiceResponse()
    for language, sentence in words.items():
        _append_say(response, sentence, language)
    if number:
        response.dial(number, timeout=30)
    response.record(max_length=120, action=f"{base}/voice/fallback-thanks", method="POST", play_beep=True)
    response.hangup()
    return checked(str(response))


def checked(document: str) -> bytes:
    """The document as bytes, if it is one that a carrier can carry out; AssertionError if it is not."""
    data = document.encode()
    assert len(data) <= ANSWER_BYTES_MAX, f"the answer has {len(data)} bytes, {ANSWER_BYTES_MAX} are allowed"
    root = ElementTree.fromstring(data)  # noqa: S314 - our own document, no entities in it
    assert root.tag == "Response", f"the answer is a {root.tag}"
    return data


def _append(response: VoiceResponse, instruction: i.Instruction, to: Addresses) -> None:
    match instruction:
        case i.Say(text, language):
            _append_say(response, text, language)
        case i.Play(sound):
            response.play(to.sound(sound))
        case i.Pause(length_s):
            response.pause(length=length_s)
        case i.Gather(prompts, digits_max, timeout_s, finish_on_key):
            gather = Gather(
                input="dtmf", num_digits=digits_max, timeout=timeout_s, finish_on_key=finish_on_key,
                action=to("step"), method="POST", action_on_empty_result=True,
            )  # fmt: skip
            for prompt in prompts:
                _append(gather, prompt, to)
            response.append(gather)
            response.redirect(to("step"), method="POST")
        case i.Record(length_max_s):
            response.record(
                max_length=length_max_s, timeout=5, finish_on_key="#*0123456789", play_beep=True,
                action=to("step"), method="POST",
                recording_status_callback=f"{to.base}/voice/recording", recording_status_callback_method="POST",
            )  # fmt: skip
            response.redirect(to("step"), method="POST")
        case i.Enqueue(queue):
            response.enqueue(queue, action=to("left"), method="POST", wait_url=to("wait"), wait_url_method="POST")
        case i.Leave():
            response.leave()
        case i.Connect(conference):
            dial = Dial(action=to("after"), method="POST")
            dial.conference(
                conference, start_conference_on_enter=False, end_conference_on_exit=True, beep="false",
                wait_url=to.sound("music"), wait_method="GET",
            )  # fmt: skip
            response.append(dial)
        case i.Hangup():
            response.hangup()


def _append_say(parent: VoiceResponse | Gather, text: str, language: str) -> None:
    parent.say(_ILLEGAL.sub("", text), language=VOICES[language], voice=VOICE_NAMES.get(language))


# -- in: webhooks -> what happened ------------------------------------------------------------------------------------

_SID = re.compile(r"CA[0-9a-f]{32}")
_RECORDING = re.compile(r"RE[0-9a-f]{32}")
_KEYS = re.compile(rf"[0-9*#]{{0,{KEYS_MAX}}}")
_STEP = re.compile(r"s=([0-9a-z-]{1,40})")
_STATUSES = {"queued", "initiated", "ringing", "in-progress", "completed", "busy", "no-answer", "failed", "canceled"}
OVER = {"completed", "busy", "no-answer", "failed", "canceled"}
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
    """The parameters of a form body in order, blank ones kept; WireError when there are too many."""
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=PARAMETERS_MAX, errors="strict")
    except ValueError as error:
        raise WireError(400, "the body is no form that can be read") from error


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
        """The step of a caller's leg; WireError(400) if this address is none of a step."""
        if not self.step.isdecimal() or len(self.step) > STEP_DIGITS_MAX:
            raise WireError(400, "s is no step")
        return int(self.step)

    def heard(self) -> h.Heard:
        """What came from the caller, for the doors that carry it (`/voice`, `step`)."""
        if "RecordingSid" in self.values:
            return h.Recorded(self.values["RecordingSid"], int(self.values.get("RecordingDuration", "0")))
        keys = self.values.get("Digits", "")
        if keys == "hangup":
            return h.Silence()
        return h.Pressed(keys) if keys else h.Silence()

    def left_queue(self) -> h.LeftQueue:
        """Why the call left the carrier's queue."""
        return h.LeftQueue("hangup" if self.ended else self.values.get("QueueResult", "error"))


_SHAPES: dict[str, Callable[[str], object]] = {
    "Digits": lambda value: value == "hangup" or _KEYS.fullmatch(value),
    "RecordingSid": _RECORDING.fullmatch,
    "RecordingDuration": lambda value: re.fullmatch(r"[0-9]{1,6}", value) and int(value) <= RECORDING_SECONDS_MAX,
    "RecordingStatus": lambda value: value in {"in-progress", "completed", "absent", "failed"},
    "QueueResult": lambda value: value in _WHYS,
}
"""What we read besides the standard parameters. What is not here is not looked at: new ones come without notice."""


def read_webhook(pairs: Sequence[tuple[str, str]], query: str) -> Webhook:
    """The webhook in a signed form. WireError(400) names the parameter that is missing, doubled or misshapen.

    The signature does not bind where a name ends and its value begins, so the shapes are strict (reliability F1).
    """
    form: dict[str, str] = {}
    for name, value in pairs:
        if name not in _SHAPES and (name + value).startswith(tuple(_SHAPES)):
            raise WireError(400, "a name and its value are parted where the carrier never parts them")
        if name in form and (name in _SHAPES or name in _STANDARD):
            raise WireError(400, f"{name} is given twice")
        form[name] = value
    for name, fits in _STANDARD.items():
        if name not in form:
            if "RecordingStatus" in form and name in _NOT_OF_A_RECORDING:
                continue
            raise WireError(400, f"{name} is missing")
        if not fits(form[name]):
            raise WireError(400, f"{name} has a shape that {name} never has")
    values = {name: form[name] for name in _SHAPES if name in form}
    for name, value in values.items():
        if not _SHAPES[name](value):
            raise WireError(400, f"{name} has a shape that {name} never has")
    step = _STEP.fullmatch(query)
    if query and not step:
        raise WireError(400, "the address has a query that we never hand out")
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


# -- orders: what we ask the carrier to do ----------------------------------------------------------------------------


class CarrierError(Exception):
    """The carrier did not do what it was asked; `gone` when the call is simply not there any more."""

    def __init__(self, why: str, *, gone: bool) -> None:
        super().__init__(why)
        self.gone = gone


CALL_NOT_IN_PROGRESS = 21220
NOT_FOUND = 20404


class Carrier:
    """Orders to the carrier by its REST API, through the official client (imported when first used: it is slow)."""

    def __init__(self, account: str, token: str, base_url: str | None = None, http: object | None = None) -> None:
        """`base_url` and `http` (an HTTP client as twilio's own, its answers with `content`) stand in for Twilio's."""
        self._account, self._token, self._base_url, self._http = account, token, base_url, http
        self._client = None

    def ring(self, address: str, caller_id: str, url: str, status_url: str, ring_s: int) -> str:
        """Ring a representative's leg; the id of its call."""
        order = {
            "to": address,
            "from_": caller_id,
            "url": url,
            "method": "POST",
            "timeout": ring_s,
            "status_callback": status_url,
            "status_callback_method": "POST",
            "status_callback_event": ["completed"],
        }
        return self._do(lambda client: client.calls.create(**order).sid)

    def redirect(self, sid: str, url: str) -> None:
        """Give a live call another document."""
        self._do(lambda client: client.calls(sid).update(url=url, method="POST"))

    def hang_up(self, sid: str) -> None:
        """End a call."""
        self._do(lambda client: client.calls(sid).update(status="completed"))

    def fetch_recording(self, sid: str) -> bytes:
        """A message's sound, by the id of the recording - never by an address somebody sent us."""
        path = f"/2010-04-01/Accounts/{self._account}/Recordings/{sid}.wav"
        return self._do(lambda client: self._download(client.api.base_url + path))

    def _download(self, url: str) -> bytes:
        from requests import Session

        http = self._http or Session()  # twilio's own HTTP client gives text only
        answer = http.request("GET", url, auth=(self._account, self._token), timeout=30, allow_redirects=False)
        if answer.status_code != 200:
            raise CarrierError(f"the recording is answered with {answer.status_code}", gone=False)
        if len(answer.content) > RECORDING_BYTES_MAX:
            raise CarrierError(f"the recording has {len(answer.content)} bytes", gone=False)
        return answer.content

    def look(self) -> Mapping[str, Mapping[str, str]]:
        """The account's state and its numbers with their voice addresses; for `ivr doctor`."""

        def look(client: object) -> Mapping[str, Mapping[str, str]]:
            account = client.api.accounts(self._account).fetch()
            numbers = client.incoming_phone_numbers.list(limit=1000)
            return {
                "account": {"status": str(account.status), "name": str(account.friendly_name)},
                "numbers": {number.phone_number: number.voice_url or "" for number in numbers},
                "fallbacks": {number.phone_number: number.voice_fallback_url or "" for number in numbers},
            }

        return self._do(look)

    def _do(self, order: Callable[[object], object]) -> object:
        from requests import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        try:
            return order(self._connected())
        except TwilioRestException as error:
            gone = error.code in (CALL_NOT_IN_PROGRESS, NOT_FOUND) or error.status == 404
            raise CarrierError(f"the carrier answers {error.status} (code {error.code})", gone=gone) from error
        except (TwilioException, RequestException, OSError) as error:
            raise CarrierError(f"the carrier cannot be reached: {type(error).__name__}", gone=False) from error

    def _connected(self) -> object:
        if self._client is None:
            from twilio.rest import Client

            self._client = Client(self._account, self._token, http_client=self._http)
            if self._base_url:
                self._client.api.base_url = self._base_url
        return self._client
