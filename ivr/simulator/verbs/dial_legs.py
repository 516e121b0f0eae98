"""Legs: the numbers, clients and SIP addresses of a Dial - called together (or in turn), the first to answer wins.

https://www.twilio.com/docs/voice/twiml/number
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line, since
from ivr.simulator.outset import Detection
from ivr.simulator.program import Key, Nudge, Program, Wait
from ivr.simulator.progress import EVENTS, SIP_CODES, Subscription
from ivr.simulator.twiml import Element
from ivr.simulator.verb import Attribute, choice, keys, method, read_attributes, several, text, whole
from ivr.simulator.verbs.outcome import Outcome

LEGS_MAX = 10
CHILDREN = {
    "Client": ("Identity", "Parameter"),
    "Sip": ("Uri", "Headers"),
    "Application": ("ApplicationSid", "Parameter"),
}
SIP = ("sip:", "sips:")
IDENTITY_MAX = 256
RANKED = ("completed", "busy", "no-answer", "failed", "canceled")

CALLED: Mapping[str, Attribute] = {
    "url": text(),
    "method": method(13221),
    "statusCallback": text(),
    "statusCallbackEvent": several(*EVENTS, default=("completed",)),
    "statusCallbackMethod": method(13221),
}
MACHINES: Mapping[str, Attribute] = {
    "machineDetection": choice("Enable", "DetectMessageEnd", "Disable", default=None),
    "machineDetectionTimeout": whole(3, 30, 13221, most=59),
    "machineDetectionSpeechThreshold": whole(1000, 2400, 13221, most=6000),
    "machineDetectionSpeechEndThreshold": whole(500, 1200, 13221, most=5000),
    "machineDetectionSilenceTimeout": whole(2000, 5000, 13221, most=10000),
    "amdStatusCallback": text(),
    "amdStatusCallbackMethod": method(13221),
}
NOUNS: Mapping[str, Mapping[str, Attribute]] = {
    "Number": {**CALLED, **MACHINES, "sendDigits": keys("", 13222, allowed="0123456789ABCD*#wW"), "byoc": text()},
    "Client": {**CALLED, "clientNotificationUrl": text()},
    "Sip": {**CALLED, **MACHINES, "username": text(), "password": text()},
    "Sim": CALLED,
    "Application": {**CALLED, "customerId": text(), "copyParentTo": text()},
    "WhatsApp": CALLED,
}


def run(line: Line, task: Task, nouns: list[Element], outcome: Outcome) -> Program:
    """Call them, join the first who is ready, and wait until that is over."""
    legs_to_call = _legs(line, task, nouns)
    if legs_to_call is None:
        outcome.status = "failed"
        return
    if not task.values["answerOnBridge"]:
        line.pick_up()
    line.lets_ring = True
    if task.values["record"].startswith("record-from-ringing"):
        outcome.record()
    rounds = [[each] for each in legs_to_call] if task.values["sequential"] else [legs_to_call]
    for nouns_now in rounds:
        legs = [_place(line, task, noun, address) for noun, address in nouns_now]
        try:
            yield from _reach(line, task, legs, outcome)
        finally:
            for leg in legs:
                leg.let_go("app" if line.over is False else line.ended_by)
        if outcome.leg is not None and outcome.leg.to.startswith(SIP):
            outcome.more = _sip_answer(outcome.leg)
        if outcome.status == "completed":
            return


def _legs(line: Line, task: Task, nouns: list[Element]) -> list[tuple[Element, str]] | None:
    """Nouns and addresses to call; None, with a warning, when they cannot be called."""
    if not nouns and task.element.text:
        nouns = [Element("Number", {}, (task.element.text,))]
    if not nouns or len(nouns) > LEGS_MAX:
        line.error(Problem(13215, f"<Dial> of {len(nouns)} (1 to {LEGS_MAX} can be called at once)"))
        return None
    caller = (task.values["callerId"] or "").strip() or line.from_
    legs = []
    for noun in nouns:
        address = _address(noun)
        if address is None:
            why = "calls no application here: dial its number" if noun.name == "Application" else "cannot be called"
            line.error(Problem(13223, f"<{noun.name}> {noun.text[:80]!r} {why}"))
            return None
        if noun.name == "Number" and not _may_be_shown(caller, line):
            text = f"{caller[:40]!r} cannot be shown to a number (a client who calls one needs callerId)"
            line.error(Problem(13214, text))
            return None
        legs.append((noun, address))
    return legs


def _may_be_shown(caller: str, line: Line) -> bool:
    """Whether a number can be called from there; whether it is verified is not known here."""
    if caller == line.from_:
        return not caller.startswith("client:")
    return re.fullmatch(r"\+?[\d ().-]{3,20}", caller) is not None


def _address(noun: Element) -> str | None:
    if noun.name == "Client":
        identity = next((child.text for child in noun.elements if child.name == "Identity"), noun.text)
        return f"client:{identity}" if 0 < len(identity) <= IDENTITY_MAX else None
    if noun.name == "Sip":
        written = _sip_uri(noun)
        return written.partition("?")[0] if written.startswith(SIP) else None
    if noun.name == "Application":
        return None  # who would call the account's own application calls its number
    if noun.name == "Sim":
        return f"sim:{noun.text}" if re.fullmatch("[A-Z]{2}[0-9a-f]{32}", noun.text) else None
    number = _number(noun.text.removeprefix("whatsapp:"))
    return f"whatsapp:{number}" if number and noun.name == "WhatsApp" else number


def _number(written: str) -> str | None:
    """A number without what people write between its digits; ten digits alone are one of North America."""
    digits = re.sub(r"[^\d+]", "", written)
    if not re.fullmatch(r"\+?\d{3,15}", digits):
        return None
    if len(digits) == 10 and digits[0] in "23456789":
        return f"+1{digits}"
    return f"+{digits}" if len(digits) == 11 and digits.startswith("1") else digits


def _place(line: Line, task: Task, noun: Element, address: str) -> Line:
    values, problems = read_attributes(noun.name, NOUNS[noun.name], noun.attributes)
    for problem in problems:
        line.warn(problem)
    for child in noun.elements:
        if child.name not in CHILDREN.get(noun.name, ()):
            line.warn(Problem(13215, f"<{noun.name}> cannot hold <{child.name}>: skipped"))
    subscriptions = []
    if values["statusCallback"]:
        url, events = task.document.resolve(values["statusCallback"]), frozenset(values["statusCallbackEvent"])
        subscriptions.append(Subscription(url, values["statusCallbackMethod"], events))
    told = _told(noun)
    line.note("dials", f"dials {address}", to=address, **({"told": told} if told else {}))
    leg = line.network.dial(
        line,
        to=address,
        from_=(task.values["callerId"] or "").strip() or line.from_,
        timeout_s=task.values["timeout"],
        screening=task.request(values["url"], values["method"]) if values["url"] else None,
        tones=values.get("sendDigits") or "",
        subscriptions=subscriptions,
        detection=_detection(task, values),
    )
    leg.told = told
    return leg


def _sip_uri(noun: Element) -> str:
    return noun.text or next((child.text for child in noun.elements if child.name == "Uri"), "")


def _told(noun: Element) -> dict[str, str]:
    """What the other side is told besides: a client's parameters, a SIP address's headers and user name."""
    if noun.name == "Client":
        given = [child.attributes for child in noun.elements if child.name == "Parameter"]
        return {each.get("name", ""): each.get("value", "") for each in given}
    if noun.name != "Sip":
        return {}
    login = {"username": noun.attributes["username"]} if "username" in noun.attributes else {}
    headers = dict(parse_qsl(_sip_uri(noun).partition("?")[2], keep_blank_values=True))
    for child in noun.elements:
        if child.name == "Headers":
            headers |= {each.attributes.get("name", ""): each.attributes.get("value", "") for each in child.elements}
    return headers | login


def _detection(task: Task, values: Mapping[str, Any]) -> Detection | None:
    way = values.get("machineDetection")
    if way not in ("Enable", "DetectMessageEnd"):
        return None
    url = values["amdStatusCallback"]
    report = task.request(url, values["amdStatusCallbackMethod"]) if url else None
    return Detection(way == "DetectMessageEnd", values["machineDetectionTimeout"], report)


def _sip_answer(leg: Line) -> dict[str, str]:
    return {"DialSipCallId": f"{leg.sid}@simulator.invalid", "DialSipResponseCode": SIP_CODES.get(leg.status, "200")}


def _reach(line: Line, task: Task, legs: list[Line], outcome: Outcome) -> Program:
    network = line.network
    with line.doing("dialling"):
        while not any(leg.ready for leg in legs) and not all(leg.over or leg.on_its_own for leg in legs):
            yield Wait(None, (Nudge,))  # each leg ends by itself when its time to ring is up
            _one_answers(legs)
    winner = next((leg for leg in legs if leg.ready), None)
    outcome.leg = winner or next((leg for leg in legs if leg.answered_at), legs[0])
    if winner is None:
        outcome.status = min(("completed" if leg.on_its_own else leg.status for leg in legs), key=RANKED.index)
        return
    for leg in legs:
        if leg is not winner:
            leg.drop()
    line.pick_up()
    outcome.bridge(line)
    line.partner, winner.partner = winner, line
    line.note("bridged", f"talks to {winner.label}", partner=winner.sid)
    try:
        yield from _talk(line, winner, task, network.in_(task.values["timeLimit"]))
    finally:
        outcome.lost, line.partner = winner.on_its_own, None
        if winner.partner is line:
            winner.partner = None


def _one_answers(legs: list[Line]) -> None:
    """The first to pick up stops the others' ringing, even while its own document is still running."""
    if any(leg.answered_at and not leg.over for leg in legs):
        for leg in legs:
            if leg.answered_at is None and not leg.over:
                leg.drop()


def _talk(line: Line, winner: Line, task: Task, limit: datetime) -> Program:
    wants = (Nudge, Key) if task.values["hangupOnStar"] else (Nudge,)
    with line.doing("bridged"):
        while not winner.over and winner.ready:
            left_s = since(line.network.now(), limit)
            if left_s <= 0:
                return
            event = yield Wait(left_s, wants)
            if isinstance(event, Key) and event.key == "*":
                return
