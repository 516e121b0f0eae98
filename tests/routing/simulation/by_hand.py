"""ByHand: what supervisors do on a simulated floor, and how agents let callers wait, ask colleagues and hand on."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from routing import distributor as d
from routing.agent import AgentState
from routing.contact import ContactState
from routing.effect import Transferred
from routing.refusal import Refused

BY = "boss"
FIRST = ("callback",)
"""Kinds where it is the agent who is there first, and the contact who is called."""


class ByHand:
    """A part of the world: its people who decide by themselves."""

    mishaps: Random
    happen: Callable[..., Any]
    _at: Callable[..., None]
    _ready: Callable[[str], None]

    def _steps_in(self) -> None:
        """A supervisor does something, and undoes later what can be undone."""
        dice = self.mishaps
        queue = dice.choice(sorted(self.plan.queues))
        agent = dice.choice(self.plan.agents).name
        contact = dice.choice([*sorted(self.ledger.in_line), "nobody"])
        match dice.randrange(8):
            case 0:
                self.happen(d.pause_queue, queue, "fire drill", BY)
                self._at(15, self.happen, d.resume_queue, queue, BY)
            case 1:
                self.happen(d.close_queue, queue, "party", dice.random() < 0.5, BY)
                self._at(15, self.happen, d.open_queue, queue, BY)
            case 2:
                self.happen(d.change_head_start, contact, dice.choice((0, 120, -60)), BY)
            case 3:
                self.happen(d.move, contact, queue, dice.choice((None, {"claims": 1})), BY)
            case 4 | 5:
                self._assigns(agent)
            case 6:
                asked = [a.name for a in self.plan.agents if self.ledger.agents[a.name].state is AgentState.OFFERED]
                agent = dice.choice([*asked, agent])
                self.happen(d.force_log_out, agent, BY)
                self._at(20, self._ready, agent)
            case 7:
                self._listens()

    def _assigns(self, agent: str) -> None:
        """Somebody who waits, to an agent who is on a break, rather."""
        dice, away = self.mishaps, (AgentState.PAUSED, AgentState.WRAP_UP)
        contact = dice.choice([*sorted(self.ledger.waiting), *sorted(self.ledger.in_line)] or ["nobody"])
        if self.ledger.agents[agent].state not in away:
            agents = [a.name for a in self.plan.agents if self.ledger.agents[a.name].state in away]
            agent = dice.choice([*agents, agent])
        self.hit[f"assign to somebody {self.ledger.agents[agent].state}"] += contact in self.ledger.waiting
        self.happen(d.assign, contact, agent, BY)

    def _listens(self) -> None:
        talking = [c.id for c in self.ledger.contacts.values() if c.state is ContactState.TALKING]
        self.happen(d.listen, self.mishaps.choice([*talking, "nobody"]), BY, self.mishaps.choice(("whisper", "barge")))

    def _hands_on(self, contact_id: str) -> None:
        """The agent lets the caller wait, or leads them elsewhere."""
        dice, agent = self.mishaps, self.ledger.contacts[contact_id].last_agent
        match dice.randrange(6):
            case 0:
                self.happen(d.hold, contact_id, agent)
                self._at(3, self.happen, d.resume, contact_id, agent)
            case 1:
                self._hands_on_to(contact_id, dice.choice(sorted(self.plan.queues)))
            case 2:
                self.happen(d.transfer_to_agent, contact_id, agent, dice.choice(self.plan.agents).name)
            case 3:
                self.happen(d.transfer_out, contact_id, agent, "the lawyers")
            case 4 | 5:
                self._consults(contact_id, agent)

    def _hands_on_to(self, contact_id: str, queue: str) -> None:
        contact = self.ledger.contacts[contact_id]
        needs = self.mishaps.choice((None, {"claims": 1}, {}))
        answer = self.happen(d.transfer_to_queue, contact_id, contact.last_agent, queue, needs)
        if isinstance(answer, Refused) and "times already" in answer.why:
            self.hit["handed on no more"] += 1

    def _consults(self, contact_id: str, agent: str) -> None:
        """The agent asks a colleague; they may join, and either may leave."""
        dice = self.mishaps
        free = [a.name for a in self.plan.agents if self.ledger.agents[a.name].state is AgentState.AVAILABLE]
        colleague = dice.choice(free or [self.plan.agents[0].name])
        self.happen(d.consult, contact_id, agent, colleague)
        if dice.random() < 0.5:
            self._at(8, self.happen, d.join, contact_id, agent)
        if dice.random() < 0.7:
            self._at(10, self._leaves, contact_id, dice.choice((agent, agent, colleague)))

    def _leaves(self, contact_id: str, who: str) -> None:
        answer = self.happen(d.leave_consult, contact_id, who)
        if isinstance(answer, list) and answer and isinstance(answer[0], Transferred):
            self.hit["conversation taken over"] += 1
            into = answer[0].into
            if self._chance("leg lost", 0.3):
                self._at(0.5, self.happen, d.leg_lost, self.floor_now().live_offer(into.id).id, "nobody spoke")
            elif self._chance("agents hand on", 0.3):
                self._at(2, self._hands_on, into.id)

    def _calls_back(self, contact_id: str) -> None:
        """Somebody who was promised a call answers it, or does not."""
        if self._chance("callbacks fail", 0.3):
            self._at(3, self.happen, d.not_reached, contact_id, "no-answer")
        else:
            self._at(3, self.happen, d.caller_answered, contact_id)
