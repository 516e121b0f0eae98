"""REST: the carrier's resources, answered to the official client over HTTP and in this process alike."""

from __future__ import annotations

from ivr.simulator.rest.door import Rest
from ivr.simulator.rest.in_process import RestTransport

__all__ = ["Rest", "RestTransport"]
