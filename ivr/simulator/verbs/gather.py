"""Gather: keys (or words) collected while prompts are heard, and after them.

https://www.twilio.com/docs/voice/twiml/gather
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ivr.simulator.document import Stage, Task, task_of
from ivr.simulator.error import Problem
from ivr.simulator.line import Line, since
from ivr.simulator.program import BargeIn, Key, Program, Spoke, Wait
from ivr.simulator.verb import Attribute, Verb, keys, method, several, text, truth, whole
from ivr.simulator.verbs.pause import PAUSE
from ivr.simulator.verbs.play import PLAY
from ivr.simulator.verbs.say import SAY
from ivr.simulator.voice import read_language
from ivr.simulator.webhook import Request

NESTED = Stage({"Say": SAY, "Play": PLAY, "Pause": PAUSE})
AUTO_PAUSE_S = 1  # the pause that ends an utterance when speechTimeout is auto
CONFIDENCE = "0.9"
HINTS_MAX, HINT_MAX = 500, 100


@dataclass(frozen=True, slots=True)
class Input:
    """What was collected. `words` is None when keys were pressed, or nothing came."""

    keys: str = ""
    finished_on: str = ""
    words: str | None = None

    def params(self, language: str) -> dict[str, str]:
        """What the action request says of it."""
        if self.words is not None:
            return {"SpeechResult": self.words, "Confidence": CONFIDENCE, "Language": language}
        return {"Digits": self.keys, "FinishedOnKey": self.finished_on, "msg": "Gather End"}


def run(line: Line, task: Task) -> Program:
    """Prompt and collect; with something collected go to the action, otherwise on."""
    line.pick_up()
    if task.values["speechTimeout"] == "auto" and task.values["speechModel"] not in (None, "default"):
        line.warn(Problem(13335, f"speechTimeout auto with speechModel {task.values['speechModel']} (write seconds)"))
    wanted = _wanted(task.values)
    with line.doing("gathering"):
        first = None
        line.barge_in = wanted
        line.press_eagerly()
        try:
            for child in task.element.elements:
                nested = task_of(line, child, task.document, NESTED) if child.name in NESTED.verbs else None
                if nested is not None:
                    yield from NESTED.verbs[child.name].run(line, nested)
        except BargeIn as barged:
            first = barged.event
        finally:
            line.barge_in = ()
        line.note("gathers", _described(task.values), **_plain(task.values))
        collected = yield from _collect(line, task, first)
    return _result(task, collected)


def _wanted(values: dict[str, Any]) -> tuple[type, ...]:
    if not values["bargeIn"]:
        return ()
    return tuple(kind for word, kind in (("dtmf", Key), ("speech", Spoke)) if word in values["input"])


def _collect(line: Line, task: Task, event: Key | Spoke | None) -> Program:
    values = task.values
    kinds = tuple(kind for word, kind in (("dtmf", Key), ("speech", Spoke)) if word in values["input"])
    pressed = ""
    while True:
        if isinstance(event, Spoke):
            return (yield from _listen(line, task, event))
        if isinstance(event, Key):
            if event.key == values["finishOnKey"]:
                return Input(pressed, event.key)
            pressed += event.key
            if len(pressed) == values["numDigits"]:
                return Input(pressed)
        # What comes first, keys or words, decides which of them is collected.
        event = yield Wait(values["timeout"], (Key,) if pressed else kinds)
        if event is None:
            return Input(pressed)


def _listen(line: Line, task: Task, spoke: Spoke) -> Program:
    """Hear the caller out: until they pause for long enough, or have spoken for long enough."""
    values, network = task.values, line.network
    pause_s = {"auto": AUTO_PAUSE_S, None: values["timeout"]}.get(values["speechTimeout"], values["speechTimeout"])
    limit = network.in_(values["maxSpeechTime"])
    words: list[str] = []
    ends = network.now()
    event: Spoke | None = spoke
    while event is not None:
        _tell_partly(line, task, words, event)
        words.append(event.text)
        ends = min(limit, max(ends, network.now()) + timedelta(seconds=event.length_s))
        quiet = min(limit, ends + timedelta(seconds=float(pause_s)))
        event = yield Wait(since(network.now(), quiet), (Spoke,))
    said = " ".join(filter(None, (each.strip() for each in words)))
    return Input(words=said) if said else Input()


def _tell_partly(line: Line, task: Task, words: list[str], spoke: Spoke) -> None:
    values = task.values
    if not values["partialResultCallback"]:
        return
    partial = {"UnstableSpeechResult": spoke.text, "Stability": "0.5", "SequenceNumber": str(len(words))}
    partial |= {"StableSpeechResult": " ".join(words), "Language": values["language"]}
    request = task.request(values["partialResultCallback"], values["partialResultCallbackMethod"], partial)
    line.notify(Request(request.url, request.method, request.extra, line.params()))


def _result(task: Task, collected: Input) -> Request | None:
    if not collected.keys and collected.words is None and not task.values["actionOnEmptyResult"]:
        return None
    if not collected.keys and collected.words is None and "dtmf" not in task.values["input"]:
        return task.action({})
    return task.action(collected.params(task.values["language"]))


def _described(values: dict[str, Any]) -> str:
    what = "keys" if values["input"] == ("dtmf",) else " or ".join(values["input"])
    count = f"up to {values['numDigits']} " if values["numDigits"] else ""
    return f"waits for {count}{what}, {values['timeout']} s"


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {"digits_max": values["numDigits"], "timeout_s": values["timeout"], "finish_on_key": values["finishOnKey"]}


def _speech_timeout(written: str) -> int | str:
    if written == "auto":
        return written
    if not written.isdecimal():
        raise ValueError("seconds or auto")
    return int(written)


def _model(written: str) -> str:
    if not re.fullmatch(
        "default|numbers_and_commands|phone_call|(experimental|googlev2|deepgram)_[a-z0-9_-]+", written
    ):
        raise ValueError("default, numbers_and_commands, phone_call, experimental_..., googlev2_... or deepgram_...")
    return written


def _hints(written: str) -> str:
    phrases = written.split(",")
    if len(phrases) > HINTS_MAX or any(len(each.strip()) > HINT_MAX for each in phrases):
        raise ValueError(f"at most {HINTS_MAX} phrases of {HINT_MAX} characters, separated by commas")
    return written


GATHER = Verb(
    "Gather",
    run,
    {
        "input": several("dtmf", "speech", default=("dtmf",), code=13326),
        "action": text(),
        "method": method(13312),
        "numDigits": whole(1, None, 13314),
        "timeout": whole(1, 5, 13313, words=("auto",)),
        "finishOnKey": keys("#", 13310, most=1),
        "actionOnEmptyResult": truth(False, 13338),
        "speechTimeout": Attribute(_speech_timeout, None, 13327),
        "speechModel": Attribute(_model, None, 13334),
        "hints": Attribute(_hints, None, 13330),
        "language": Attribute(read_language, "en-US", 13331),
        "profanityFilter": truth(True, 13333),
        "partialResultCallback": text(),
        "partialResultCallbackMethod": method(13329),
        "enhanced": truth(False),
        "bargeIn": truth(True, 13332),
        "maxSpeechTime": whole(1, 60, 13328),
        "debug": truth(False),
    },
    frozenset(NESTED.verbs),
    13320,
)
