"""Opening: the supervisor's pages put behind their doors."""

from __future__ import annotations

from ivr.accounts import Accounts
from ivr.codes import Codes
from ivr.supervision import Supervision
from ivr.switchboard import Switchboard
from ivr.web.doors import Doors
from ivr.web.supervisor.agents import AgentPages
from ivr.web.supervisor.waiting import WaitingPages


def open_supervision(doors: Doors, switchboard: Switchboard, accounts: Accounts) -> None:
    """Answer every route of supervision."""
    supervision = Supervision(switchboard, accounts, Codes(switchboard.store, accounts))
    doors.open("agents", AgentPages(supervision))
    doors.open("waiting", WaitingPages(supervision))
