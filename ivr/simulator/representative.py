"""Representative: somebody at the desk who takes offers, logs cases and hangs up, through the desk's HTTP API only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ivr.simulator.desk_client import Desk, DeskAnswer, DeskClient
from ivr.simulator.network import Network
from ivr.simulator.script.steps import Act, AgentThere

Tell = Callable[[str, str], None]


ON_THE_LINE = {
    "hang up": ("hang-up", "hangs up"),
    "hold": ("hold", "lets the caller hear music"),
    "resume": ("resume", "goes on with the caller"),
    "mute": ("mute", "turns the microphone off"),
    "unmute": ("unmute", "turns the microphone on"),
    "pause recording": ("recording/pause", "has the recording paused"),
    "resume recording": ("recording/resume", "lets the recording go on"),
    "transfer": ("transfer", "hands the caller on to"),
    "consult": ("consult", "asks"),
    "let go": ("consult/end", "lets them go"),
    "complete": ("consult/complete", "leaves the caller to them"),
    "promise": ("callback", "promises to call in minutes:"),
}
"""What is done in a conversation: where it is asked for, and how it is told."""


class Refused(RuntimeError):
    """The desk refused what a representative was told to do; the message says what and why."""


class Representative:
    """One agent doing `acts` in order, each as soon as it can be done and its delay has passed.

    Call `look` after each happening on the network; `tell(name, text)` is told whatever is seen and done.
    """

    def __init__(self, network: Network, desk: DeskClient, name: str, acts: Sequence[Act], tell: Tell) -> None:
        self.name = name
        self.state: Mapping[str, Any] = {}
        self._network = network
        self.desk = desk
        self._acts = list(acts)
        self._tell = tell
        self._waiting_for: str | None = None  # the offer or contact that the next act is about, once it can be done
        self._busy = False
        self._forms = 0

    def begin(self, password: str) -> None:
        """Log in and be ready. Raises Refused."""
        self._sure(self.desk.login(self.name, password), "log in")
        self._sure(self.desk.post("/desk/api/ready"), "be ready")
        self._tell(self.name, "is ready")
        self.look()

    @property
    def done(self) -> bool:
        """Nothing is left to do."""
        return not self._acts

    def look(self) -> None:
        """See what is new at the desk, and do what is due."""
        if self._busy:
            return
        self._busy = True
        try:
            for _ in range(len(self._acts) + 1):
                before, self.state = self.state, self._sure(self.desk.state(), "look at the desk")
                self._say_what_is_new(before)
                if not self._go_on():
                    break
        finally:
            self._busy = False

    def _go_on(self) -> bool:
        """Do the next act, or set the alarm for it, when it has become possible; whether something was done."""
        if not self._acts:
            return False
        act, before = self._acts[0], self._waiting_for
        self._waiting_for = subject = self._subject(act)
        if act.verb == "ignore":
            if before and subject != before:  # the ignored offer is gone
                self._acts.pop(0)
                self._waiting_for = None
            return before is not None and subject != before
        if subject is None or subject == before:
            return False
        if act.after_s > 0:
            self._network.later(act.after_s, lambda: self._due(act, subject))
            return False
        self._do_next()
        return True

    def _due(self, act: Act, subject: str) -> None:
        self.look()
        if self._acts and self._acts[0] is act and self._waiting_for == subject:
            self._do_next()
            self.look()

    def _subject(self, act: Act) -> str | None:
        """What the act is about at this moment (an offer's or contact's id, or a word); None: not possible now."""
        agent, offer, contact = (self.state.get(key) or {} for key in ("agent", "offer", "contact"))
        if act.verb in ("accept", "decline", "ignore"):
            return offer.get("id")
        if act.verb == "log":
            return contact.get("id")
        if act.verb == "complete":
            return contact.get("id") if (contact.get("third") or {}).get("state") == "there" else None
        if act.verb == "promise":
            return contact.get("id") if contact.get("started_at") else None
        if act.verb in ON_THE_LINE:
            talking = agent.get("state") == "talking" and contact.get("started_at") and not contact.get("ended_at")
            return contact.get("id") if talking else None
        if act.verb in ("wrap up", "extend"):
            return "wrap-up" if agent.get("state") == "wrap_up" else None
        return "self" if agent.get("state") not in ("talking", "offered") else None

    def _do_next(self) -> None:
        act, subject = self._acts.pop(0), self._waiting_for
        self._waiting_for = None
        if act.verb in ("accept", "decline"):
            answer = self.desk.post(f"/desk/api/offers/{subject}/{act.verb}")
            done = f"{act.verb}s"
        elif act.verb == "log":
            answer = self._log(act, str(subject))
            done = f"logs {act.kind} {answer.body.get('number', '')}"
        elif act.verb in ON_THE_LINE:
            path, done = ON_THE_LINE[act.verb]
            answer = self.desk.post(f"/desk/api/contacts/{subject}/{path}", act.fields)
            done = " ".join([done, *act.fields.values()])
        elif act.verb == "extend":
            answer, done = self.desk.post("/desk/api/wrap-up/extend"), "extends the wrap-up"
        elif act.verb == "wrap up":
            answer, done = self.desk.post("/desk/api/wrap-up/end"), "has wrapped up"
        elif act.verb == "pause":
            answer = self.desk.post("/desk/api/pause", {"reason": act.reason or "break"})
            done = f"pauses{act.reason and f' ({act.reason})'}"
        else:
            answer, done = self.desk.post("/desk/api/ready"), "is ready"
        if answer.status == 409:  # too late, or somebody else was first: no fault of the script
            self._tell(self.name, f"wants to {act.verb}, but: {answer.body.get('error', 'conflict')}")
            return
        self._sure(answer, f"{act.verb} ({act.place})")
        self._tell(self.name, done.strip())

    def _log(self, act: Act, contact: str) -> DeskAnswer:
        """Send the form as the page would: what it was filled with, and over it what this person knows."""
        draft = (self.state.get("contact") or {}).get("draft") or {}
        filled = draft.get("fields", {}) if draft.get("kind") in (act.kind, None) else {}
        self._forms += 1
        form = {"kind": act.kind, "fields": {**filled, **act.fields}, "form": f"{self.name}-{contact}-{self._forms}"}
        return self.desk.post(f"/desk/api/contacts/{contact}/case", form)

    def _say_what_is_new(self, before: Mapping[str, Any]) -> None:
        offer, contact, agent = (self.state.get(key) or {} for key in ("offer", "contact", "agent"))
        old_offer, old_contact, old_agent = (before.get(key) or {} for key in ("offer", "contact", "agent"))
        if offer and offer.get("id") != old_offer.get("id"):
            self._tell(self.name, "sees: " + seen(offer))
        if old_offer and not offer and not contact and not self._accepting():
            self._tell(self.name, "sees the offer go away")
        if contact.get("ended_at") and not old_contact.get("ended_at"):
            self._tell(self.name, "sees that the conversation is over")
        if agent.get("state") == "paused" and old_agent.get("state") not in ("paused", None):
            self._tell(self.name, "is paused" + (f": {agent['reason']}" if agent.get("reason") else ""))

    def _accepting(self) -> bool:
        return (self.state.get("agent") or {}).get("state") == "talking"

    def _sure(self, answer: DeskAnswer, what: str) -> Mapping[str, Any]:
        if not answer.fine:
            raise Refused(f"{self.name} cannot {what}: the desk says {answer.why}")
        return answer.body


def brought(network: Network, desk: Desk, agent: AgentThere) -> Representative:
    """Somebody who comes to the desk as a script says, logs in and is ready; `look` is still the caller's business.

    What they see and do is noted on the network. Raises Refused.
    """
    password = desk.hire(agent.name, agent.skills)
    person = Representative(
        network, desk.session(), agent.name, agent.acts, lambda who, what: network.note("person", what, None, who=who)
    )
    person.begin(password)
    return person


def seen(offer: Mapping[str, Any]) -> str:
    """What an offer shows, in a line: `claim, order number 4711, waited 0:41`; `bob asks: ...` of a consultation."""
    typed = [f"{name.replace('_', ' ')} {value}" for name, value in (offer.get("typed") or {}).items()]
    waited = int(offer.get("waited_s") or 0)
    what = [offer.get("kind") or offer.get("queue") or "a call", *typed, f"waited {waited // 60}:{waited % 60:02}"]
    by = (offer.get("consult") or {}).get("by")
    return (f"{by} asks: " if by else "") + ", ".join(str(part) for part in what)
