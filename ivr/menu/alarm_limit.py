"""Alarm limit: from when on a hotline, or one of its queues, wants supervisors to look."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AlarmLimits:
    """From when on something is an alarm; None: nothing is said of it here.

    `wait_s`: somebody has waited so long in a queue. `waiting`: so many wait in one. `nobody`: whether it is one that
    nobody is logged in who could help. `overdue`: so many cases are overdue.
    """

    wait_s: int | None = None
    waiting: int | None = None
    nobody: bool | None = None
    overdue: int | None = None


AS_USUAL = AlarmLimits()
"""Nothing is said."""
