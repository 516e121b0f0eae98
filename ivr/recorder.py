"""Recorder: has the carrier record conversations, pause and stop, and keeps what comes of it.

What is wanted stands in the database; orders bring the carrier there, are given one at a time, and again until they
are heard. A pause that was asked for is therefore in force after any failure, too: nothing but a person, or the clock
of the program that began it, ends one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr import wire
from ivr.recording import (
    FETCH_MAX,
    FETCH_PAUSE_MAX,
    FETCH_PAUSE_S,
    MISSING_AFTER,
    OVERDUE,
    Doing,
    Recording,
    RecordingState,
)
from ivr.store import Store, Tx
from recordings.archive import CONVERSATION, Archive, Kept, NotKept
from routing.contact import ContactState
from routing.effect import Effect, Ended, Returned, Transferred

log = logging.getLogger(__name__)

Order = Callable[[], None]

DOOR = "/voice/conversation-recorded"
STEERS_MAX = 5
LIVE_MAX = 500
_AS_THE_CARRIER_SAYS = {Doing.PAUSED: "paused", Doing.RUNNING: "in-progress", Doing.STOPPED: "stopped"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the carrier tells of a recording: our id, its own ids, what became of it, and how long it is."""

    id: str
    call: str
    recording: str
    status: str
    length_s: int


