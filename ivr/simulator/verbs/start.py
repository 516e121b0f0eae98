"""Start and Stop: something runs beside the document - a stream, a SIP recorder, a recording, a transcription.

https://www.twilio.com/docs/voice/twiml/stream
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from ivr.simulator import tape
from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line
from ivr.simulator.program import Program
from ivr.simulator.recording import Report
from ivr.simulator.stream import Stream
from ivr.simulator.twiml import Element
from ivr.simulator.verb import Attribute, Verb, choice, method, read_attributes, several, text, truth

PARAMETER_MAX = 500
TRACKS = ("inbound_track", "outbound_track", "both_tracks")
CALLED: Mapping[str, Attribute] = {"statusCallback": text(), "statusCallbackMethod": method(12200)}
STREAM: Mapping[str, Attribute] = {
    "name": text(""),
    "url": text(""),
    "connectorName": text(),
    "track": choice(*TRACKS, default="inbound_track", code=31941),
    "audioFormat": text(),
    "sampleRate": text(),
    **CALLED,
}
SIPREC: Mapping[str, Attribute] = {
    "name": text(""),
    "connectorName": text(""),
    "track": choice(*TRACKS, default="both_tracks", code=31941),
    **CALLED,
}
RECORDING: Mapping[str, Attribute] = {
    "recordingStatusCallback": text(),
    "recordingStatusCallbackMethod": method(13621),
    "recordingStatusCallbackEvent": several("in-progress", "completed", "absent", default=("completed",), code=13621),
    "trim": choice("trim-silence", "do-not-trim", default="do-not-trim", code=13699),
    "track": choice("inbound", "outbound", "both", default="both", code=13622),
    "channels": choice("mono", "dual", default="dual"),
    "recordingConfigurationId": text(),
}
TRANSCRIPTION: Mapping[str, Attribute] = {
    "name": text(""),
    "statusCallbackUrl": text(),
    "statusCallbackMethod": method(12200),
    "track": choice(*TRACKS, default="both_tracks", code=31941),
    **{each: text() for each in ("inboundTrackLabel", "outboundTrackLabel", "languageCode", "transcriptionEngine")},
    **{each: text() for each in ("speechModel", "hints", "intelligenceService", "conversationConfiguration")},
    **{each: truth(False) for each in ("partialResults", "profanityFilter", "enableAutomaticPunctuation")},
    **{each: text() for each in ("enableProviderData", "conversationId", "events")},
}


def run(line: Line, task: Task) -> Program:
    """Begin what the nouns say and go on at once."""
    for noun in task.element.elements:
        if noun.name in STARTS:
            STARTS[noun.name](line, task, noun)
    return
    yield  # a program, though it waits for nothing


def _begin_stream(line: Line, task: Task, noun: Element) -> None:
    if (stream := stream_of(line, task, noun, STREAM)) is not None:
        stream.begin()


def _begin_siprec(line: Line, task: Task, noun: Element) -> None:
    values = _values(line, noun, SIPREC)
    _with_report(Stream(line, "Siprec", values["connectorName"], values["name"]), task, values).begin()


def _begin_recording(line: Line, task: Task, noun: Element) -> None:
    values = _values(line, noun, RECORDING)
    url, events = values["recordingStatusCallback"] or "", values["recordingStatusCallbackEvent"]
    if url and urlsplit(url).scheme not in ("http", "https"):
        line.error(Problem(11200, f"<Recording recordingStatusCallback={url[:80]!r}> in <Start> must be absolute"))
        url = ""
    report = Report(url, values["recordingStatusCallbackMethod"], events)

    def begin() -> None:
        tape.begin(line, "StartCallRecordingTwiML", report, 2, values["track"])

    line.once_answered(begin)


def _begin_transcription(line: Line, task: Task, noun: Element) -> None:
    values = _values(line, noun, TRANSCRIPTION)
    values["statusCallback"] = values["statusCallbackUrl"]
    _with_report(Stream(line, "Transcription", "", values["name"], values["track"]), task, values).begin()


STARTS: Mapping[str, Callable[[Line, Task, Element], None]] = {
    "Stream": _begin_stream,
    "Siprec": _begin_siprec,
    "Recording": _begin_recording,
    "Transcription": _begin_transcription,
}


def stream_of(line: Line, task: Task, noun: Element, known: Mapping[str, Attribute]) -> Stream | None:
    """What a noun with a `wss://` URL wishes for; None, reported, when it cannot be."""
    values = _values(line, noun, known)
    url = values["url"].strip()
    scheme, _, rest = url.partition("://")
    if not rest or any(letter.isspace() for letter in url):
        line.error(Problem(31923, f"<{noun.name} url={url[:80]!r}> (a wss:// URL is needed)"))
        return None
    if scheme != "wss":
        line.error(Problem(31922, f"<{noun.name} url={url[:80]!r}> (only wss:// is possible)"))
        return None
    if "?" in url and noun.name == "Stream":
        line.warn(Problem(31923, f"{url[:80]}: its query is not passed on (use <Parameter>)"))
    stream = Stream(line, noun.name, url, values.get("name") or "", values.get("track") or "inbound_track")
    stream.parameters = _parameters(line, noun)
    return _with_report(stream, task, values)


def _values(line: Line, noun: Element, known: Mapping[str, Attribute]) -> dict[str, object]:
    values, problems = read_attributes(noun.name, known, noun.attributes)
    for problem in problems:
        line.warn(problem)
    return values


def _with_report(stream: Stream, task: Task, values: Mapping[str, str]) -> Stream:
    if values.get("statusCallback"):
        stream.report = task.request(values["statusCallback"], values["statusCallbackMethod"])
    return stream


def _parameters(line: Line, noun: Element) -> dict[str, str]:
    parameters = {}
    for child in noun.elements:
        name, value = child.attributes.get("name", ""), child.attributes.get("value")
        if child.name != "Parameter":
            if noun.name == "Stream":
                line.warn(Problem(12200, f"<{noun.name}> cannot hold <{child.name}>: skipped"))
        elif not name or value is None or len(name + value) > PARAMETER_MAX:
            line.warn(Problem(12200, f"<Parameter> needs a name and a value (at most {PARAMETER_MAX} in all): skipped"))
        else:
            parameters[name] = value
    return parameters


def stop(line: Line, task: Task) -> Program:
    """End what runs under these names (without a name: all of its kind)."""
    for noun in task.element.elements:
        name = noun.attributes.get("name", "")
        found = [each for each in line.streams if each.kind == noun.name and name in ("", each.name)]
        if not found and noun.name in STOPS:
            line.warn(Problem(12200, f"<Stop>: no <{noun.name}> called {name!r} runs"))
        for each in found:
            each.stop()
    return
    yield  # a program, though it waits for nothing


STOPS = frozenset({"Stream", "Siprec", "Transcription"})
START = Verb("Start", run, {"action": text(), "method": method(12200)}, frozenset(STARTS), 14300)
STOP = Verb("Stop", stop, {}, STOPS)
