"""The telephone in the browser: windows that call, ring, answer and hear each other, for a network in real time."""

from ivr.simulator.phone.door import Phone
from ivr.simulator.phone.voice import Voice

__all__ = ["Phone", "Voice"]
