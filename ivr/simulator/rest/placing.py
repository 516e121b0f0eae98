"""Placing: what the form of a call, or of a conference's new participant, says of how somebody is to be called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict

from ivr.simulator.error import Problem
from ivr.simulator.outset import TIME_LIMIT_S, Detection, Outset, Recorded
from ivr.simulator.progress import EVENTS, Subscription
from ivr.simulator.recording import Report
from ivr.simulator.rest.answer import RestError, choice, flag, http_method, http_url, whole
from ivr.simulator.webhook import Request

if TYPE_CHECKING:
    from ivr.simulator.network import Network

Form = MultiDict[str, str]
RING_DEFAULT_S, RING_MAX_S = 60, 600
TIME_LIMIT_MAX_S = 24 * 3600
KEYS = re.compile(r"[0-9A-D#*wW]{1,32}")
CALLABLE = re.compile(r"\+?[0-9]{3,15}|client:[^\s:]{1,256}|sips?:[^\s@]+@[^\s]+")
ODD_SHOWN_MAX = 5
DETECTIONS = ("enable", "true", "detectmessageend")
RECORDING_EVENTS = ("in-progress", "completed", "absent")


def parties(network: Network, form: Form) -> tuple[str, str]:
    """Whom the call comes from, and whom it goes to."""
    for name, code in (("To", 21201), ("From", 21213)):
        if not form.get(name):
            raise RestError(400, code, f"No '{name}' number is specified")
    to, caller = _plain(form["To"]), _plain(form.get("CallerId") or form["From"])
    if not CALLABLE.fullmatch(to):
        raise RestError(400, 21211, f"Invalid 'To': {to[:60]} is nothing that can be called (+15005550006, client:ann)")
    if to.startswith("client:"):
        return caller, to
    if not CALLABLE.fullmatch(caller):
        raise RestError(400, 21212, f"Invalid 'From': {caller[:60]} is no number that can call")
    if caller.startswith(("client:", "sip")) or network.account.may_show(caller):
        return caller, to
    own = ", ".join(network.numbers) or "none yet"
    why = f"The source phone number {caller} is neither a number of this account ({own}) nor a verified caller id"
    if network.senders == "own":
        raise RestError(400, 21210, why)
    taken = f"{why}: only taken because the account's numbers are not known here"
    network.note("warning", str(Problem(21210, taken)), code=21210)
    return caller, to


def _plain(address: str) -> str:
    """A number without the signs that people write between its digits."""
    return re.sub(r"[\s().-]", "", address) if re.fullmatch(r"\s*\+?[\d\s().-]+", address) else address.strip()


def ring_s(form: Form) -> int:
    """How long it rings."""
    return whole(form, "Timeout", RING_DEFAULT_S, 1, RING_MAX_S, 21208)


def fallback(form: Form) -> Request | None:
    """Who is asked when the document cannot be had."""
    url = http_url(form, "FallbackUrl")
    return Request(url, http_method(form, "FallbackMethod")) if url else None


def subscriptions(network: Network, form: Form, prefix: str = "StatusCallback") -> list[Subscription]:
    """Who wishes to be told of the call's events; by default of its end."""
    url = http_url(form, prefix)
    if not url:
        return []
    events = words(network, form, f"{prefix}Event", EVENTS) or ("completed",)
    return [Subscription(url, http_method(form, f"{prefix}Method"), frozenset(events))]


def outset(network: Network, form: Form) -> Outset:
    """What happens by itself when it is answered."""
    keys = form.get("SendDigits", "")
    if keys and not KEYS.fullmatch(keys):
        raise RestError(400, 21206, f"SendDigits holds up to 32 of 0-9 A-D # * w W, not {keys[:40]}")
    limit_s = whole(form, "TimeLimit", TIME_LIMIT_S, 1, TIME_LIMIT_MAX_S)
    return Outset(keys, limit_s, _detection(form), _recorded(network, form))


def _detection(form: Form) -> Detection | None:
    way = form.get("MachineDetection", "").lower()
    if way in ("", "false", "none"):
        return None
    if way not in DETECTIONS:
        raise RestError(400, 20001, f"MachineDetection must be Enable or DetectMessageEnd, not {way[:20]}")
    prefix = "AsyncAmd" if flag(form, "AsyncAmd") else "Amd"
    url = http_url(form, f"{prefix}StatusCallback")
    report = Request(url, http_method(form, f"{prefix}StatusCallbackMethod")) if url or prefix == "AsyncAmd" else None
    timeout_s = whole(form, "MachineDetectionTimeout", 30, 3, 59)
    return Detection(way == "detectmessageend", timeout_s, report)


def _recorded(network: Network, form: Form) -> Recorded | None:
    if not flag(form, "Record"):
        return None
    return Recorded(report(network, form), *channels_and_track(form))


def channels_and_track(form: Form) -> tuple[int, str]:
    """How many channels a recording has, and who is on it."""
    channels = choice(form, "RecordingChannels", "mono", ("mono", "dual"))
    return 1 if channels == "mono" else 2, choice(form, "RecordingTrack", "both", ("inbound", "outbound", "both"))


def report(network: Network, form: Form, prefix: str = "RecordingStatusCallback") -> Report:
    """Who wishes to be told of a recording."""
    events = words(network, form, f"{prefix}Event", RECORDING_EVENTS) or ("completed",)
    return Report(http_url(form, prefix), http_method(form, f"{prefix}Method"), events)


def words(network: Network, form: Form, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a list, repeated or separated by blanks. Unknown ones are left out with a warning, as on Twilio."""
    given = " ".join(form.getlist(name)).replace(",", " ").split()
    if odd := [each[:20] for each in given if each not in known]:
        why = f"{name} has {', '.join(odd[:ODD_SHOWN_MAX])}: skipped (it may have {', '.join(known)})"
        network.note("warning", str(Problem(21626, why)), code=21626)
    return tuple(each for each in given if each in known)
