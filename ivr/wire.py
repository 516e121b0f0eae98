"""The wire: our instructions as TwiML, and our orders by REST; the only file that imports twilio.

Twilio's pages behind it: /docs/voice/twiml, /docs/voice/api/call-resource.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote
from xml.etree import ElementTree

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr import instruction as i
from ivr.menu.amount import ANSWER_BYTES_MAX

FALLBACK_MESSAGE_S = 120
ORDER_TIMEOUT_S = 10
RECORDING_BYTES_MAX = 20_000_000

VOICES = {"en": "en-US", "de": "de-DE", "es": "es-ES", "sr": "sr-RS"}
"""A tree's language -> the carrier's. Serbian is spoken by a Google voice; the classic voices do not know it."""
VOICE_NAMES = {"sr": "Google.sr-RS-Standard-B"}

# XML 1.0 section 2.2: these code points stand in no document; twilio's helper would let them through.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# -- out: instructions -> TwiML ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the carrier goes next from one answer: our public base URL and the step each address carries.

    `version` is the call's, and `recordings` are the files kept with it; `voices` are names of the carrier's voices, by
    language, where the hotline chose its own.
    """

    base: str
    step: int
    version: str = ""
    recordings: Collection[str] = ()
    voices: Mapping[str, str] = field(default_factory=dict)
    inquiry: str = ""  # the call that is made to ask the survey of this one

    def __call__(self, door: str) -> str:
        """The address of a door; one query key only, because Twilio sorts keys after signing them."""
        if self.inquiry:
            return f"{self.base}/voice/survey-{door}?s={self.inquiry}-{self.step}"
        return f"{self.base}/voice/{door}?s={self.step}"

    def sound(self, name: str) -> str:
        """The address of one of our own sounds, or of a recording of the hotline by that name."""
        recorded = (f"{name}.wav", f"{name}.mp3")
        file = next((file for file in recorded if file in self.recordings), None)
        return self.recording(file) if file else f"{self.base}/sounds/{name}.wav"

    def recording(self, file: str) -> str:
        """The address of a recording of the hotline, as it was published with this version."""
        return f"{self.base}/prompts/{self.version}/{quote(file)}"


def render(instructions: Sequence[i.Instruction], to: Addresses) -> bytes:
    """TwiML for the instructions, parsed once more before it leaves.

    A document ends in a verb that keeps the call or ends it on purpose: after a Gather or a Record stands a Redirect
    to the same step, for carriers that go on when nothing was entered.
    """
    response = VoiceResponse()
    for instruction in instructions:
        _append(response, instruction, to)
    if instructions and isinstance(instructions[-1], i.Gather | i.Record):
        response.redirect(to("step"), method="POST")
    return checked(str(response))


def render_wait(instructions: Sequence[i.Instruction], to: Addresses) -> bytes:
    """A wait document: the same, and then on to the next step of waiting, so that no two requests are alike."""
    response = VoiceResponse()
    for instruction in instructions:
        _append(response, instruction, to)
    response.redirect(to("wait"), method="POST")
    return checked(str(response))


def render_agent_joins(conference: str, base: str, offer: str, ends: bool = True) -> bytes:
    """The document of the representative's leg: into the conference; `ends`: which is over when they leave."""
    response = VoiceResponse()
    dial = Dial(action=f"{base}/voice/agent-left?s={offer}", method="POST")
    dial.conference(conference, start_conference_on_enter=True, end_conference_on_exit=ends, beep="false")
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


def render_called_back(words: str, language: str, conference: str, base: str, step: str, waits: bool = False) -> bytes:
    """The document of somebody we call back: a word of whom they hear, and into the conference; `waits`: with music
    until the representative is there."""
    response = VoiceResponse()
    _append_say(response, words, language)
    dial = Dial(action=f"{base}/voice/callback-over?s={step}", method="POST")
    music = {"wait_url": f"{base}/sounds/music.wav", "wait_method": "GET"} if waits else {}
    dial.conference(conference, start_conference_on_enter=not waits, end_conference_on_exit=True, beep="false", **music)
    response.append(dial)
    return checked(str(response))


def render_told(words: Sequence[str], language: str, url: str) -> bytes:
    """The document of somebody who is told something to its end, and goes on at `url`."""
    response = VoiceResponse()
    for sentence in words:
        _append_say(response, sentence, language)
    response.redirect(url, method="POST")
    return checked(str(response))


def render_callback_asked(words: str, language: str, base: str, contact: str) -> bytes:
    """The document of somebody whom we call before a representative is asked: 1 says that they are there. Said twice;
    a mailbox presses nothing."""
    response = VoiceResponse()
    for _ in range(2):
        gather = Gather(num_digits=1, timeout=6, action=f"{base}/voice/callback-agrees?s={contact}", method="POST")
        _append_say(gather, words, language)
        response.append(gather)
    response.hangup()
    return checked(str(response))


