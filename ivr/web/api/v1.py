"""API v1: the floor, the people and the hotlines for a company's own programs; each door asks one thing.

Cases and the desk have doors of their own; `openapi.json` describes all of them.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify
from sqlalchemy import func, select

from ivr.accounts import Session
from ivr.editing import Editing, fault_of, moment_there
from ivr.menu.fault import Fault
from ivr.publication import Publication
from ivr.store import Tx
from ivr.supervision import Supervision
from ivr.web.api.bodies import sent
from ivr.web.api.openapi import described
from ivr.web.exchange import Answer, done, error, refused
from ivr.web.routes import ROUTES
from ivr.web.supervisor.asked import by
from ivr.web.supervisor.line import lines
from routing.refusal import Refused
from routing.store.tables import contacts

TODAY = timedelta(days=1)


class ApiV1:
    """One view a method."""

    def __init__(self, supervision: Supervision, editing: Editing, public_url: str) -> None:
        self._supervision, self._editing, self._public_url = supervision, editing, public_url
        self._switchboard = supervision.switchboard

    def description(self, session: Session | None) -> Answer:
        """GET /api/v1/openapi.json"""
        return jsonify(described(ROUTES, self._public_url))

    # -- the floor ----------------------------------------------------------------------------------------------------

    def floor(self, session: Session) -> Answer:
        """GET /api/v1/floor"""
        with self._switchboard.store.look() as tx:
            return jsonify(now=tx.now.isoformat(), queues=self._queues(tx), agents=_states(tx))

    def waiting(self, session: Session) -> Answer:
        """GET /api/v1/waiting"""
        with self._switchboard.store.look() as tx:
            found = lines(tx, sorted(self._switchboard.hotlines.queues()))
            told = [
                {
                    "contact": it.contact.id,
                    "queue": line.name,
                    "position": it.position,
                    "kind": it.contact.kind,
                    "language": it.contact.language,
                    "since": it.contact.entered_at.isoformat(),
                    "needs": dict(it.contact.needs),
                    "head_start_s": it.contact.head_start_s,
                    "state": str(it.contact.state),
                    "expected_wait_s": it.expected_s,
                }
                for line in found
                for it in line.places
            ]
        return jsonify(waiting=told)

    def move(self, session: Session, contact: str) -> Answer:
        """POST /api/v1/waiting/CONTACT/move"""
        return done(self._supervision.move(by(session), contact, sent("api.move")["queue"]))

    def head_start(self, session: Session, contact: str) -> Answer:
        """POST /api/v1/waiting/CONTACT/head-start"""
        head_start_s = sent("api.head_start")["head_start_s"]
        return done(self._supervision.head_start(by(session), contact, head_start_s))

    def assign(self, session: Session, contact: str) -> Answer:
        """POST /api/v1/waiting/CONTACT/assign"""
        return done(self._supervision.assign(by(session), contact, sent("api.assign")["agent"]))

    def agents(self, session: Session) -> Answer:
        """GET /api/v1/agents"""
        told = [
            {
                "name": it.name,
                "display_name": it.agent.display_name,
                "role": str(it.role),
                "disabled": it.disabled,
                "state": str(it.agent.state),
                "since": it.agent.since.isoformat() if it.agent.since else None,
                "skills": dict(it.agent.skills),
                "groups": list(it.agent.groups),
            }
            for it in self._supervision.people()
            if it.agent
        ]
        return jsonify(agents=told)

    def log_out(self, session: Session, name: str) -> Answer:
        """POST /api/v1/agents/NAME/log-out"""
        sent("api.log_out")
        return done(self._supervision.send_home(by(session), name))

    # -- hotlines -----------------------------------------------------------------------------------------------------

    def hotlines(self, session: Session) -> Answer:
        """GET /api/v1/hotlines"""
        trees = self._switchboard.hotlines.current()
        with self._switchboard.store.look() as tx:
            until = {it.hotline: it.until.isoformat() for it in tx.emergencies.all_on(tx.now)}
        told = [
            {
                "hotline": it.hotline,
                "version": it.version,
                "numbers": dict(it.numbers),
                "emergency_until": until.get(it.hotline),
            }
            for it in trees
        ]
        return jsonify(hotlines=told)

    def hotline(self, session: Session, hotline: str) -> Answer:
        """GET /api/v1/hotlines/HOTLINE: the files that new calls hear."""
        tree = self._editing.tree(hotline)
        if tree is None:
            return error(404, "there is no such hotline")
        files = self._switchboard.store.files(tree.version)
        return jsonify(hotline=hotline, version=tree.version, files=dict(files or {}))

    def check(self, session: Session, hotline: str) -> Answer:
        """POST /api/v1/hotlines/HOTLINE/check: what there is to say about files; keeps nothing."""
        files, tree = sent("api.check")["files"], self._editing.tree(hotline)
        if tree is None:
            return error(404, "there is no such hotline")
        if no := fault_of(files):
            return refused(no)
        examined = self._editing.examined(files, tree.version)
        return jsonify(usable=examined.tree is not None, faults=[_fault(it) for it in examined.faults])

    def publish(self, session: Session, hotline: str) -> Answer:
        """POST /api/v1/hotlines/HOTLINE/publish: 409 when `expects` is not the version that is live."""
        asked = sent("api.publish")
        if self._editing.tree(hotline) is None:
            return error(404, "there is no such hotline")
        made = self._editing.publish_files(
            by(session), hotline, asked["files"], asked["expects"], self._switchboard.clock()
        )
        if isinstance(made, Refused):
            return refused(made)
        if not isinstance(made, Publication):
            return jsonify(error="it has faults", faults=[_fault(it) for it in made]), 422
        return jsonify(hotline=hotline, version=made.version, live_at=made.due_at.isoformat())

    def emergency_on(self, session: Session, hotline: str) -> Answer:
        """POST /api/v1/hotlines/HOTLINE/emergency: until then; put on again, it gets another end."""
        until, tree = sent("api.emergency_on")["until"], self._editing.tree(hotline)
        if tree is None:
            return error(404, "there is no such hotline")
        moment = moment_there(until, tree)
        if isinstance(moment, Refused):
            return error(422, moment.why, "until", "2026-12-24T18:00, or with its offset")
        return done(self._supervision.emergency_on(by(session), hotline, moment))

    def emergency_off(self, session: Session, hotline: str) -> Answer:
        """POST /api/v1/hotlines/HOTLINE/emergency/off"""
        sent("api.emergency_off")
        if self._editing.tree(hotline) is None:
            return error(404, "there is no such hotline")
        self._supervision.emergency_off(by(session), hotline)
        return done(None)

    # -- figures for programs that watch ------------------------------------------------------------------------------

    def metrics(self, session: Session) -> Any:
        """GET /metrics: the floor in Prometheus' words."""
        with self._switchboard.store.look() as tx:
            queues, states, ended = self._queues(tx), _states(tx), _ended(tx)
            live = len(tx.live_calls())
        rows = [("dialtree_calls", "Calls that have not ended.", [({}, live)])]
        rows += [
            (f"dialtree_queue_{name}", said, [({"queue": it["queue"]}, it[name]) for it in queues])
            for name, said in (
                ("waiting", "Contacts that wait."),
                ("longest_wait_s", "How long the first of them waits, in seconds."),
            )
        ]
        rows.append(("dialtree_agents", "People by state.", [({"state": it}, n) for it, n in states.items()]))
        by_outcome = [({"queue": queue, "outcome": outcome}, n) for (queue, outcome), n in sorted(ended.items())]
        rows.append(("dialtree_contacts_ended_24h", "Contacts that ended within 24 hours.", by_outcome))
        text = "".join(_metric(name, said, found) for name, said, found in rows)
        return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")

    def _queues(self, tx: Tx) -> list[dict[str, Any]]:
        found = []
        for name in sorted(self._switchboard.hotlines.queues()):
            length, since = tx.floor.waiting(name)
            standing = tx.floor.standing(name)
            longest_s = (tx.now - since).total_seconds() if since else 0.0
            told = {"queue": name, "waiting": length, "longest_wait_s": longest_s}
            found.append({**told, "paused": standing.paused, "closed": standing.closed})
        return found


def _states(tx: Tx) -> dict[str, int]:
    return dict(sorted(Counter(str(it.state) for it in tx.floor.agents()).items()))


def _ended(tx: Tx) -> dict[tuple[str, str], int]:
    since: datetime = tx.now - TODAY
    ended = select(contacts.c.queue, contacts.c.outcome, func.count()).where(contacts.c.ended_at >= since)
    rows = tx.connection.execute(ended.group_by(contacts.c.queue, contacts.c.outcome))
    return {(queue, outcome): n for queue, outcome, n in rows}


def _metric(name: str, said: str, found: list[tuple[dict[str, str], float]]) -> str:
    head = f"# HELP {name} {said}\n# TYPE {name} gauge\n"
    return head + "".join(f"{name}{_labels(labels)} {value:g}\n" for labels, value in found)


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    escaped = {it: text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") for it, text in labels.items()}
    return "{" + ",".join(f'{name}="{text}"' for name, text in escaped.items()) + "}"


def _fault(it: Fault) -> dict[str, Any]:
    where = {"file": it.place.file, "line": it.place.line, "column": it.place.column}
    return {**where, "severity": it.severity, "code": it.code, "message": it.message, "hint": it.hint}
