"""Hosted: what the carrier itself serves to any app that names it - its demo documents, its hold music, its twimlets.

Many apps wait with `http://twimlets.com/holdmusic` or call with `http://demo.twilio.com/docs/voice.xml`; here these
answer without a network. https://www.twilio.com/labs/twimlets
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from ivr.simulator.sound import tone
from ivr.simulator.transport import LIMITS, Answer, Limits

MUSIC_S = 60.0
MUSIC_URL = "http://com.twilio.music.classical.s3.amazonaws.com/BusyStrings.mp3"
MUSIC = re.compile(r"com\.twilio\.(music|sounds)\.[a-z-]+\.s3\.amazonaws\.com/.*|s3\.amazonaws\.com/com\.twilio\..*")
SOUND_HOSTS = frozenset({"api.twilio.com", "demo.twilio.com", "www.twilio.com"})
TWIMLET_HOSTS = frozenset({"twimlets.com", "www.twimlets.com"})
DEMO = "<Say>Thanks for trying our documentation. Enjoy!</Say><Play>http://demo.twilio.com/docs/classic.mp3</Play>"
DEMOS = ("/docs/voice.xml", "/docs/voice.xml/", "/welcome/voice/", "/welcome/voice", "/docs/classic.xml")
Form = Mapping[str, str]


@lru_cache(maxsize=1000)
def serves(url: str) -> bool:
    """Whether this address is the carrier's own; what is no URL is nobody's."""
    try:
        parts = urlsplit(url)
        host, path = parts.hostname or "", parts.path
    except ValueError:
        return False
    if host in TWIMLET_HOSTS:
        return path.strip("/") in TWIMLETS
    sound = path.endswith((".mp3", ".wav"))
    return bool(MUSIC.fullmatch(host + path)) or (host in SOUND_HOSTS and (sound or path in DEMOS))


class Hosted:
    """Answers at those addresses; a Transport."""

    def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, limits: Limits = LIMITS
    ) -> Answer:
        """Ask one of them; sounds are a tone of a minute."""
        parts = urlsplit(url)
        if parts.hostname in TWIMLET_HOSTS:
            form = dict(parse_qsl(parts.query)) | dict(parse_qsl(body.decode()))
            return _document(TWIMLETS[parts.path.strip("/")](form))
        if parts.path in DEMOS:
            return _document(DEMO)
        return 200, {"content-type": "audio/wav", "etag": '"own"'}, tone(MUSIC_S)


def _document(inside: str) -> Answer:
    document = inside if "<Response" in inside else f"<Response>{inside}</Response>"
    return 200, {"content-type": "text/xml"}, document.encode()


def _hold_music(form: Form) -> str:
    spoken = f"<Say>{escape(form['Message'])}</Say>" if form.get("Message") else ""
    return f"{spoken}<Play>{MUSIC_URL}</Play><Redirect/>"


def _echo(form: Form) -> str:
    return form.get("Twiml", "")


def _message(form: Form) -> str:
    texts = [value for name, value in form.items() if re.fullmatch(r"Message(\[\d+\]|%5B\d+%5D)?", name)]
    verbs = ((("Play" if each.startswith("http") else "Say"), escape(each)) for each in texts)
    return "".join(f"<{verb}>{text}</{verb}>" for verb, text in verbs)


def _forward(form: Form) -> str:
    if "DialCallStatus" in form:
        failed = form["DialCallStatus"] not in ("completed", "answered") and form.get("FailUrl")
        return f"<Redirect>{escape(form['FailUrl'])}</Redirect>" if failed else "<Hangup/>"
    shown = f' callerId="{escape(form["CallerId"])}"' if form.get("CallerId") else ""
    timeout = escape(form.get("Timeout", "20"))
    action = escape("?" + urlencode({"FailUrl": form.get("FailUrl", "")}))
    return f'<Dial action="{action}" timeout="{timeout}"{shown}>{escape(form.get("PhoneNumber", ""))}</Dial>'


TWIMLETS: Mapping[str, Callable[[Form], str]] = {
    "holdmusic": _hold_music,
    "echo": _echo,
    "message": _message,
    "forward": _forward,
}
