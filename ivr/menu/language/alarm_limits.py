"""Alarm limits: from when on supervisors are told to look - a long wait, a long line, nobody there, cases overdue."""

from __future__ import annotations

from ivr.menu.language.leaf import YES, number
from ivr.menu.language.shape import Group, Key
from ivr.menu.tree import AlarmLimits
from routing.queue import WAITING_MAX

_OF_QUEUES = (
    Key("wait_s", number(5, 7200), "When somebody has waited for so many seconds.", None,
        left_out="half of the longest wait"),
    Key("waiting", number(1, WAITING_MAX), "When so many wait in one queue.", None, left_out="no alarm"),
    Key("nobody", YES, "Whether it is an alarm when nobody is logged in who could help, while the hotline is open.",
        None, left_out="yes"),
)  # fmt: skip

ALARMS = Group(
    "alarms",
    "When the floor's page says: look at this now. Supervisors can set the seconds of a queue there; what they set "
    "comes first.",
    (*_OF_QUEUES, Key("overdue", number(1, 10000), "When so many cases are overdue.", None, left_out="1")),
    lambda given: AlarmLimits(given["wait_s"], given["waiting"], given["nobody"], given["overdue"]),
    AlarmLimits(),
    short="wait_s, waiting, nobody and overdue, see below",
    examples=(
        """\
alarms: {wait_s: 120, waiting: 15, overdue: 5}
""",
    ),
)

QUEUE_ALARMS = Group(
    "queue_alarms",
    "The same for one queue, where it differs from what the hotline says.",
    tuple(Key(key.name, key.shape, key.meaning, None, left_out="as the hotline says") for key in _OF_QUEUES),
    lambda given: AlarmLimits(given["wait_s"], given["waiting"], given["nobody"]),
    AlarmLimits(),
    short="wait_s, waiting and nobody, see below",
)
