"""Expectation: has it happened by now? One question for each thing that a script can expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.script import steps as s
from ivr.simulator.script.hearing import folded
from ivr.simulator.trace import Exchange

Cases = Callable[[], list[Mapping[str, Any]]]
"""The cases of the script's call as the desk shows them; raises LookupError where there is no desk."""

TELLING = ("Digits", "SpeechResult", "QueueResult", "DialCallStatus", "RecordingDuration", "ErrorCode")
LATER_THAN_THE_CALL = (s.WebhookSent, s.CaseLogged, s.RecordingMade, s.Dialed, s.TextSent, s.ProblemNoted)


@dataclass(slots=True)
class Scene:
    """What expectations are asked about: the caller's line, the network around it, the desk - and what has been.

    Without a line only what is of the network can be asked.
    """

    network: Network
    line: Line | None
    cases: Cases
    queues: set[str] = field(default_factory=set)
    conferences: set[str] = field(default_factory=set)
    partners: set[str] = field(default_factory=set)
    waited_s: float = 0.0

    def look(self) -> None:
        """Remember where the caller is now; call after each happening."""
        line = self.line
        if line is None:
            return
        if line.queue:
            self.queues.add(line.queue.name)
            waited = (member.waited_s for member in line.queue.members if member.line is line)
            self.waited_s = next(waited, self.waited_s)  # taken out this instant, they have not left yet
        if line.conference:
            self.conferences.add(line.conference.name)
        self.partners |= set(self.talking_to())

    def talking_to(self) -> list[str]:
        """The addresses of those whom the caller talks to now."""
        line = self.line
        if line is None:
            return []
        others = [line.partner] if line.partner else []
        if line.conference and line.conference.started:
            others += [each.line for each in line.conference.participants if each.line is not line]
        return [other.label for other in others]


@singledispatch
def holds(fact: s.Fact, scene: Scene) -> bool:
    """Whether it is so now, or has been."""
    raise TypeError(f"nobody knows how to expect {fact!r}")


@holds.register
def _(fact: s.Queued, scene: Scene) -> bool:
    if fact.position is None:
        return fact.queue in scene.queues
    queue = scene.line.queue
    return queue is not None and queue.name == fact.queue and queue.position(scene.line) == fact.position


@holds.register
def _(fact: s.InQueue, scene: Scene) -> bool:
    return bool(scene.queues) and scene.waited_s >= fact.length_s


@holds.register
def _(fact: s.Dialed, scene: Scene) -> bool:
    return any(line.to == fact.address for line in _called(scene.network))


@holds.register
def _(fact: s.RecordingMade, scene: Scene) -> bool:
    return any(each.status != "in-progress" for each in scene.network.recordings.values())


@holds.register
def _(fact: s.InConference, scene: Scene) -> bool:
    return fact.name in scene.conferences


@holds.register
def _(fact: s.TalkingTo, scene: Scene) -> bool:
    return any(address.removeprefix("client:") == fact.agent for address in scene.partners)


@holds.register
def _(fact: s.WebhookSent, scene: Scene) -> bool:
    return any(
        each.method == fact.method
        and fact.path in (urlsplit(each.url).path, _path_and_query(each.url))
        and fact.params.items() <= (dict(parse_qsl(urlsplit(each.url).query)) | dict(each.params)).items()
        for each in scene.network.webhooks
        if each.purpose != "media"
    )


@holds.register
def _(fact: s.EndedBy, scene: Scene) -> bool:
    return scene.line.over and scene.line.ended_by == fact.who


@holds.register
def _(fact: s.StatusIs, scene: Scene) -> bool:
    return scene.line.status == fact.status


@holds.register
def _(fact: s.CaseLogged, scene: Scene) -> bool:
    return any(
        case.get("kind") == fact.kind
        and all(str(case.get("fields", {}).get(name)) == value for name, value in fact.fields.items())
        for case in scene.cases()
    )


def _called(network: Network) -> list[Line]:
    """The lines on which the app, or a call of its, has called somebody."""
    return [line for line in network.calls.values() if line.direction != "inbound"]


@holds.register
def _(fact: s.Never, scene: Scene) -> bool:
    return not holds(fact.fact, scene)


@holds.register
def _(fact: s.TextSent, scene: Scene) -> bool:
    return any(each.to == fact.to and _says(each.body, fact) for each in scene.network.messages.values())


def _says(body: str, fact: s.TextSent) -> bool:
    if fact.how == "=":
        return " ".join(body.split()) == " ".join(fact.words.split())
    return f" {folded(fact.words)} " in f" {folded(body)} " if fact.how else True


@holds.register
def _(fact: s.ProblemNoted, scene: Scene) -> bool:
    return any(code == fact.code for code, _text in _problems(scene.network))


def _problems(network: Network) -> list[tuple[int, str]]:
    noted = (each for each in network.trace if each.kind in ("error", "warning"))
    return [(int(each.data.get("code", 0)), each.text) for each in noted]


def asked(network: Network) -> list[Exchange]:
    """What the app was asked, without sounds that were fetched."""
    return [each for each in network.webhooks if each.purpose != "media"]


def _path_and_query(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def instead(fact: s.Fact, scene: Scene) -> list[str]:
    """What is so instead, in lines."""
    line, network = scene.line, scene.network
    if isinstance(fact, s.Queued):
        here = f"at position {line.queue.position(line)} of {line.queue.name}" if line.queue else "in no queue"
        return [f"the caller is {here}; has been in: {_listed(scene.queues)}"]
    if isinstance(fact, s.InQueue):
        return [f"the caller has waited {scene.waited_s:g} s"]
    if isinstance(fact, s.Dialed):
        return [f"called were: {_listed(each.to for each in _called(network))}"]
    if isinstance(fact, s.InConference):
        return [f"the caller has been in: {_listed(scene.conferences)}"]
    if isinstance(fact, s.TalkingTo):
        return [f"the caller has talked to: {_listed(scene.partners)}"]
    if isinstance(fact, s.EndedBy):
        return [f"the call was ended by: {line.ended_by}" if line.over else "the call goes on"]
    if isinstance(fact, s.StatusIs):
        return [f"the call is: {line.status}"]
    if isinstance(fact, s.Never):
        return instead(fact.fact, scene)
    if isinstance(fact, s.WebhookSent):
        return [f"asked were: {_listed(dict.fromkeys(in_words(each) for each in asked(network)))}"]
    if isinstance(fact, s.TextSent):
        sent = [f'to {each.to}: "{" ".join(each.body.split())}"' for each in network.messages.values()]
        return [f"texts were sent: {_listed(sent)}"]
    if isinstance(fact, s.ProblemNoted):
        return [f"errors and warnings were: {_listed(text for _code, text in _problems(network))}"]
    if isinstance(fact, s.RecordingMade):
        return [f"recordings: {_listed(f'{each.length_s:g} s' for each in network.recordings.values())}"]
    if isinstance(fact, s.CaseLogged):
        told = [f"{case.get('kind')} {dict(case.get('fields', {}))}" for case in scene.cases()]
        return [f"the cases of this call: {_listed(told)}"]
    return []


def in_words(exchange: Exchange) -> str:
    """A webhook in a few words: how and where, and those of its parameters that say what has happened."""
    given = "".join(f" {name}={exchange.params[name]}" for name in TELLING if name in exchange.params)
    return f"{exchange.method} {_path_and_query(exchange.url)}{given}"


def _listed(things: Any) -> str:
    return ", ".join(str(thing) for thing in things) or "none"
