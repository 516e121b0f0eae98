"""Verbs: what TwiML can say, one file each; and the stages on which documents run."""

from __future__ import annotations

from ivr.simulator.document import Stage
from ivr.simulator.verbs.connect import CONNECT
from ivr.simulator.verbs.dial import DIAL
from ivr.simulator.verbs.enqueue import ENQUEUE
from ivr.simulator.verbs.gather import GATHER
from ivr.simulator.verbs.hangup import HANGUP
from ivr.simulator.verbs.leave import LEAVE
from ivr.simulator.verbs.pause import PAUSE
from ivr.simulator.verbs.pay import PAY
from ivr.simulator.verbs.play import PLAY
from ivr.simulator.verbs.record import RECORD
from ivr.simulator.verbs.redirect import REDIRECT
from ivr.simulator.verbs.refer import REFER
from ivr.simulator.verbs.reject import REJECT
from ivr.simulator.verbs.say import SAY
from ivr.simulator.verbs.sms import SMS
from ivr.simulator.verbs.start import START, STOP

_TALK = (SAY, PLAY, PAUSE, GATHER, RECORD, PAY)
_LEAD = (REDIRECT, HANGUP, REJECT, LEAVE, REFER)
_JOIN = (ENQUEUE, DIAL, CONNECT)
_BESIDE = (SMS, START, STOP)
_ALL = (*_TALK, *_LEAD, *_JOIN, *_BESIDE)

MAIN = Stage({verb.name: verb for verb in _ALL})
"""A call's own document: everything."""

SCREENING = Stage({verb.name: verb for verb in (SAY, PLAY, PAUSE, GATHER, REDIRECT, HANGUP)}, refusals={"Dial": 13201})
"""The document of a dialled leg, run before it is joined."""
