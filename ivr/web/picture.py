"""The picture: what a representative sees at this moment, in the words of the desk's API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ivr.call import Call
from ivr.desk import cases_seen_by, drafts_of, theirs, tree_of
from ivr.dialable import shown
from ivr.menu.tree import CaseKind, Menu, Tree
from ivr.message import Message
from ivr.store import Tx
from ivr.switchboard import Switchboard
from ivr.web.brought import in_hand, mail_json, who
from ivr.web.frame import zone_of
from ivr.web.on_the_line import consult, on_the_line
from ivr.web.texts import Texts
from ivr.web.weighed import Weighing
from routing.agent import Agent, AgentState
from routing.case import Case
from routing.contact import Contact
from routing.kind import CONSULT
from routing.offer import Offer, OfferState

CASES_MAX = 20
DRAFTS_MAX = 10

Json = dict[str, Any]


def picture(switchboard: Switchboard, tx: Tx, name: str, t: Texts, continued: str | None = None) -> Json:
    """All that the desk of agent `name` shows. `continued`: a contact of theirs whose form is still to be logged."""
    agent = tx.floor.agent(name) or Agent(name)
    offer = tx.floor.offer_of(name)
    contact = tx.floor.contact(agent.contact) if agent.contact else None
    shown = _contact(switchboard, tx, contact, offer, t) if contact else None
    earlier = theirs(tx, name, continued) if continued and not contact else None
    return {
        "now": at(tx.now),
        "agent": _agent(agent, _extra_s(tx, agent, contact)),
        "queues": _queues(switchboard, tx, agent),
        **_offered(switchboard, tx, offer, t),
        "contact": shown,
        "mails": in_hand(tx, name, continued),
        "continued": _contact(switchboard, tx, earlier, tx.floor.live_offer(earlier.id), t) if earlier else None,
        "cases": [case_json(tx, case) for case in cases_seen_by(tx, name, CASES_MAX)],
        "drafts": _drafts(tx, name, agent.contact),
    }


def at(moment: datetime | None) -> str | None:
    """A moment as the API tells it: ISO 8601, UTC, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None


def _extra_s(tx: Tx, agent: Agent, contact: Contact | None) -> int:
    """By so many seconds the end of wrap-up can still be put off."""
    if contact is None or agent.state is not AgentState.WRAP_UP or agent.wrap_up_extended:
        return 0
    return tx.floor.queue(contact.queue).wrap_up_extra_s


def _agent(agent: Agent, may_extend_s: int) -> Json:
    return {
        "name": agent.name,
        "display_name": agent.display_name or agent.name,
        "state": str(agent.state),
        "since": at(agent.since),
        "reason": agent.reason or None,
        "then": str(agent.then) if agent.then else None,
        "wrap_up_until": at(agent.wrap_up_until),
        "may_extend_s": may_extend_s,
        "address": agent.address or None,
    }


def _queues(switchboard: Switchboard, tx: Tx, agent: Agent) -> list[Json]:
    found = []
    for name in sorted(switchboard.hotlines.queues()):
        waiting, since = tx.floor.waiting(name)
        longest_s = int((tx.now - since).total_seconds()) if since else 0
        found.append({"name": name, "waiting": waiting, "longest_wait_s": longest_s, "since": at(since)})
    return found


def _offered(switchboard: Switchboard, tx: Tx, offer: Offer | None, t: Texts) -> Json:
    """What they are asked about, or whom they are kept free for, who is being called."""
    if offer is None or offer.state is not OfferState.OPEN:
        return {"offer": None, "reserved": None}
    away = tx.floor.contact(offer.contact).away
    shown = _offer(switchboard, tx, offer, t)
    return {"offer": None if away else shown, "reserved": shown if away else None}


def _offer(switchboard: Switchboard, tx: Tx, offer: Offer, t: Texts) -> Json:
    contact, call = tx.floor.contact(offer.contact), tx.call_of(offer.contact)
    asks_about = contact.asks_about if contact.kind == CONSULT else None
    logged = tx.cases.by_contact(asks_about) if asks_about else None
    tree = tree_of(switchboard, tx, contact.id)
    return {
        "id": offer.id,
        "contact": contact.id,
        "expires_at": at(offer.expires_at),
        "reason": Weighing(t, zone_of(switchboard.hotlines)).sentence(offer.reason),
        "consult": consult(tx, contact),
        "draft": _draft(tx, contact, asks_about, call, tree) if asks_about else None,
        "case": case_json(tx, logged) if logged else None,
        **_caller(switchboard, tx, contact, tx.now, t),
    }


