"""The telephone company, played on this machine: it knows only the wire.

from ivr.simulator import Network, WsgiApp, dialled
"""

from ivr.simulator.chaos import Chaos
from ivr.simulator.conversation import Conversation, dialled
from ivr.simulator.line import Line
from ivr.simulator.network import Network, UnknownNumber
from ivr.simulator.transport import FetchFailed, HttpApp, Transport, WsgiApp

__all__ = [
    "Chaos",
    "Conversation",
    "FetchFailed",
    "HttpApp",
    "Line",
    "Network",
    "Transport",
    "UnknownNumber",
    "WsgiApp",
    "dialled",
]
