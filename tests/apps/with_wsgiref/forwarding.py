"""Forwarding: find me - several telephones one after the other, the caller's own number shown, then honest words."""

from __future__ import annotations

from wire import Form, serve

PHONES = ("+15005550010", "+15005550011")


def voice(form: Form) -> str:
    """Ring the first two in turn."""
    numbers = "".join(f'<Number statusCallback="/leg" statusCallbackMethod="GET">{each}</Number>' for each in PHONES)
    return f'<Dial sequential="true" timeout="6" action="/tried" method="GET">{numbers}</Dial>'


def tried(form: Form) -> str:
    """Nobody took it: ring all at once, with somebody at home besides; then give up."""
    if form["DialCallStatus"] == "completed":
        return "<Hangup/>"
    if form.get("again"):
        return "<Say>Nobody is there. Please call later.</Say>"
    home = "<Client>home</Client><Sip>sip:desk@example.com</Sip>"
    return f'<Dial timeout="5" action="/tried?again=1" method="GET"><Number>{PHONES[1]}</Number>{home}</Dial>'


def leg(form: Form) -> str:
    """Nothing is kept of what a telephone did."""
    return ""


if __name__ == "__main__":
    serve({"/voice": voice, "/tried": tried, "/leg": leg})
