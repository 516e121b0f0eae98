"""Stream: what a line tells a server besides its document - sound, words or a SIP recorder - as events; no sound flows.

https://www.twilio.com/docs/voice/twiml/stream
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from ivr.simulator.line import Line
from ivr.simulator.webhook import Request

SIDS = {"Stream": "MZ", "Siprec": "SR", "Transcription": "GT", "ConversationRelay": "VX", "VirtualAgent": "VA"}
WORDS = {"ConversationRelay": "conversation-relay", "VirtualAgent": "virtual-agent"}


@dataclass(eq=False, slots=True)
class Stream:
    """One thing that runs beside a line's document. `report`: where its beginning and end are told."""

    line: Line
    kind: str
    url: str = ""
    name: str = ""
    track: str = "inbound_track"
    parameters: dict[str, str] = field(default_factory=dict)
    report: Request | None = None
    sid: str = ""
    runs: bool = False
    _sequence: int = 0

    def begin(self) -> None:
        """Run from now until `stop`, or the end of the line."""
        self.sid, self.runs = self.line.network.new_sid(SIDS[self.kind]), True
        self.line.streams.append(self)
        self.line.at_end.append(self.stop)
        where = f" to {self.url}" if self.url else ""
        self.line.note("stream", f"<{self.kind}> begins{where}", stream=self.sid, parameters=self.parameters)
        self._tell("started")

    def stop(self) -> None:
        """It is over. Harmless twice."""
        if not self.runs:
            return
        self.runs = False
        self.line.streams.remove(self)
        self.line.note("stream", f"<{self.kind}> ends", stream=self.sid)
        self._tell("stopped")

    def spoke(self, text: str) -> None:
        """The person on the line has said something: a transcription passes it on."""
        if self.kind == "Transcription":
            data = json.dumps({"transcript": text, "confidence": 0.9})
            more = {"TranscriptionData": data, "Track": "inbound_track", "Final": "true", "LanguageCode": "en-US"}
            self._tell("content", more)

    def _tell(self, event: str, more: dict[str, str] | None = None) -> None:
        if self.report is None:
            return
        self._sequence += 1
        network = self.line.network
        told = {
            "AccountSid": network.account_sid,
            "CallSid": self.line.sid,
            f"{self.kind}Sid": self.sid,
            f"{self.kind}Name": self.name,
            f"{self.kind}Event": f"{WORDS.get(self.kind, self.kind.lower())}-{event}",
            "SequenceId" if self.kind == "Transcription" else "SequenceNumber": str(self._sequence),
            "Timestamp": network.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **(more or {}),
        }
        self.line.notify(Request(self.report.url, self.report.method, standard=tuple(told.items())))
