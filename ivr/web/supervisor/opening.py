"""Opening: the supervisor's pages put behind their doors."""

from __future__ import annotations

from ivr.accounts import Accounts
from ivr.codes import Codes
from ivr.editing import Editing
from ivr.supervision import Supervision
from ivr.switchboard import Switchboard
from ivr.web.api.v1 import ApiV1
from ivr.web.doors import Doors
from ivr.web.supervisor.agents import AgentPages
from ivr.web.supervisor.audit import AuditPages
from ivr.web.supervisor.editor import EditorPages
from ivr.web.supervisor.emergency import EmergencyPages
from ivr.web.supervisor.menus import MenuPages
from ivr.web.supervisor.recordings import RecordingPages
from ivr.web.supervisor.trying import TryingPages
from ivr.web.supervisor.waiting import WaitingPages


def open_supervision(doors: Doors, switchboard: Switchboard, accounts: Accounts, public_url: str) -> None:
    """Answer every route of supervision, and the doors for programs."""
    supervision = Supervision(switchboard, accounts, Codes(switchboard.store, accounts))
    doors.open("agents", AgentPages(supervision))
    doors.open("waiting", WaitingPages(supervision))
    editing = Editing(switchboard.store, switchboard.hotlines)
    doors.open("menus", MenuPages(switchboard.store, switchboard.hotlines, editing, switchboard.clock))
    doors.open("editor", EditorPages(editing, switchboard.clock))
    doors.open("trying", TryingPages(editing, switchboard.clock))
    doors.open("emergency", EmergencyPages(supervision))
    doors.open("recordings", RecordingPages(switchboard))
    doors.open("audit", AuditPages(switchboard.store))
    doors.open("api", ApiV1(supervision, editing, public_url))
