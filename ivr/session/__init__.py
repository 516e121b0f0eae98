"""Session: one step of a call - what was heard, at which node, and therefore what the carrier is to do next. Pure."""

from ivr.session.rounds import ask_again, step
from ivr.session.turn import NO, YES
from ivr.session.waiting import exit_of, wait

__all__ = ["NO", "YES", "ask_again", "exit_of", "step", "wait"]
