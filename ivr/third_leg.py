"""The leg to a third: rung for a conversation that runs, in it, and over again."""

from __future__ import annotations

from ivr import handing_on, wire
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.third import ThirdState
from ivr.webhook import Webhook

IN_PROGRESS = "in-progress"


def changes(switchboard: Switchboard, webhook: Webhook) -> bytes:
    """`/voice/third-status`: they have answered, or are gone."""
    if webhook.ended:
        switchboard.happen(lambda tx: (handing_on.over(tx, webhook.step, webhook.status), ()))
    elif webhook.status == IN_PROGRESS:
        switchboard.happen(lambda tx: (_answered(tx, webhook), ()))
    return wire.NOTHING_TO_SAY


def _answered(tx: Tx, webhook: Webhook) -> None:
    third = tx.thirds.get(webhook.step)
    if third is None or third.state is not ThirdState.CALLING:
        return
    third.state, third.leg_sid = ThirdState.THERE, webhook.sid
    tx.thirds.save(third)
    tx.happened(third.contact, "third is there", agent=third.agent)
