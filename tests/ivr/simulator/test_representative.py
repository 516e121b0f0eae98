"""Simulated representatives see offers and act on them in the network's time, through the desk's HTTP API alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from ivr.simulator.desk_client import Desk
from ivr.simulator.network import Network
from ivr.simulator.representative import Refused, brought, seen
from ivr.simulator.script.reader import read_script
from ivr.simulator.transport import WsgiApp

PASSWORD = "secret"
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
OFFER = {"id": "o1", "kind": "claim", "queue": "claims", "typed": {"order_number": "4711"}, "waited_s": 41}


class DeskPage:
    """A desk as its HTTP contract has it, small enough to be steered by a test; `posted` is what was asked of it."""

    def __init__(self, now):
        self.now = now
        self.state = {"agent": {"name": "ann", "state": "available", "reason": ""}, "offer": None, "contact": None}
        self.posted = []
        self.refusals = {}

    def __call__(self, environ, start_response):
        status, told, headers = self.answered(environ)
        start_response(f"{status} x", [("Content-Type", "application/json"), *headers])
        return [json.dumps(told).encode()]

    def answered(self, environ):
        path, method = environ["PATH_INFO"].removeprefix("/desk/api/"), environ["REQUEST_METHOD"]
        body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)) or b"{}")
        if path == "login":
            right = body == {"name": "ann", "password": PASSWORD}
            cookie = [("Set-Cookie", "session=s1; Path=/; HttpOnly")] if right else []
            return (200, {"csrf": "token-1"}, cookie) if right else (401, {"error": "wrong name or password"}, [])
        if environ.get("HTTP_COOKIE") != "session=s1":
            return 401, {"error": "log in first"}, []
        if method == "GET":
            return 200, {"csrf": "token-2", **self.state}, []
        if not environ.get("HTTP_X_CSRF_TOKEN", "").startswith("token-"):
            return 403, {"error": "no token"}, []
        self.posted.append(((self.now() - START) // timedelta(seconds=1), path, body))
        if path in self.refusals:
            return *self.refusals[path], []
        return *self.done(path), []

    def done(self, path):
        if path.endswith("/accept"):
            self.state["agent"]["state"], self.state["offer"] = "talking", None
            draft = {"kind": "claim", "fields": {"order_number": "4711", "cause": ""}}
            self.state["contact"] = {"id": "c1", "started_at": "t", "ended_at": None, "draft": draft}
        if path.endswith("/hang-up"):
            self.state["agent"]["state"] = "wrap_up"
            self.state["contact"]["ended_at"] = "t"
        if path.endswith("/case"):
            return 201, {"number": "100001"}
        return 200, {}


class Office:
    """A network with a desk and one representative who does what a script says."""

    def __init__(self, acts, password=PASSWORD):
        self.network = Network(START)
        self.page = DeskPage(self.network.now)
        (agent,) = read_script(f"call from anonymous to +18005550142\nagent ann {acts}").agents
        self.ann = brought(self.network, Desk(WsgiApp(self.page), "https://desk.example", lambda *_: password), agent)
        self.network.after_happening.append(self.ann.look)

    def at(self, second, **state):
        """Change what the desk shows at this second."""
        self.network.put(second, lambda: self.page.state.update(state))

    def after(self, seconds):
        self.network.advance(seconds)
        return [(second, path) for second, path, _ in self.page.posted]

    def told(self):
        return [entry.text for entry in self.network.trace if entry.data.get("who") == "ann"]


def test_a_representative_logs_in_and_is_ready():
    assert Office("answers after 12s").after(60) == [(0, "ready")]


def test_an_offer_is_accepted_after_as_long_as_the_script_says():
    office = Office("answers after 12s")
    office.at(5, offer=OFFER)
    assert office.after(60) == [(0, "ready"), (17, "offers/o1/accept")]


def test_an_offer_is_seen_with_what_the_caller_typed():
    office = Office("answers after 12s")
    office.at(5, offer=OFFER)
    office.after(60)
    assert office.told() == ["is ready", "sees: claim, order number 4711, waited 0:41", "accepts"]
    assert seen({"queue": "service", "waited_s": 125}) == "service, waited 2:05"


def test_an_offer_that_goes_away_too_early_is_not_accepted_but_the_next_one_is():
    office = Office("answers after 12s")
    office.at(5, offer=OFFER)
    office.at(10, offer=None)
    office.at(15, offer=OFFER | {"id": "o2"})
    assert office.after(60) == [(0, "ready"), (27, "offers/o2/accept")]
    assert "sees the offer go away" in office.told()


def test_all_acts_follow_each_other_in_order():
    office = Office(
        "\n  accept after 2s\n  log claim cause=slow after 3s\n  hang up after 10s\n  wrap up after 4s\n  pause lunch"
    )
    office.at(5, offer=OFFER)
    assert office.after(60) == [
        (0, "ready"),
        (7, "offers/o1/accept"),
        (10, "contacts/c1/case"),
        (20, "contacts/c1/hang-up"),
        (24, "wrap-up/end"),
        (24, "pause"),
    ]
    assert office.ann.done


def test_a_case_is_logged_over_what_the_form_was_filled_with():
    office = Office("\n  accept\n  log claim cause=slow")
    office.at(5, offer=OFFER)
    office.after(60)
    assert office.page.posted[-1][2] == {
        "kind": "claim",
        "fields": {"order_number": "4711", "cause": "slow"},
        "form": "ann-c1-1",
    }
    assert office.told()[-1] == "logs claim 100001"


def test_an_ignored_offer_runs_out_and_the_next_is_declined():
    office = Office("\n  ignore\n  decline after 2s")
    office.at(5, offer=OFFER)
    office.at(25, offer=None)
    office.at(30, offer=OFFER | {"id": "o2"})
    assert office.after(60) == [(0, "ready"), (32, "offers/o2/decline")]


def test_being_too_late_is_told_and_no_failure():
    office = Office("answers after 1s")
    office.page.refusals["offers/o1/accept"] = (409, {"error": "already taken"})
    office.at(5, offer=OFFER)
    office.after(60)
    assert office.told()[-1] == "wants to accept, but: already taken"


def test_a_form_that_is_refused_names_the_step_and_the_field():
    office = Office("\n  accept\n  log claim")
    office.page.refusals["contacts/c1/case"] = (422, {"error": "this must be filled", "field": "cause"})
    office.at(5, offer=OFFER)
    with pytest.raises(Refused, match=r"cannot log \(<script>:4\): the desk says 422: this must be filled \(cause\)"):
        office.after(60)


def test_a_wrong_password_is_told_at_once():
    with pytest.raises(Refused, match="ann cannot log in: the desk says 401"):
        Office("answers", password="wrong")
