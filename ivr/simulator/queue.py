"""Queue: the carrier's line of waiting callers, first come first served."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ivr.simulator.line import Line, since

NAME_MAX = 64
SIZE_DEFAULT, SIZE_MAX = 1000, 5000


@dataclass(eq=False, slots=True)
class Member:
    """A caller's place in a queue."""

    line: Line
    queue: Queue
    since: datetime
    taken: bool = False  # somebody who dialled the queue has them
    left: datetime | None = None

    @property
    def waited_s(self) -> int:
        """Whole seconds in the queue, so far or until it was left."""
        return int(since(self.since, self.left or self.line.network.now()))

    @property
    def position(self) -> int:
        """Counted from 1; 0 when no longer a member."""
        return self.queue.members.index(self) + 1 if self in self.queue.members else 0

    def params(self) -> dict[str, str]:
        """What requests of the wait document carry."""
        return {
            "QueueSid": self.queue.sid,
            "QueuePosition": str(self.position),
            "QueueTime": str(self.waited_s),
            "AvgQueueTime": str(self.queue.average_wait_s),
            "CurrentQueueSize": str(len(self.queue.members)),
            "MaxQueueSize": str(self.queue.size_max),
        }


@dataclass(eq=False, slots=True)
class Queue:
    """A named queue. `seekers` are lines that dialled it while it was empty."""

    sid: str
    name: str
    created: datetime
    size_max: int = SIZE_DEFAULT
    members: list[Member] = field(default_factory=list)
    seekers: list[Line] = field(default_factory=list)

    @property
    def average_wait_s(self) -> int:
        """How long those now in the queue have waited on average, in whole seconds."""
        return sum(member.waited_s for member in self.members) // len(self.members) if self.members else 0

    def join(self, line: Line) -> Member:
        """Put a line at the end; whoever seeks a caller is woken."""
        member = Member(line, self, line.network.now())
        self.members.append(member)
        line.queue, line.place = self, member
        for seeker in self.seekers:
            seeker.nudge()
        return member

    def release(self, member: Member) -> None:
        """Give up a member's place; the line learns of it in its turn."""
        if member in self.members:
            self.members.remove(member)
            member.left = member.line.network.now()

    def leave(self, member: Member) -> None:
        """Take a member out; harmless when it is out already."""
        self.release(member)
        if member.line.place is member:
            member.line.queue, member.line.place = None, None

    def position(self, line: Line) -> int:
        """The line's position, counted from 1; 0 when it does not wait here."""
        return next((member.position for member in self.members if member.line is line), 0)
