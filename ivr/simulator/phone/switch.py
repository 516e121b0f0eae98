"""Switch: which telephone windows there are, whom the network rings in them, what they hear, and who hears whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from ivr.simulator.line import Line
from ivr.simulator.network import Network
from ivr.simulator.person import Person
from ivr.simulator.phone.handset import Handset, Inbox, Sounding
from ivr.simulator.phone.shelf import Shelf
from ivr.simulator.phone.talk import hears, together
from ivr.simulator.phone.told import entry_told, state_of
from ivr.simulator.phone.voice import Voice
from ivr.simulator.script.words import ADDRESS
from ivr.simulator.sound import seconds_of, tone
from ivr.simulator.trace import Entry
from ivr.simulator.verbs.say import seconds
from ivr.simulator.webhook import Reply

HANDSETS_MAX = 5
"""A browser keeps six connections to one address: five windows that listen leave one to speak with."""

FIRST_NUMBER = 4915112345678
UNHEARD_MAX_S = 20.0
"""A window gone for so long is closed and its call hung up; a page that is reloaded is back within a second."""

SLOWER = 1.33
HUM_S = 10.0


class Refused(ValueError):
    """What a page asked for cannot be done; the message says why."""


class Switch:
    """All windows. Its methods may be called from any thread."""

    def __init__(
        self,
        network: Network,
        zone: tzinfo | None,
        new_key: Callable[[], str],
        voice: Voice | None,
        music: Callable[[], bytes] | None,
        params: Mapping[str, str] | None = None,
    ) -> None:
        self.network = network
        self.handsets: dict[str, Handset] = {}
        self.shelf = Shelf()
        self.voice = voice
        self._zone, self._new_key, self._params = zone, new_key, params
        self._music = music or (lambda: tone(HUM_S))
        self._opened = self._sounds = 0
        network.watch(self._watch)
        network.after_happening.append(self._look)
        network.spoken_s, network.fetched = self._spoken_s, self._fetched

    # Windows.

    def open(self, number: str = "") -> Handset:
        """A new window, with this number or with one of its own. Raises Refused."""
        with self.network.lock:
            if len(self.handsets) >= HANDSETS_MAX:
                raise Refused(
                    f"{HANDSETS_MAX} telephones are open already: close a window, and wait {UNHEARD_MAX_S:g} s"
                )
            self._opened += 1
            handset = Handset(self._new_key(), str(self._opened), "")
            self.number(handset, number or self._free_number())
            self.handsets[handset.key] = handset
            self._close_unheard(handset)
            return handset

    def number(self, handset: Handset, number: str) -> None:
        """Let a window have a number, and be rung there. Raises Refused."""
        with self.network.lock:
            if not ADDRESS.fullmatch(number):
                raise Refused(f'"{number}" is not a number to have: +49..., client:NAME or sip:NAME@HOST')
            if self.network.is_own_number(number):
                raise Refused(f"{number} is the app's own number: call it, or be somebody else")
            if any(each.number == number for each in self.handsets.values() if each is not handset):
                raise Refused(f"another window has the number {number}")
            if number == handset.number:
                return
            if handset.busy:
                raise Refused("hang up first: the number of a call cannot change")
            self._give_back(handset)
            handset.number, handset.stood_in = number, self.network.people.get(number)
            self.network.line(number, behaviour="by hand")

    def call(self, handset: Handset, called: str, *, withheld: bool = False) -> Line:
        """Dial. Raises Refused, UnknownNumber."""
        with self.network.lock:
            if handset.busy:
                raise Refused("this telephone is in a call: hang up first")
            before = len(self.network.trace)
            line = self.network.call("anonymous" if withheld else handset.number, called, self._params)
            handset.take(line)
            for entry in self.network.trace[before:]:  # what happened before the window was known to be on the line
                self._watch(entry)
            self._show(handset)
            return line

    def listen(self, handset: Handset) -> Inbox:
        """What a page is told from now on, beginning with all it needs to show; a page before it is told to stop."""
        with self.network.lock:
            handset.tell("replaced", {})
            handset.inbox = inbox = Inbox()
            handset.listened += 1
            handset.tell("begin", {"call": handset.line.sid if handset.line else "", "number": handset.number})
            for entry in handset.entries:
                handset.tell("entry", entry)
            handset.tell("state", handset.state or dict(state_of(None)))
            if handset.sounding is not None:
                handset.tell("sound", self._sound_told(handset.sounding))
            self._join()
            handset.tell("peers", {"peers": handset.peers})
            return inbox

    def gone(self, handset: Handset, inbox: Inbox) -> None:
        """A page does not listen any more."""
        with self.network.lock:
            if handset.inbox is inbox:
                handset.inbox = None
                self._close_unheard(handset)

    def relay(self, handset: Handset, to: str, signal: Any) -> None:
        """Hand what one page says to another page, so that they find each other. Raises Refused."""
        with self.network.lock:
            peer = next((each for each in handset.peers if each["name"] == to), None)
            other = next((each for each in self.handsets.values() if each.name == to), None)
            if peer is None or other is None:
                raise Refused("you are not talking to that telephone")
            other.tell("signal", {"from": handset.name, "session": peer["session"], "signal": signal})

    def _free_number(self) -> str:
        taken = {each.number for each in self.handsets.values()}
        return next(number for n in range(HANDSETS_MAX) if (number := f"+{FIRST_NUMBER + n}") not in taken)

    def _give_back(self, handset: Handset) -> None:
        people, number = self.network.people, handset.number
        if number and handset.stood_in is not None:
            people[number] = handset.stood_in
        elif number:
            people.pop(number, None)

    def _close_unheard(self, handset: Handset) -> None:
        """Close a window after a while, unless a page listens (again) by then."""
        before = handset.listened

        def close() -> None:
            if handset.line is not None and not handset.line.over:
                handset.line.hang_up()
            self._give_back(handset)
            self.handsets.pop(handset.key, None)

        def unheard() -> bool:
            return handset.inbox is None and handset.listened == before and handset.key in self.handsets

        self.network.put(UNHEARD_MAX_S, close, alive=unheard)

    # What happens on the network; called under its lock.

    def _watch(self, entry: Entry) -> None:
        line = self.network.calls.get(entry.call_sid)
        if line is None:
            return
        if entry.kind == "ring" and line.person is not None and line.person.behaviour == "by hand":
            self._ring(line, line.person)
        handset = self._on(line)
        if handset is None:
            return
        if entry.kind == "records" and "length_max_s" in entry.data:
            handset.microphone.start(entry.data.get("trim") != "do-not-trim")
        if entry.kind == "recorded" and "length_s" in entry.data:
            self._keep_sound(handset, entry)
        if entry.kind in ("says", "plays"):
            self._begin_sound(handset, line, entry)
        if (told := entry_told(entry, line, self._zone)) is not None:
            called = str(entry.data.get("to", "")) if entry.kind == "dials" else ""
            handset.note(told | {"be": called} if self._is_nobody(called) else told)

    def _ring(self, line: Line, person: Person) -> None:
        handset = next((each for each in self.handsets.values() if each.number == person.address), None)
        if handset is None:
            return
        if handset.busy:
            line.reject()
        else:
            handset.take(line)

    def _is_nobody(self, address: str) -> bool:
        """Whether an address rings for ever, unless somebody opens a window to be it."""
        known = self.network.people.get(address)
        never = known is None or known.behaviour == "never"
        return never and ADDRESS.fullmatch(address) is not None and not self.network.is_own_number(address)

    def _on(self, line: Line) -> Handset | None:
        return next((each for each in self.handsets.values() if each.line is line), None)

    def _keep_sound(self, handset: Handset, entry: Entry) -> None:
        """Put what the microphone heard into the recording that has just been made, before the app is told of it."""
        sound = handset.microphone.wav()
        recording = self.network.recordings.get(str(entry.data.get("recording", "")))
        handset.microphone.stop()
        if recording is not None and sound:
            recording.sound = sound
            recording.length_s = seconds_of(sound) or recording.length_s

    def _begin_sound(self, handset: Handset, line: Line, entry: Entry) -> None:
        what, language = str(entry.data.get("what", "")), str(entry.data.get("language", ""))
        path = ""
        if what == "say" and self.voice is not None:
            path = self.shelf.put(self.voice.wav(entry.text, language, handset.slower) or b"")
        elif what == "play":
            path = self.shelf.name_of(entry.text)
        elif what == "music" and entry.text != "silence":
            path = self.shelf.name_of("hold music") or self.shelf.put(self._music(), known_as="hold music")
        self._sounds += 1
        began_s, place = self.network.now().timestamp(), line.queue or line.conference
        sounding = Sounding(self._sounds, what, entry.text, language, path, line.turn, began_s, place)
        handset.sounding = sounding
        handset.tell("sound", self._sound_told(sounding))

    def _sound_told(self, it: Sounding) -> dict[str, Any]:
        offset_s = max(0.0, self.network.now().timestamp() - it.began_s) * (1 / (self.network.speed or 1))
        path = f"sounds/{it.path}" if it.path else ""
        told = {"id": it.id, "what": it.what, "text": it.text, "language": it.language}
        return told | {"path": path, "offset_s": round(offset_s, 3), "loops": it.what == "music"}

    def _spoken_s(self, line: Line, words: str, language: str) -> float | None:
        handset = self._on(line)
        if handset is None:
            return None
        sound = self.voice.wav(words, language, handset.slower) if self.voice is not None else None
        if sound:
            return seconds_of(sound)
        return seconds(words, language) * SLOWER if handset.slower else None  # for a browser's own voice, or to read

    def _fetched(self, url: str, reply: Reply) -> None:
        self.shelf.put(reply.body, reply.content_type, known_as=url)

    # After each happening; called without the lock.

    def _look(self) -> None:
        with self.network.lock:
            for handset in self.handsets.values():
                self._show(handset)
            self._join()

    def _show(self, handset: Handset) -> None:
        line, sounding = handset.line, handset.sounding
        if sounding is not None and line is not None and _is_over(sounding, line):
            handset.sounding = None
            handset.tell("quiet", {"id": sounding.id})
        state = dict(state_of(line))
        if state != handset.state:
            handset.state = state
            handset.tell("state", state)

    def _join(self) -> None:
        """Tell each page which other pages it is in conversation with, and who may hear whom."""
        for handset in self.handsets.values():
            peers = [_peer(handset, other) for other in self.handsets.values() if _in_one_talk(handset, other)]
            if peers != handset.peers:
                handset.peers = peers
                handset.tell("peers", {"peers": peers})


def _is_over(it: Sounding, line: Line) -> bool:
    if line.over:
        return True
    if it.what == "music":
        waits = line.queue is not None and line.queue is it.place
        room = line.conference
        held = room is not None and room is it.place and (room.status == "init" or getattr(line.place, "hold", False))
        return not (waits or held)
    return it.what in ("say", "play") and line.turn != it.turn


def _in_one_talk(a: Handset, b: Handset) -> bool:
    if a is b or a.line is None or b.line is None or not a.listened or not b.listened:
        return False
    return not a.line.over and not b.line.over and together(a.line, b.line)


def _peer(mine: Handset, other: Handset) -> dict[str, Any]:
    first, second = sorted((mine, other), key=lambda each: int(each.name))
    return {
        "name": other.name,
        "number": other.number,
        "session": f"{first.listened}.{second.listened}.{first.line.sid[-6:]}.{second.line.sid[-6:]}",
        "offers": mine is first,
        "hears": hears(mine.line, other.line),
        "heard": hears(other.line, mine.line),
    }
