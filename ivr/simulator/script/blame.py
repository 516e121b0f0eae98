"""Blame: what an app did wrong in a call, and where, in one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ivr.simulator.trace import Entry, Exchange

ANSWER_SHOWN_MAX = 300
_SIGNED = " (if it checks signatures: --token and --public-url say what we sign with, and for)"
_HINTS = {
    (405, "POST"): " (does it want the other method? --method GET)",
    (403, "POST"): _SIGNED,
    (403, "GET"): _SIGNED,
}
_MARKUP = re.compile(r"<(style|script)\b.*?</\1>|<[^<>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake of the app: the carrier's number, a sentence, and the start of what was answered."""

    code: int
    sentence: str
    answer: str = ""
    entry: Entry | None = field(default=None, compare=False)


def blamed(entry: Entry, webhooks: Sequence[Exchange]) -> Wrong:
    """What the app did wrong when the carrier noted this error; `webhooks` are those so far."""
    code = int(entry.data.get("code", 0))
    mine = [each for each in webhooks if each.call_sid == entry.call_sid and each.purpose != "callback"]
    if mine and mine[-1].purpose == "media" and mine[-1].url in entry.text:
        return Wrong(code, _silent(code, entry.text, mine[-1]), entry=entry)
    mine = [each for each in mine if each.purpose == "call"]
    if not mine:
        return Wrong(code, f"your app: {entry.text}", entry=entry)
    last = mine[-1]
    shown = _in_short(last.answer) if last.status and last.status >= 400 else ""
    return Wrong(code, _sentence(code, entry.text, last), shown, entry)


def _silent(code: int, text: str, sound: Exchange) -> str:
    """A sound that could not be played."""
    if code == 13420:
        return f"your app plays what is no sound: {_after_meaning(text)} ({asked_at(sound)})"
    what = f"was answered {sound.status}" if sound.status else f"could not be had ({sound.error.partition(': ')[2]})"
    return f"your app plays a sound that is not there: {asked_at(sound)} at {urlsplit(sound.url).netloc} {what}"


def refused(exchange: Exchange) -> str:
    """That a callback, whose answer controls nothing, was answered with an error."""
    return f"your app answered {exchange.status or exchange.error} to the callback {asked_at(exchange)}"


def asked_at(exchange: Exchange) -> str:
    """`POST /menu?step=2`: the request without its host."""
    parts = urlsplit(exchange.url)
    query = f"?{parts.query}" if parts.query and exchange.method != "GET" else ""
    return f"{exchange.method} {parts.path or '/'}{query}"


def _sentence(code: int, text: str, last: Exchange) -> str:
    where, host = asked_at(last), urlsplit(last.url).netloc
    detail = text.rpartition(": ")[2]
    sentences = {
        11100: f"your app leads to an address that cannot be asked: {detail}",
        11202: f"nothing answers at {host}: is it running? Start your app there, or name where it is ({where})",
        11203: f"your app did not answer {where} in time ({detail})",
        11205: f"{host} could not be connected ({where})",
        11206: f"what answers {where} at {host} does not speak HTTP",
        11210: f"there is no host {urlsplit(last.url).hostname} ({where})",
        11215: f"your app redirects in a circle: more than 10 HTTP redirects, the last from {where}",
        11216: f"your app redirects {where} to where nobody can follow: {detail}",
        11750: f"your app's answer to {where} is larger than 64 kB",
        11770: f"your app answered {where} with nothing",
        12100: f"your app's answer to {where} is not well-formed XML: {text.split(': ', 2)[-1]}",
        12102: f"your app's answer to {where} is no TwiML: {_after_meaning(text)}",
        12300: f"your app's answer to {where} has a Content-Type that is none of a document: {detail}",
        12400: f"your app leads the call in a circle at {where}: {_after_meaning(text)}",
    }
    if code == 11217 or (code == 11200 and last.status and last.status >= 400):
        return f"your app answered {last.status} to {where}{_HINTS.get((last.status, last.method), '')}"
    return sentences.get(code, f"your app's answer to {where} cannot be run: {text}")


def _after_meaning(text: str) -> str:
    """`12100: the answer is not well-formed XML: line 3 ...` without number, meaning and remarks."""
    return text.split(": ", 2)[-1].partition(" (")[0]


def _in_short(answer: str) -> str:
    """The start of an answer, a page without its markup."""
    return " ".join(_MARKUP.sub(" ", answer).split())[:ANSWER_SHOWN_MAX]
