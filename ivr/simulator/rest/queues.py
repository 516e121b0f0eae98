"""Queues: read and made by REST, and their members: read, and taken out to another document.

https://www.twilio.com/docs/voice/api/queue-resource
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.queue import NAME_MAX, SIZE_DEFAULT, SIZE_MAX, Member, Queue
from ivr.simulator.rest.answer import (
    Created,
    Gone,
    Page,
    Resource,
    RestError,
    Route,
    date,
    http_method,
    http_url,
    missing,
    uri,
    whole,
)
from ivr.simulator.verbs.enqueue import Dequeued
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network


def create(network: Network, asked: Asked) -> Created:
    """Make a queue; its name must be new."""
    name = asked.form.get("FriendlyName", "")
    if not 0 < len(name) <= NAME_MAX:
        raise RestError(400, 20001, f"FriendlyName must have 1 to {NAME_MAX} characters")
    if network.find_queue(name) is not None:
        raise RestError(409, 20409, f"There is a queue {name} already")
    size_max = whole(asked.form, "MaxSize", SIZE_DEFAULT, 1, SIZE_MAX)
    return Created(_queue(network, network.queue_named(name, size_max)))


def list_queues(network: Network, asked: Asked) -> Page:
    """All queues."""
    return Page("queues", [_queue(network, queue) for queue in network.queues.values()])


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One queue."""
    return _queue(network, _found(network, asked, sid))


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """Give it another name or size."""
    queue = _found(network, asked, sid)
    name = asked.form.get("FriendlyName", queue.name)
    if not 0 < len(name) <= NAME_MAX:
        raise RestError(400, 20001, f"FriendlyName must have 1 to {NAME_MAX} characters")
    if network.find_queue(name) not in (None, queue):
        raise RestError(409, 20409, f"There is a queue {name} already")
    queue.size_max = whole(asked.form, "MaxSize", queue.size_max, 1, SIZE_MAX)
    queue.name = name
    return _queue(network, queue)


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Remove a queue that nobody waits in."""
    queue = _found(network, asked, sid)
    if queue.members:
        raise RestError(400, 20009, f"{len(queue.members)} callers wait in {queue.name}: it can only be deleted empty")
    del network.queues[sid]
    return Gone()


def list_members(network: Network, asked: Asked, sid: str) -> Page:
    """Who waits, in order."""
    queue = _found(network, asked, sid)
    return Page("queue_members", [_member(network, member) for member in queue.members])


def fetch_member(network: Network, asked: Asked, sid: str, call: str) -> Resource:
    """One of them: a call's SID, or `Front`."""
    return _member(network, _found_member(network, asked, sid, call))


def dequeue(network: Network, asked: Asked, sid: str, call: str) -> Resource:
    """Take one out of the queue; the document at `Url` controls that call then."""
    member = _found_member(network, asked, sid, call)
    url = http_url(asked.form, "Url")
    if not url:
        raise RestError(400, 21205, "Url is needed: where is the caller to go?")
    shown = _member(network, member)
    member.queue.release(member)
    request = Request(url, http_method(asked.form, "Method"))
    member.line.interrupt(Dequeued(request, member))
    return shown


def _found(network: Network, asked: Asked, sid: str) -> Queue:
    queue = network.queues.get(sid)
    if queue is None:
        raise missing(asked.path)
    return queue


def _found_member(network: Network, asked: Asked, sid: str, call: str) -> Member:
    for member in _found(network, asked, sid).members:
        if call in ("Front", member.line.sid):
            return member
    raise missing(asked.path)


def _queue(network: Network, queue: Queue) -> Resource:
    own = uri(network, "Queues", queue.sid)
    return {
        "sid": queue.sid,
        "account_sid": network.account_sid,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "average_wait_time": queue.average_wait_s,
        "max_size": queue.size_max,
        "date_created": date(queue.created),
        "date_updated": date(queue.created),
        "uri": own,
        "subresource_uris": {"members": own.replace(".json", "/Members.json")},
    }


def _member(network: Network, member: Member) -> Resource:
    return {
        "queue_sid": member.queue.sid,
        "call_sid": member.line.sid,
        "position": member.position,
        "wait_time": member.waited_s,
        "date_enqueued": date(member.since),
        "uri": uri(network, "Queues", member.queue.sid, "Members", member.line.sid),
    }


ROUTES = (
    Route("POST", "/Queues", create),
    Route("GET", "/Queues", list_queues),
    Route("GET", "/Queues/<sid>", fetch),
    Route("POST", "/Queues/<sid>", update),
    Route("DELETE", "/Queues/<sid>", delete),
    Route("GET", "/Queues/<sid>/Members", list_members),
    Route("GET", "/Queues/<sid>/Members/<call>", fetch_member),
    Route("POST", "/Queues/<sid>/Members/<call>", dequeue),
)
