"""Play: a sound fetched from the app, or keys sent as tones.

https://www.twilio.com/docs/voice/twiml/play
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ivr.simulator.document import AUDIO_S_UNKNOWN, Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.outset import tones_s
from ivr.simulator.program import Fetch, Program, Wait
from ivr.simulator.sound import seconds_of
from ivr.simulator.verb import Verb, keys, whole
from ivr.simulator.webhook import Request

LOOPS_MAX = 1000


def run(line: Line, task: Task) -> Program:
    """Fetch the sound once and play it `loop` times; what cannot be had is reported and skipped."""
    line.pick_up()
    if task.values["digits"]:
        line.hear("tones", task.values["digits"])
        with line.doing("hearing"):
            yield Wait(tones_s(task.values["digits"]))
    if not task.element.text:
        if not task.values["digits"]:
            line.warn(Problem(13420, "<Play> names no sound: skipped"))
        return
    url = task.document.resolve(task.element.text)
    length_s = yield from sound_s(line, url, task.document.url)
    if length_s is None:
        return
    with line.doing("hearing"):
        for _ in range(task.values["loop"] or LOOPS_MAX):
            line.hear("play", url)
            yield Wait(length_s)


def sound_s(line: Line, url: str, named_in: str) -> Program:
    """How long the sound at `url` lasts; None, reported, when it cannot be played.

    That a server other than that of the document (`named_in`) is out of reach says nothing about the app: a warning.
    """
    known = line.network.sounds.get(url)
    if known is not None:
        return known
    reply = yield Fetch(Request(url, "GET"), "media")
    if reply.problem is not None:
        problem = Problem(reply.problem.code, f"{reply.problem.text}: <Play> {url} is skipped")
        at_the_app = urlsplit(url).netloc == urlsplit(named_in).netloc
        (line.error if reply.status or at_the_app else line.warn)(problem)
        return None
    if not reply.content_type.startswith("audio/"):
        line.error(Problem(13420, f"{url} is {reply.content_type or 'of no type'} (send audio/wav or audio/mpeg)"))
        return None
    line.network.fetched(url, reply)
    length_s = seconds_of(reply.body) or AUDIO_S_UNKNOWN
    if "etag" in reply.headers or "last-modified" in reply.headers:
        line.network.sounds[url] = length_s  # only what can be checked for changes is kept, as on Twilio
    return length_s


PLAY = Verb("Play", run, {"loop": whole(0, 1, 13410), "digits": keys("", 13430, allowed="0123456789ABCD*#wW")})
