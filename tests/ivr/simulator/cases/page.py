"""Page: docs/twiml.md, drawn from the verbs' own tables and from the cases that are tests.

python -m tests.ivr.simulator.cases.page > docs/twiml.md
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ivr.simulator.error import MEANINGS
from ivr.simulator.verb import Attribute
from ivr.simulator.verbs import MAIN, SCREENING, conference, connect, dial_legs, dial_queue, start
from ivr.simulator.verbs.conference import REFUSED
from ivr.simulator.verbs.enqueue import WAITING, WHISPER

HERE = Path(__file__).parent
CASE = re.compile(r"test_((?:[a-l]\d+b?_)+)")

LETTERS = {
    "A": "documents and fetching",
    "B": "Say, Play, Pause",
    "C": "Gather",
    "D": "Redirect, Reject, Hangup, Leave",
    "E": "Record",
    "F": "Dial",
    "G": "dialled legs and callbacks",
    "H": "queues",
    "I": "conferences",
    "J": "REST",
    "K": "Connect, Start, Stop, Refer, Sms, Pay",
    "L": "what apps send and check",
}

ELSEWHERE = {
    "C40": "Keys in the sound or by SIP INFO: Twilio ignores them, and neither sound nor SIP flows here.",
    "F20b": "`canceled` with DialRingDuration is Restcomm's; Twilio's answer, `no-answer`, is tested as F20.",
    "F34": "Somleng refuses conferences; Twilio, and therefore this carrier, has them (I).",
    "L7": "A missing signature is the app's to refuse: our own app's tests are in tests/ivr/web/test_voice.py.",
    "L10": "Unknown parameters are the app's to ignore: as L7.",
    "L11": "`Digits=hangup` is the app's to understand; that it is sent is E11.",
}
"""Cases that cannot hold here, or not on this side of the wire, and why."""

NO_EFFECT = "read; changes nothing here"
REMARKS: Mapping[str, str] = {
    "Gather language": "told to the action",
    "Gather speechModel": NO_EFFECT,
    "Gather hints": NO_EFFECT,
    "Gather profanityFilter": NO_EFFECT,
    "Gather enhanced": NO_EFFECT,
    "Gather debug": NO_EFFECT,
    "Gather timeout": "after the prompts, and after each key; `auto` is 5",
    "Gather speechTimeout": "default: as `timeout`; `auto` is 1 s",
    "Record maxLength": "120 where transcribe is true and none is written",
    "Record recordingConfigurationId": NO_EFFECT,
    "Dial trim": "read; no silence is known in a talk",
    "Dial ringTone": "checked; nothing is heard of it",
    "Dial referUrl": "read; nobody here sends a REFER",
    "Dial referMethod": "read; nobody here sends a REFER",
    "Dial callReason": NO_EFFECT,
    "Dial recordingConfigurationId": NO_EFFECT,
    "Dial events": NO_EFFECT,
    "Dial passports": NO_EFFECT,
    "Dial callerId": "its shape is checked, not whether it is verified; blank is none",
    "Number byoc": NO_EFFECT,
    "Client clientNotificationUrl": NO_EFFECT,
    "Sip password": "read; nobody here asks for it",
    "Conference region": NO_EFFECT,
    "Conference recordingConfigurationId": NO_EFFECT,
    "Stream audioFormat": NO_EFFECT,
    "Stream sampleRate": NO_EFFECT,
    "Application url": "refused: call the application's number instead",
    "Conference jitterBufferSize": NO_EFFECT,
    "Conference trim": "read; no silence is known in a talk",
    "Conference eventCallbackUrl": NO_EFFECT,
    "Queue reservationSid": "TaskRouter's: warned of, skipped",
    "Queue postWorkActivitySid": NO_EFFECT,
    "Enqueue workflowSid": "TaskRouter's: an error, QueueResult=error",
    "Enqueue maxQueueSize": "when the queue is made by it",
    "Start action": NO_EFFECT,
    "Start method": NO_EFFECT,
    "Stream track": "checked; no sound flows",
    "Stream connectorName": NO_EFFECT,
    "Siprec track": "checked; no sound flows",
    "Recording channels": "always two, as on Twilio",
    "Recording trim": "read; no silence is known in a talk",
    "Recording recordingConfigurationId": NO_EFFECT,
    "ConversationRelay welcomeGreeting": "heard",
    "Sms to": "default: the caller",
    "Sms from": "default: the number that was called",
}
QUIET = ("Transcription", "ConversationRelay", "VirtualAgent")
OBEYED = {"name", "statusCallbackUrl", "statusCallback", "statusCallbackMethod", "url", "language", "connectorName"}
THRESHOLDS = re.compile("machineDetection(Speech|Silence)")

HEAD = """\
# TwiML, as the carrier on this machine runs it