def render_sorry(words: str, language: str) -> bytes:
    """The document of somebody who is let go: a word, and the end."""
    response = VoiceResponse()
    _append_say(response, words, language)
    response.hangup()
    return checked(str(response))


def render_hang_up() -> bytes:
    """The document that ends a leg."""
    response = VoiceResponse()
    response.hangup()
    return checked(str(response))


NOTHING_TO_SAY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""The answer to what needs none: status callbacks."""


def render_moment(words: str, language: str, url: str) -> bytes:
    """What is answered when we cannot say more just now: a word to the caller, and the same request again."""
    response = VoiceResponse()
    _append_say(response, words, language)
    response.redirect(url, method="POST")
    return checked(str(response))


def render_fallback(words: Mapping[str, str], number: str | None, base: str) -> bytes:
    """What is answered when nothing here works: an honest sentence in each language and a way to a person."""
    response = VoiceResponse()
    for language, sentence in words.items():
        _append_say(response, sentence, language)
    if number:
        response.dial(number, timeout=30)
    response.record(
        max_length=FALLBACK_MESSAGE_S,
        action=f"{base}/voice/fallback-thanks",
        method="POST",
        play_beep=True,
        recording_status_callback=f"{base}/voice/recording",
        recording_status_callback_method="POST",
    )
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
        case i.Say():
            _append_say(response, instruction.text, instruction.language, instruction.pause_ms, to.voices)
        case i.Play(sound):
            response.play(to.sound(sound))
        case i.PlayRecording(file, say) if file in to.recordings:
            response.play(to.recording(file))
            if say.pause_ms >= 1000:
                response.pause(length=say.pause_ms // 1000)
        case i.PlayRecording(_, say):  # what has gone is spoken: nobody is left in silence
            _append(response, say, to)
        case i.Pause(length_s):
            response.pause(length=length_s)
        case i.Gather():
            _append_gather(response, instruction, to)
        case i.Record(length_max_s):
            response.record(
                max_length=length_max_s, timeout=5, finish_on_key="#*0123456789", play_beep=True,
                action=to("step"), method="POST",
                recording_status_callback=f"{to.base}/voice/recording", recording_status_callback_method="POST",
            )  # fmt: skip
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
        case i.Dial(number, timeout_s, door):
            response.dial(number, timeout=timeout_s, action=to(door), method="POST")
        case i.GoOn(door, after_s):
            if after_s:
                response.pause(length=after_s)
            response.redirect(to(door), method="POST")
        case i.Hangup():
            response.hangup()


def _append_gather(response: VoiceResponse, asked: i.Gather, to: Addresses) -> None:
    """A Gather for which silence is an answer too - but not while somebody waits in a queue: there it goes on."""
    spoken = {
        "language": VOICES[asked.language], "hints": ", ".join(asked.hints) or None, "speech_timeout": "auto",
    } if asked.speech else {}  # fmt: skip
    gather = Gather(
        input="dtmf speech" if asked.speech else "dtmf", num_digits=asked.digits_max, timeout=asked.timeout_s,
        finish_on_key=asked.finish_on_key, action=to(asked.door), method="POST",
        action_on_empty_result=asked.door == "step", **spoken,
    )  # fmt: skip
    for prompt in asked.prompts:
        _append(gather, prompt, to)
    response.append(gather)


def _append_say(
    parent: VoiceResponse | Gather, text: str, language: str, pause_ms: int = 0, voices: Mapping[str, str] | None = None
) -> None:
    text = _ILLEGAL.sub("", text)
    if not text.strip():
        return  # the carrier warns of words that are none
    voice = (voices or {}).get(language) or VOICE_NAMES.get(language)
    said = parent.say(text, language=VOICES[language], voice=voice)
    if pause_ms:
        said.break_(time=f"{pause_ms}ms")


# -- browsers: who may be rung in one ---------------------------------------------------------------------------------

CLIENT = "client:"
_ODD = re.compile("[^A-Za-z0-9]")


def identity(client: str) -> str:
    """A client's name in the letters that Twilio takes in one (error 31105): `claims-1` is `claims_2d1`.

    Every other sign, the underscore among them, becomes its code, so that no two clients share an identity.
    """
    return _ODD.sub(lambda odd: f"_{ord(odd[0]):02x}", client)


def access_token(account: str, key_sid: str, key_secret: str, client: str, length_s: int) -> str:
    """What lets a browser be rung as `client` for so many seconds, and call nobody.

    /docs/iam/access-tokens. It says not since when it holds: a clock that is a little ahead would make it void.
    """
    from twilio.jwt.access_token import AccessToken
    from twilio.jwt.access_token.grants import VoiceGrant

    grant = VoiceGrant(incoming_allow=True)
    token = AccessToken(account, key_sid, key_secret, [grant], identity=identity(client), nbf=None, ttl=length_s)
    return token.to_jwt()


def _strict(address: str) -> str:
    return CLIENT + identity(address.removeprefix(CLIENT)) if address.startswith(CLIENT) else address


# -- orders: what we ask the carrier to do ----------------------------------------------------------------------------


class CarrierError(Exception):
    """The carrier did not do what it was asked: `gone` when the call is simply not there any more, `theirs` when it
    could not be asked or is not well, so that the same order may do later."""

    def __init__(self, why: str, *, gone: bool = False, theirs: bool = False) -> None:
        super().__init__(why)
        self.gone, self.theirs = gone, theirs


OVER = {"completed", "busy", "no-answer", "failed", "canceled"}
"""The states of a call that is over; they never change again."""

CALL_NOT_IN_PROGRESS = 21220
NOT_FOUND = 20404
TOO_MANY, SERVER_FAULT = 429, 500


CURRENT = "Twilio.CURRENT"
PIECE_BYTES = 65_536

Kept = TypeVar("Kept")


class Carrier:
    """Orders to the carrier by its REST API, through the official client (imported when first used: it is slow)."""

    def __init__(
        self,
        account: str,
        token: str,
        base_url: str | None = None,
        http: object | None = None,
        strict_names: bool = False,
    ) -> None:
        """`base_url` and `http` (an HTTP client as twilio's own, its answers with `content`) stand in for Twilio's.

        `strict_names`: clients are rung by their `identity`, which is all that Twilio takes.
        """
        self._account, self._token, self._base_url, self._http = account, token, base_url, http
        self._address = _strict if strict_names else str
        self._client, self._lock = None, threading.Lock()

    def ring(self, address: str, caller_id: str, url: str, status_url: str, ring_s: int) -> str:
        """Ring a representative's leg; the id of its call."""
        order = {
            "to": self._address(address),
            "from_": caller_id,
            "url": url,
            "method": "POST",
            "timeout": ring_s,
            "status_callback": status_url,
            "status_callback_method": "POST",
            "status_callback_event": ["completed"],
        }
        return self._do(lambda client: client.calls.create(**order).sid)

    def send_message(self, to: str, sender: str, body: str) -> None:
        """Send a text message; the carrier tries to deliver it."""
        self._do(lambda client: client.messages.create(to=to, from_=sender, body=body).sid)

    def redirect(self, sid: str, url: str) -> None:
        """Give a live call another document."""
        self._do(lambda client: client.calls(sid).update(url=url, method="POST"))

    def status(self, sid: str) -> str:
        """A call's state in the carrier's words."""
        return self._do(lambda client: client.calls(sid).fetch().status)

    def hang_up(self, sid: str) -> None:
        """End a call."""
        self._do(lambda client: client.calls(sid).update(status="completed"))

    def hold(self, conference: str, sid: str, music_url: str | None) -> None:
        """Let one who is in a conference hear music instead of the others; without it, the others again."""
        order = {"hold": music_url is not None}
        order |= {"hold_url": music_url, "hold_method": "GET"} if music_url else {}
        self._do(lambda client: self._room(client, conference).participants(sid).update(**order))

    def mute(self, conference: str, sid: str, on: bool) -> None:
        """Let nobody in a conference hear one who is in it; or let them be heard again."""
        self._do(lambda client: self._room(client, conference).participants(sid).update(muted=on))

    def invite(self, conference: str, address: str, caller_id: str, status_url: str, ring_s: int) -> str:
        """Ring somebody who joins a conference that runs, without being able to end it; the id of their call."""
        order = {
            "from_": caller_id, "to": self._address(address), "timeout": ring_s,
            "beep": "false", "end_conference_on_exit": False,
            "status_callback": status_url, "status_callback_method": "POST",
            "status_callback_event": ["answered", "completed"],
        }  # fmt: skip
        return self._do(lambda client: self._room(client, conference).participants.create(**order).call_sid)

    def listen_in(
        self, conference: str, address: str, caller_id: str, how: str, coached: str, label: str, ring_s: int
    ) -> None:
        """Ring somebody into a conference that runs - heard by nobody (`listen`), by `coached` alone (`whisper`) or by
        all (`barge`) - or change that; `off` takes them out. They are known there by `label`, and end nothing."""
        from twilio.base.exceptions import TwilioRestException

        wanted = {"muted": how == "listen", "coaching": how == "whisper"}
        if how == "whisper":
            wanted["call_sid_to_coach"] = coached

        def listen(client: object) -> None:
            room = self._room(client, conference)
            try:
                there = room.participants(label)
                there.delete() if how == "off" else there.update(**wanted)
            except TwilioRestException as error:
                if error.status != 404 or how == "off":
                    raise
                if how != "whisper":
                    del wanted["coaching"]
                room.participants.create(
                    from_=caller_id, to=self._address(address), label=label, timeout=ring_s, beep="false",
                    end_conference_on_exit=False, **wanted,
                )  # fmt: skip

        self._do(listen)

    def stay_without(self, conference: str, leaving: str, staying: str, held: str | None) -> None:
        """Let `leaving` go out of a conference that goes on with `staying` and ends with them; nobody is on hold."""

        def leave(client: object) -> None:
            room = self._room(client, conference)
            room.participants(staying).update(end_conference_on_exit=True)
            room.participants(leaving).update(end_conference_on_exit=False)
            if held:
                room.participants(held).update(hold=False)
            client.calls(leaving).update(status="completed")

        self._do(leave)

    def record(self, sid: str, status_url: str) -> tuple[str, bool]:
        """Record a live call from now on, the caller on one channel and all others on the other; the recording's id,
        and whether one that there was already is paused."""
        order = {
            "recording_channels": "dual", "recording_status_callback": status_url,
            "recording_status_callback_method": "POST", "recording_status_callback_event": ["completed", "absent"],
        }  # fmt: skip
        made = self._do(lambda client: client.calls(sid).recordings.create(**order))
        return made.sid, made.status == "paused"

    def steer_recording(self, sid: str, recording: str | None, status: str) -> None:
        """Let a call's recording be `paused`, go on (`in-progress`) or be `stopped`; None: the one that runs.

        What is said in a pause is kept as silence, so that times in the file are times of the conversation.
        """
        order = {"status": status} | ({"pause_behavior": "silence"} if status == "paused" else {})
        self._do(lambda client: client.calls(sid).recordings(recording or CURRENT).update(**order))

    def _room(self, client: object, conference: str) -> object:
        """A conference that runs, by the name we gave it: its address has the carrier's own name for it."""
        found = client.conferences.list(friendly_name=conference, status="in-progress", limit=1)
        if not found:
            raise CarrierError("that conference is over", gone=True)
        return client.conferences(found[0].sid)

    def fetch_recording(self, sid: str) -> bytes:
        """A message's sound, by the id of the recording - never by an address somebody sent us."""
        return self._do(lambda client: self._download(self._sound_of(client, sid)))

    def keep_recording(self, sid: str, keep: Callable[[Iterable[bytes]], Kept]) -> Kept:
        """A conversation's sound, which may be long: `keep` takes it in pieces as they come, and says how it went."""
        return self._do(lambda client: self._pass_on(self._sound_of(client, sid), keep))

    def _sound_of(self, client: object, sid: str) -> str:
        return f"{client.api.base_url}/2010-04-01/Accounts/{self._account}/Recordings/{sid}.wav"

    def _pass_on(self, url: str, keep: Callable[[Iterable[bytes]], Kept]) -> Kept:
        from requests import Session

        order = {"auth": (self._account, self._token), "timeout": 30, "allow_redirects": False}
        if self._http is not None:
            return keep([_sound(self._http.request("GET", url, **order)).content])
        with Session() as http, http.request("GET", url, stream=True, **order) as answer:
            return keep(_sound(answer).iter_content(PIECE_BYTES))

    def _download(self, url: str) -> bytes:
        from requests import Session

        http = self._http or Session()  # twilio's own HTTP client gives text only
        answer = http.request("GET", url, auth=(self._account, self._token), timeout=30, allow_redirects=False)
        if len(_sound(answer).content) > RECORDING_BYTES_MAX:
            raise CarrierError(f"the recording has {len(answer.content)} bytes")
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
            theirs = error.status == TOO_MANY or error.status >= SERVER_FAULT
            why = f"the carrier answers {error.status} (code {error.code})"
            raise CarrierError(why, gone=gone, theirs=theirs) from error
        except (TwilioException, RequestException, OSError) as error:
            raise CarrierError(f"the carrier cannot be reached: {type(error).__name__}", theirs=True) from error

    def _connected(self) -> object:
        with self._lock:  # nobody may get a client that does not know yet where to send its token
            if self._client is None:
                self._client = self._made()
            return self._client

    def _made(self) -> object:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        # A connection for each order: one kept from before may have been closed by the other end in the meantime,
        # and then nobody knows whether a call was made.
        http = self._http or TwilioHttpClient(pool_connections=False, timeout=ORDER_TIMEOUT_S)
        client = Client(self._account, self._token, http_client=http)
        if self._base_url:
            client.api.base_url = self._base_url
        return client


def _sound(answer: object) -> object:
    """The answer, if it is the sound that was asked for."""
    if answer.status_code != 200:
        raise CarrierError(f"the recording is answered with {answer.status_code}")
    return answer
