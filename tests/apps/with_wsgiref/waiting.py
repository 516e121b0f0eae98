"""Waiting: callers stand in a queue and hear their place; agents call too and take the first; star leaves."""

from __future__ import annotations

from wire import Form, serve

AGENTS = ("+15005550010",)


def voice(form: Form) -> str:
    """Agents take somebody, others wait."""
    if form["From"] in AGENTS:
        return '<Dial timeout="20"><Queue url="/taken">help</Queue></Dial><Say>Nobody is waiting any more.</Say>'
    return '<Say>Welcome.</Say><Enqueue waitUrl="/wait" action="/after">help</Enqueue>'


def wait(form: Form) -> str:
    """Over and over."""
    place = f"<Say>You are number {form['QueuePosition']} of {form['CurrentQueueSize']}.</Say>"
    return f'<Gather numDigits="1" action="/key" timeout="2">{place}<Pause length="5"/></Gather>'


def key(form: Form) -> str:
    """Star leaves the queue; any other key does nothing."""
    return "<Leave/>" if form["Digits"] == "*" else "<Say>Press star to leave.</Say>"


def taken(form: Form) -> str:
    """What the caller hears before the agent."""
    return f"<Say>You have waited {form['QueueTime']} seconds.</Say>"


def after(form: Form) -> str:
    """By what the queue ended."""
    if form["QueueResult"] == "leave":
        return "<Say>Call us again.</Say>"
    return f"<Say>Result: {form['QueueResult']}.</Say>"


if __name__ == "__main__":
    serve({"/voice": voice, "/wait": wait, "/key": key, "/taken": taken, "/after": after})
