"""Clockwork: what makes the agenda happen - step by step on a virtual clock, at a pace, or by itself in real time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.simulator.agenda import PEOPLE, Action, Agenda, Errand

HAPPENINGS_MAX = 200_000  # in one run; more is a loop
TICKS_MAX = 50  # of a companion within one instant
WITHIN_S = 24 * 3600.0
WORKERS = 16

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Companion:
    """An app in this process that wants to be woken at moments of its own."""

    next_deadline: Callable[[], datetime | None]
    tick: Callable[[], object]
    ticks: int = 0  # since something else happened


class Clockwork:
    """Time and its happenings. All state is changed under `lock`, which is not held while errands run."""

    def __init__(self, start: datetime, speed: float = 0) -> None:
        if start.tzinfo is None:
            raise ValueError("start: a time with a time zone is needed, such as datetime.now(UTC)")
        self.lock = threading.RLock()
        self.speed = speed
        self.after_happening: list[Callable[[], object]] = []
        """Called without the lock after each happening, by the thread that made it happen."""
        self._start = self._now = start.astimezone(UTC)
        self._agenda = Agenda()
        self._companions: list[Companion] = []
        self._moved = threading.Condition(self.lock)
        self._telling = threading.RLock()
        self._thread: threading.Thread | None = None
        self._lanes: dict[str, Executor] = {}
        self._stopping = False
        self._started_s = 0.0

    def now(self) -> datetime:
        """The time on the network, in UTC."""
        if self._thread is None:
            return self._now
        return self._start + timedelta(seconds=(time.monotonic() - self._started_s) * self.speed)

    def in_(self, seconds: float) -> datetime:
        """The moment `seconds` from now."""
        return self.now() + timedelta(seconds=seconds) if seconds else self.now()

    def put(self, delay_s: float, action: Action, rank: int = PEOPLE, alive: Callable[[], bool] | None = None) -> None:
        """Let `action` happen under the lock, if it is `alive` then; it may return an Errand for outside it."""
        with self.lock:
            self._agenda.put(self.in_(delay_s), action, rank, alive)
            if self.speed:
                self._moved.notify_all()

    @property
    def is_idle_now(self) -> bool:
        """Whether nothing else is to happen in this very moment."""
        at = self._agenda.next_time()
        return (at is None or at > self.now()) and not self._companions

    def later(self, delay_s: float, action: Callable[[], object]) -> None:
        """Let somebody do something in `delay_s`, without the lock: they may ask the app and the carrier's REST."""
        self.put(delay_s, lambda: Errand(action, lambda _: None, "person"))

    def attend(self, next_deadline: Callable[[], datetime | None], tick: Callable[[], object]) -> None:
        """On the virtual clock: stop at an app's own deadlines and let it tick. (In real time it has its own clock.)"""
        self._companions.append(Companion(next_deadline, tick))

    # Virtual time.

    def run_until(self, what: datetime | Callable[[], bool], within_s: float = WITHIN_S) -> bool:
        """Let things happen up to a moment, or until `what()` holds but no longer than `within_s`; whether it does.

        When time is real this waits for it instead (`within_s` network seconds at most).
        """
        limit = what if isinstance(what, datetime) else self.in_(within_s)
        holds = what if callable(what) else lambda: False
        if self._thread is not None:
            return self._wait_until(limit, holds) or isinstance(what, datetime)
        for _ in range(HAPPENINGS_MAX):
            if holds():
                return True
            if not self._step(limit) and (callable(what) or self._pass_until(limit)):
                break
        else:
            raise RuntimeError(f"more than {HAPPENINGS_MAX} happenings before {limit:%Y-%m-%d %H:%M:%S}: a loop?")
        return isinstance(what, datetime)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.run_until(self.in_(seconds))

    def run(self, within_s: float = WITHIN_S) -> bool:
        """Let everything happen that is going to, at most `within_s` of it; whether nothing is left."""
        return self.run_until(self._is_idle, within_s)

    def _is_idle(self) -> bool:
        return self._agenda.next_time() is None and not any(each.next_deadline() for each in self._companions)

    def _step(self, limit: datetime) -> bool:
        """Let the next thing happen, if it is not after `limit`; whether there is more to look at."""
        with self.lock:
            at = self._agenda.next_time()
            due = at is not None and at <= limit and not self._companions and (at <= self._now or self.speed <= 0)
            if due:
                self._now = max(self._now, at)
                errand = self._agenda.take()()
        if not due:
            if self._companions and self._tick_before(min(at, limit) if at else limit):
                return True
            if at is None or at > limit:
                return False
            if not self._pass_until(at):
                return True
            with self.lock:
                errand = self._agenda.take()()
        if errand is not None:
            self._do(errand)
        for each in self._companions:
            each.ticks = 0
        if self.after_happening:
            self._tell()
        return True

    def _tick_before(self, at: datetime) -> bool:
        """Let the companion tick whose deadline comes first, if it comes by `at`."""
        due = [(deadline, each) for each in self._companions if (deadline := each.next_deadline()) is not None]
        due = [(deadline, each) for deadline, each in due if deadline <= at and each.ticks < TICKS_MAX]
        if not due:
            return False
        deadline, companion = min(due, key=lambda pair: pair[0])
        companion.ticks = companion.ticks + 1 if deadline <= self._now else 0
        if not self._pass_until(deadline):
            return True
        companion.tick()
        self._tell()
        return True

    def _pass_until(self, moment: datetime) -> bool:
        """Let time pass up to a moment, at our speed; False when somebody (another thread) came in between."""
        left_s = (moment - self._now).total_seconds()
        if left_s <= 0:
            return True
        if self.speed > 0:
            with self._moved:
                began_s = time.monotonic()
                if self._moved.wait(left_s / self.speed):
                    self._now += timedelta(seconds=min(left_s, (time.monotonic() - began_s) * self.speed))
                    return False
        self._now = moment
        return True

    def _do(self, errand: Errand) -> None:
        result = errand.run()
        with self.lock:
            errand.done(result)
            if self.speed:
                self._moved.notify_all()

    def _tell(self) -> None:
        with self._telling:
            for each in list(self.after_happening):
                each()

    # Real time.

    def start(self) -> None:
        """Let time pass by itself, in a thread, until `stop`."""
        if self.speed <= 0:
            raise ValueError("speed: a clock that runs by itself needs a speed above 0 (1 is real time)")
        self._stopping, self._started_s = False, time.monotonic()
        self._lanes = {"call": ThreadPoolExecutor(WORKERS), "callback": ThreadPoolExecutor(1)}
        self._thread = threading.Thread(target=self._live, name="network", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the clock; what is under way is finished."""
        thread = self._thread
        if thread is None:
            return
        with self._moved:
            self._stopping = True
            self._moved.notify_all()
        thread.join()
        for lane in self._lanes.values():
            lane.shutdown()
        self._start = self._now = self.now()
        self._thread = None

    def _live(self) -> None:
        while True:
            with self._moved:
                while not self._stopping and (wait_s := self._until_next_s()) != 0:
                    self._moved.wait(wait_s)
                if self._stopping:
                    return
                errand = self._happen()
                self._moved.notify_all()
            if errand is None:
                self._tell_safely()
            else:
                lane = self._lanes["callback" if errand.lane == "callback" else "call"]
                lane.submit(self._do_safely, errand)

    def _until_next_s(self) -> float | None:
        at = self._agenda.next_time()
        return None if at is None else max(0.0, (at - self.now()).total_seconds() / self.speed)

    def _happen(self) -> Errand | None:
        try:
            return self._agenda.take()()
        except Exception:
            log.exception("a happening on the network failed; the others go on")
            return None

    def _do_safely(self, errand: Errand) -> None:
        try:
            self._do(errand)
        except Exception:
            log.exception("an errand of the network failed; the others go on")
        self._tell_safely()

    def _tell_safely(self) -> None:
        try:
            self._tell()
        except Exception:
            log.exception("somebody who watches the network failed; the others go on")

    def _wait_until(self, limit: datetime, holds: Callable[[], bool]) -> bool:
        while True:
            if holds():
                return True
            left_s = (limit - self.now()).total_seconds() / self.speed
            if left_s <= 0:
                return False
            with self._moved:
                self._moved.wait(min(left_s, 0.05))
