"""Connect: the call belongs to a server of the app's until that ends it - a stream, a relay, an agent; as events.

https://www.twilio.com/docs/voice/twiml/connect
"""

from __future__ import annotations

from collections.abc import Mapping

from ivr.simulator.document import Task
from ivr.simulator.error import Problem
from ivr.simulator.line import Line, since
from ivr.simulator.program import Closed, Program, Wait
from ivr.simulator.stream import Stream
from ivr.simulator.twiml import Element
from ivr.simulator.verb import Attribute, Verb, choice, method, text
from ivr.simulator.verbs.start import CALLED, STREAM, stream_of

BOTH_WAYS: Mapping[str, Attribute] = {**STREAM, "track": choice("inbound_track", default="inbound_track", code=31941)}
RELAY_WORDS = (
    "welcomeGreeting welcomeGreetingInterruptible language ttsLanguage ttsProvider voice transcriptionLanguage",
    "transcriptionProvider hints speechModel interruptible interruptSensitivity dtmfDetection debug profanityFilter",
    "reportInputDuringAgentSpeech preemptible elevenlabsTextNormalization intelligenceService includeInPrompt events",
    "conversationConfiguration partialPrompts backgroundNoiseReduction speechTimeout deepgramSmartFormat",
    "ignoreBackchannel partialPromptOnHangup eagerEotThreshold asrSmartFormat ttsTextNormalization",
    "ttsLanguageTextNormalization",
    "elevenlabsLanguageTextNormalization customerName applicationReconnect echoPromptFiltering turnDetection",
)
RELAY: Mapping[str, Attribute] = {
    "url": text(""),
    **{each: text() for each in " ".join(RELAY_WORDS).split()},
    **CALLED,
}
AGENT: Mapping[str, Attribute] = {
    **{each: text("") for each in ("connectorName", "language", "sentimentAnalysis")},
    **CALLED,
}
ELSEWHERE = frozenset({"Room", "Conversation", "Autopilot", "AiSession", "Assistant", "ConversationRelaySession"})
ENDS = {"ConversationRelay": "SessionStatus", "VirtualAgent": "VirtualAgentStatus"}


def run(line: Line, task: Task) -> Program:
    """Hold the call until the other side closes; then the action, or the next verb."""
    line.pick_up()
    nouns = [noun for noun in task.element.elements if noun.name in CONNECT.children]
    if len(nouns) != 1:
        line.error(Problem(12200, f"<Connect> of {len(nouns)} (exactly one can be connected)"))
        return None
    stream = _stream(line, task, nouns[0])
    if stream is None:
        return None
    begun = line.network.now()
    stream.begin()
    greeting = nouns[0].attributes.get("welcomeGreeting")
    if greeting:
        line.hear("say", greeting, nouns[0].attributes.get("language", "en-US"))
    try:
        with line.doing("connected"):
            yield Wait(None, (Closed,))
    finally:
        stream.stop()
    if not task.values["action"]:
        return None
    word = ENDS.get(stream.kind)
    told = {"SessionId": stream.sid, word: "completed"} if word else {"StreamSid": stream.sid}
    return task.action(told | {"SessionDuration": str(int(since(begun, line.network.now())))})


def _stream(line: Line, task: Task, noun: Element) -> Stream | None:
    if noun.name in ELSEWHERE:
        line.error(Problem(12200, f"<{noun.name}> exists at Twilio, but cannot be connected here"))
        return None
    if noun.name == "VirtualAgent":
        callback = noun.attributes.get("statusCallback")
        report = task.request(callback, noun.attributes.get("statusCallbackMethod", "POST")) if callback else None
        return Stream(line, "VirtualAgent", noun.attributes.get("connectorName", ""), report=report)
    return stream_of(line, task, noun, RELAY if noun.name == "ConversationRelay" else BOTH_WAYS)


CONNECT = Verb(
    "Connect",
    run,
    {"action": text(), "method": method(12200)},
    frozenset({"Stream", "ConversationRelay", "VirtualAgent", *ELSEWHERE}),
)