class Recorder:
    """One a program: it ends the pauses that it began itself, and no other's."""

    def __init__(
        self, carrier: wire.Carrier, base_url: str, store: Store, archive: Archive, announce: Callable[[], object]
    ) -> None:
        self._carrier, self._base_url, self._store, self._archive = carrier, base_url, store, archive
        self._announce = announce
        self._pauses: dict[str, datetime] = {}  # recording -> when its pause goes on by itself

    # -- within a transaction --

    def begin(self, tx: Tx, contact: str, leg: str, agent: str) -> list[Order]:
        """Record a conversation from now on; told twice it is one recording."""
        if tx.recordings.live_of(contact):
            return []
        recording = Recording(tx.new_id(), leg, None, contact, agent, tx.now, steer_at=tx.now)
        tx.recordings.add(recording)
        tx.happened(contact, "recorded", recording=recording.id)
        return [lambda: self.steer(recording.id)]

    def pause(self, tx: Tx, recording: Recording, agent: str) -> list[Order]:
        """Let nothing of what is said be kept; asked again, for as long once more."""
        recording.pause(tx.now)
        self._pauses[recording.id] = recording.resume_at
        return self._changed(tx, recording, "recording paused", agent)

    def resume(self, tx: Tx, recording: Recording, agent: str) -> list[Order]:
        """Keep again what is said."""
        recording.want(Doing.RUNNING, tx.now)
        return self._changed(tx, recording, "recording goes on", agent)

    def follows(self, tx: Tx, effect: Effect | Order) -> list[Order]:
        """A conversation that is over, or goes on elsewhere, is not recorded any more. One that goes on with a
        colleague who was asked first is the same recording, and stays paused if it is."""
        if isinstance(effect, Transferred) and effect.into and effect.into.state is ContactState.TALKING:
            if it := tx.recordings.live_of(effect.contact.id):
                it.contact, it.agent = effect.into.id, effect.into.last_agent or it.agent
                tx.recordings.save(it)
            return []
        if isinstance(effect, Ended | Returned | Transferred):
            return self.end(tx, effect.contact.id)
        return []

    def end(self, tx: Tx, contact: str) -> list[Order]:
        """The conversation is over."""
        recording = tx.recordings.live_of(contact)
        if recording is None:
            return []
        recording.over(tx.now)
        tx.recordings.save(recording)
        return [lambda: self.steer(recording.id)]

    def left_running(self, tx: Tx) -> list[str]:
        """The conversations that are over, whichever way that came about, and are recorded still."""
        found = ((it.contact, tx.floor.contact(it.contact)) for it in tx.recordings.live(LIVE_MAX) if it.contact)
        return [id for id, contact in found if contact is None or contact.state is not ContactState.TALKING]

    def _changed(self, tx: Tx, recording: Recording, what: str, agent: str) -> list[Order]:
        tx.recordings.save(recording)
        tx.happened(recording.contact, what, recording=recording.id, agent=agent)
        return [lambda: self.steer(recording.id)]

    # -- by the clock --

    def due(self) -> list[Order]:
        """What is to be done now: orders that were lost, pauses that are long enough, sounds that are to be fetched."""
        with self._store.look() as tx:
            if not self._over_at(tx.now) and not tx.recordings.due(tx.now):
                return []
        with self._store.transaction() as tx:
            for id in self._over_at(tx.now):
                self._end_pause(tx, id)
            return [order for recording in tx.recordings.due(tx.now) for order in self._due(tx, recording)]

    def next_look_at(self, tx: Tx) -> datetime | None:
        """When something is to be done next."""
        return min((it for it in (tx.recordings.next_look_at(), *list(self._pauses.values())) if it), default=None)

    def _over_at(self, now: datetime) -> list[str]:
        return [id for id, at in list(self._pauses.items()) if at <= now]

    def _end_pause(self, tx: Tx, id: str) -> None:
        """A pause that has been long enough, unless it was asked for again by way of another program."""
        at, it = self._pauses.pop(id, None), tx.recordings.get(id)
        if it and it.wanted is Doing.PAUSED and it.resume_at == at:
            it.want(Doing.RUNNING, tx.now)
            tx.recordings.save(it)
            tx.happened(it.contact, "recording goes on", recording=it.id)

    def _due(self, tx: Tx, it: Recording) -> list[Order]:
        orders: list[Order] = []
        if it.resume_at and it.resume_at + OVERDUE <= tx.now:
            it.resume_at = None  # the program that would have ended it is gone: it is for a person to end
        if it.steer_at and it.steer_at <= tx.now:
            orders.append(lambda: self.steer(it.id))
        if it.try_at and it.try_at <= tx.now:
            it.try_at = tx.now + FETCH_MAX
            orders.append(lambda: self.fetch(it.id))
        tx.recordings.save(it)
        return orders

    # -- with the carrier, outside of any transaction --

    def steer(self, id: str) -> None:
        """Have the carrier do what is wanted, and once more if that has changed meanwhile."""
        for _ in range(STEERS_MAX):
            with self._store.transaction() as tx:
                it = tx.recordings.take_to_steer(id, tx.now)
            if it is None:
                return
            again = self._ordered(it)
            self._announce()
            if not again:
                return

    def _ordered(self, it: Recording) -> bool:
        """Give one order and write down what came of it; whether there may be more to do at once."""
        made = it.recording
        try:
            if it.wanted is Doing.RUNNING and made is None:
                made, paused = self._carrier.record(it.call, f"{self._base_url}{DOOR}?s={it.id}")
                if paused:
                    self._carrier.steer_recording(it.call, made, _AS_THE_CARRIER_SAYS[Doing.RUNNING])
            else:
                self._carrier.steer_recording(it.call, made, _AS_THE_CARRIER_SAYS[it.wanted])
        except wire.CarrierError as error:
            if not error.gone:
                log.warning("a recording is not %s for now: %s", it.wanted, error)
            return self._settle(it.id, Recording.gone if error.gone else Recording.again)
        return self._settle(it.id, lambda now, at: now.done(it.wanted, at, made))

    def _settle(self, id: str, outcome: Callable[[Recording, datetime], None]) -> bool:
        with self._store.transaction() as tx:
            now = tx.recordings.get(id)
            if now is None:
                return False
            outcome(now, tx.now)
            tx.recordings.save(now)
            return now.steer_at is not None and now.steer_at <= tx.now

    def fetch(self, id: str) -> None:
        """Fetch the sound of one; what fails is tried again for a day."""
        with self._store.look() as tx:
            it = tx.recordings.get(id)
        kept: Kept | None = None
        if it is None or it.state is not RecordingState.ANNOUNCED:
            return
        try:
            if it.recording:
                kept = self._carrier.keep_recording(it.recording, lambda pieces: self._keep(id, pieces))
        except (wire.CarrierError, NotKept, OSError) as error:
            log.warning("recording %s is not here yet: %s", id, error)
        with self._store.transaction() as tx:
            _fetched(tx, id, kept)
        self._announce()

    def _keep(self, id: str, pieces: Iterable[bytes]) -> Kept:
        return self._archive.keep(id, pieces, CONVERSATION)

    def told(self, tx: Tx, told: Told) -> list[Order]:
        """The carrier tells what became of a recording: before the call is over or after it, twice, or of one that
        nobody here knows."""
        it = tx.recordings.of_carrier(told.call, told.recording) or self._adopted(tx, told)
        if it.state is RecordingState.KEPT:
            return []
        if it.state is RecordingState.LIVE:
            it.over(tx.now)
        it.actual, it.steer_at = Doing.STOPPED, None
        it.length_s = told.length_s
        it.state = RecordingState.ANNOUNCED if told.status == "completed" else RecordingState.ABSENT
        it.try_at = tx.now if it.state is RecordingState.ANNOUNCED else None
        tx.recordings.save(it)
        return []

    def _adopted(self, tx: Tx, told: Told) -> Recording:
        """The one that we wait for under this address; else one of its own, so that nothing is lost from sight."""
        known = tx.recordings.get(told.id)
        if known and known.call == told.call and known.recording is None:
            known.recording = told.recording
            return known
        contact, agent = (known.contact, known.agent) if known and known.call == told.call else (None, "")
        it = Recording(
            tx.new_id(), told.call, told.recording, contact, agent, tx.now,
            RecordingState.ANNOUNCED, Doing.STOPPED, Doing.STOPPED, ended_at=tx.now,
        )  # fmt: skip
        tx.recordings.add(it)
        return it


def _fetched(tx: Tx, id: str, kept: Kept | None) -> None:
    """Keep it, or try later, or give it up a day after the conversation."""
    it = tx.recordings.get(id)
    if it is None or it.state is not RecordingState.ANNOUNCED:
        return
    it.tries += 1
    if kept is not None:
        it.state, it.try_at = RecordingState.KEPT, None
        it.length_s, it.size, it.digest = round(kept.length_s), kept.size, kept.digest
    elif tx.now >= (it.ended_at or it.begun_at) + MISSING_AFTER:
        it.state, it.try_at = RecordingState.MISSING, None
    else:
        it.try_at = tx.now + min(timedelta(seconds=FETCH_PAUSE_S * 2 ** min(it.tries, 20)), FETCH_PAUSE_MAX)
    tx.recordings.save(it)