def _contact(switchboard: Switchboard, tx: Tx, contact: Contact, offer: Offer | None, t: Texts) -> Json:
    call, tree = tx.call_of(contact.id), tree_of(switchboard, tx, contact.id)
    matter = contact.asks_about if contact.kind == CONSULT else contact.id  # its form is the colleague's
    logged = tx.cases.by_contact(matter)
    return {
        "id": contact.id,
        "call": call.sid if call else None,
        "started_at": at(contact.talking_at),
        "ended_at": at(contact.ended_at),
        "form": f"{contact.id}-1",
        "draft": _draft(tx, contact, matter, call, tree),
        "case": case_json(tx, logged) if logged else None,
        "consult": consult(tx, contact),
        **on_the_line(tx, contact, tree, offer, t),
        "mail": mail_json(tx, contact),
        "kinds": [_kind(kind, t) for kind in tree.cases.values()],
        **_caller(switchboard, tx, contact, contact.talking_at or tx.now, t),
    }


def _caller(switchboard: Switchboard, tx: Tx, contact: Contact, until: datetime, t: Texts) -> Json:
    """Who calls, and what is known of the matter before a word is said."""
    call, tree = tx.call_of(contact.id), tree_of(switchboard, tx, contact.id)
    first = contact  # who is asked about a conversation, or has taken it over, sees how long its caller waited
    while first.asks_about:
        first = tx.floor.contact(first.asks_about)
    until = until if first is contact else first.talking_at
    since = call.waiting_since if call and call.contact == first.id else first.entered_at
    return {
        "by": contact.kind,
        "queue": first.queue,
        **who(tx, contact, call),
        "called": call.called if call else None,
        "language": contact.language,
        "path": _path(call, tree, t) if call else [],
        "typed": dict(call.typed) if call else {},
        "waited_s": int((until - since).total_seconds()),
        "waiting_since": at(since) if first.talking_at is None else None,
        "kind": contact.case_kind,
        "handed_on": tx.floor.contact(contact.asks_about).transfers if contact.kind == CONSULT else contact.transfers,
    }


def _path(call: Call, tree: Tree, t: Texts) -> list[Json]:
    return [{"node": node, "key": key, "label": _label(tree, node, key, t)} for node, key in call.path]


def _label(tree: Tree, node: str, key: str, t: Texts) -> str:
    """What a key meant at a node, in the page's language."""
    menu, keys = tree.nodes.get(node), tree.conventions
    options = {option.key: option for option in menu.options} if isinstance(menu, Menu) else {}
    if option := options.get(key):
        return t.language_name(option.language) if option.language else t.of(option.label)
    meaning = {keys.operator: "operator", keys.back: "back", keys.repeat: "repeat"}.get(key)
    return t(f"convention.{meaning}") if meaning else key


def _draft(tx: Tx, contact: Contact, matter: str, call: Call | None, tree: Tree) -> Json:
    """The form of `matter` as it stands: what was saved, and under it what the caller typed."""
    saved = tx.cases.draft(matter)
    typed = dict(call.typed) if call else {}
    if saved:
        return {"kind": saved.kind, "fields": {**typed, **saved.fields}}
    kind = contact.case_kind if contact.case_kind in tree.cases else next(iter(tree.cases), "")
    return {"kind": kind, "fields": typed}


def _kind(kind: CaseKind, t: Texts) -> Json:
    return {
        "name": kind.name,
        "label": t.of(kind.label),
        "fields": [
            {
                "name": field.name,
                "label": t.of(field.label),
                "kind": field.kind,
                "required": field.required,
                "lines": field.lines,
                "choices": [{"value": value, "label": t.of(label)} for value, label in field.choices.items()],
            }
            for field in kind.fields
        ],
    }


def _drafts(tx: Tx, agent: str, current: str | None) -> list[Json]:
    """Forms of earlier contacts that were begun and never logged: they must not be lost from sight."""
    found = []
    for draft in drafts_of(tx, agent, DRAFTS_MAX):
        call = tx.call_of(draft.contact)
        if draft.contact != current:
            caller = shown(call.caller) if call else None
            found.append({"contact": draft.contact, "kind": draft.kind, "at": at(draft.updated_at), "caller": caller})
    return found


def case_json(tx: Tx, case: Case) -> Json:
    """One case with its history and the messages that belong to it."""
    return {
        "number": case.number,
        "kind": case.kind,
        "state": str(case.state),
        "caller": shown(case.caller or ""),
        "call": case.call,
        "contact": case.contact,
        "fields": dict(case.fields),
        "created_at": at(case.created_at),
        "created_by": case.created_by,
        "history": [{"at": at(note.at), "who": note.who, "what": note.what} for note in case.history],
        "recordings": [_recording(message) for message in tx.messages.of_case(case.number)],
    }


def _recording(message: Message) -> Mapping[str, Any]:
    return {"id": message.id, "length_s": message.length_s, "state": str(message.state)}