This page is drawn from the verbs' own tables and from the tests, by
`python -m tests.ivr.simulator.cases.page > docs/twiml.md`; a test holds it to both. Unknown verbs, attributes and
children are warned of by Twilio's number and skipped; a bad value is warned of and the default used. With
`Network(strict=True)` a warning ends the call as an error would.
"""


def nouns() -> dict[str, tuple[str, Mapping[str, Attribute]]]:
    """The nouns, in which verb they stand, and their attributes."""
    found = {name: ("Dial", table) for name, table in dial_legs.NOUNS.items()}
    found["Queue"] = ("Dial", dial_queue.ATTRIBUTES)
    found["Conference"] = ("Dial", conference.ATTRIBUTES)
    found |= {"Stream": ("Start, Connect", start.STREAM), "Siprec": ("Start", start.SIPREC)}
    found |= {"Recording": ("Start", start.RECORDING), "Transcription": ("Start", start.TRANSCRIPTION)}
    return found | {"ConversationRelay": ("Connect", connect.RELAY), "VirtualAgent": ("Connect", connect.AGENT)}


def attribute_rows() -> Iterator[str]:
    """One row an attribute: of verbs, then of nouns."""
    yield "| verb | attribute | default | if it is wrong | here |"
    yield "|---|---|---|---|---|"
    tables = [(name, verb.attributes) for name, verb in MAIN.verbs.items()]
    tables += [(f"{name} (in {verb})", table) for name, (verb, table) in nouns().items()]
    for title, attributes in tables:
        name = title.split()[0]
        if not attributes:
            yield f"| {title} | - | | | |"
        for attribute, how in attributes.items():
            yield f"| {title} | {attribute} | {_default(how.default)} | {_code(how)} | {_remark(name, attribute)} |"


def _code(how: Attribute) -> str:
    return "-" if how.read is str else str(how.code)


def _default(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _remark(verb: str, attribute: str) -> str:
    if verb == "Pay":
        return "refused with the verb"
    if (verb in QUIET and attribute not in OBEYED) or THRESHOLDS.match(attribute):
        return REMARKS.get(f"{verb} {attribute}", NO_EFFECT)
    return REMARKS.get(f"{verb} {attribute}", "obeyed")


def cases() -> dict[str, tuple[str, str]]:
    """Case number -> what it says and the test that holds it."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(HERE.glob("test_?_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            match = CASE.match(node.name) if isinstance(node, ast.FunctionDef) else None
            if match is None:
                continue
            numbers = [each[0].upper() + each[1:] for each in match[1].strip("_").split("_")]
            words = node.name.removeprefix(f"test_{match[1]}").replace("_", " ")
            said = (ast.get_docstring(node) or "").split("\n")[0]
            for number in numbers:
                found[number] = (f"{words}: {said}", path.name)
    return found


def by_number(number: str) -> tuple[str, int, str]:
    """So that C9 comes before C10."""
    letter, digits, rest = re.fullmatch(r"([A-Z])(\d+)(\w*)", number).groups()
    return letter, int(digits), rest


def case_rows() -> Iterator[str]:
    """The cases by letter."""
    known = cases()
    for letter, about in LETTERS.items():
        yield f"\n### {letter}: {about}\n"
        yield "| case | | |"
        yield "|---|---|---|"
        for number in sorted({*known, *ELSEWHERE} - (set(known) & set(ELSEWHERE)), key=by_number):
            if number[0] == letter:
                said = known[number][0].replace("|", "\\|") if number in known else ELSEWHERE[number]
                yield f"| {number} | {'passed' if number in known else 'cannot hold'} | {said} |"


def page() -> str:
    """The whole page."""
    stages = {
        "a call's document": MAIN.verbs,
        "the document of a dialled leg (`<Number url>`)": SCREENING.verbs,
        "a queue's wait document": WAITING,
        "a whisper to a queued caller; waiting, holding, announcing in a conference": WHISPER,
    }
    lines = [HEAD, "## What may be said where\n", "| where | verbs |", "|---|---|"]
    lines += [f"| {where} | {', '.join(verbs)} |" for where, verbs in stages.items()]
    lines += [f"\nIn a conference's documents {', '.join(REFUSED)} are 13238; in a leg's document Dial is 13201.\n"]
    lines += ["## Verbs and nouns, attribute by attribute\n", *attribute_rows()]
    lines += ["\n## Conformance, case by case\n", "Each number is a test of this name in `tests/ivr/simulator/cases/`."]
    lines += [*case_rows(), "\n## Numbers of errors and warnings\n", "| number | means |", "|---|---|"]
    lines += [f"| {code} | {meaning} |" for code, meaning in sorted(MEANINGS.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - a page drawn for whoever asked for it
