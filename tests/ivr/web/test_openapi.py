"""The description of the doors for programs: sound OpenAPI 3.1, true of every body and of every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ivr.role import Role
from ivr.tokens import Tokens
from ivr.web.api.bodies import BODIES, NOTHING
from ivr.web.api.openapi import for_programs
from ivr.web.routes import ROUTES, Route
from tests.ivr.web.described import document, operation
from tests.ivr.web.desk_world import Seat, World

OPENAPI = Path(__file__).parents[2] / "vendor" / "openapi-3.1.schema.json"
CHANGES = [it for it in for_programs(ROUTES) if it.methods == ("POST",)]
LEFT_OUT = ("desk_api.log_in", "desk_api.log_out")
"""They end the session that the others are tried with; the desk's own tests have them."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def test_the_description_is_sound_openapi_and_each_of_its_schemas_sound_json_schema() -> None:
    faults = Draft202012Validator(json.loads(OPENAPI.read_text("utf-8"))).iter_errors(document())
    assert [f"{it.json_path}: {it.message[:200]}" for it in faults] == []
    schemas = list(found("schema", document())) + list(document()["components"]["schemas"].values())
    assert len(schemas) > 200
    for schema in schemas:
        Draft202012Validator.check_schema(schema)
    names = set(document()["components"]["schemas"])
    refs = {it.rpartition("/")[2] for it in found("$ref", document()) if isinstance(it, str)}
    assert refs == names, "every part is used, and none is missing"


def test_every_door_says_what_it_answers_and_how_it_refuses() -> None:
    for route in for_programs(ROUTES):
        said = operation(route, route.methods[0])["responses"]
        assert "200" in said, route.name
        for status, answer in said.items():
            assert answer["content"], (route.name, status)
            refusal = answer["content"].get("application/json", {}).get("schema")
            assert (status < "300") or "Error" in json.dumps(refusal), (route.name, status)


@pytest.mark.parametrize("route", [it for it in CHANGES if it.name not in LEFT_OUT], ids=lambda it: it.name)
def test_a_body_is_taken_as_it_is_described_and_no_other(shared: Shared, route: Route) -> None:
    body, path = BODIES.get(route.name, NOTHING), shared.filled(route, "x")
    good = {name: least(kind) for name, kind in body.must.items()}
    if body.one:
        good = {next(iter(body.may)): "x"}
    assert shared.refusal(path, {**good, "more": "x"}) == "there is no such field"
    for name in body.must:
        assert shared.refusal(path, {it: value for it, value in good.items() if it != name}) == "this is missing"
        assert "must be" in shared.refusal(path, {**good, name: None})
        if isinstance(body.must[name], int):
            assert shared.refusal(path, {**good, name: "x" * (body.must[name] + 1)}) == "this is too long"
    assert shared.refusal(path, good) not in ("there is no such field", "this is missing", "this is too long")


LOOKS = [it for it in for_programs(ROUTES) if it.methods == ("GET",) and it.name != "desk_mail.attachment"]


@pytest.mark.parametrize("route", LOOKS, ids=lambda it: it.name)
def test_every_door_that_only_looks_answers_as_it_is_described(shared: Shared, route: Route) -> None:
    seat = shared.seat.browser if route.least is Role.REPRESENTATIVE else shared.program
    headers = {} if seat is shared.seat.browser else {"Authorization": f"Bearer {shared.tokens[1]}"}
    query = {"number": "100001"} if route.name == "desk_api.cases" else {}
    with seat.get(shared.filled(route, "x"), headers=headers, query_string=query) as answer:
        assert answer.status_code == 200


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_asked_in_whatever_order_the_answer_fits_its_description(data: st.DataObject) -> None:
    anything_goes(data)


@pytest.mark.deep
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_asked_for_long_the_answer_fits_its_description(data: st.DataObject) -> None:
    anything_goes(data)


def anything_goes(data: st.DataObject) -> None:
    """A small floor, and programs that ask for anything: `described.hold` looks at each answer."""
    with TemporaryDirectory() as folder:
        shared = Shared(World(Path(folder)))
        try:
            for _ in range(24):
                shared.ask(data.draw)
        finally:
            shared.world.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    shared = Shared(World(tmp_path_factory.mktemp("shared")))
    yield shared
    shared.world.close()


class Shared:
    """A floor with two people, one who talks, one who waits, an order and a claim; and three programs."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seat = world.at_desk("claims-1")
        self.seat.post("ready")
        talks = world.caller_waits()
        self.seat.accepts()
        world.leg_answers(talks)
        world.caller_joins(talks)
        world.at_desk("claims-2").post("ready")
        waits = world.caller_waits(caller="+4930123456")
        order = {"deliver_to": "Ann", "items.1.article": "Pot", "items.1.price": "3,50"}
        logged = self.seat.browser.post(
            "/api/v1/cases",
            json={"kind": "order", "fields": order, "form": "f", "channel": "letter", "caller": "Ann", "note": "came"},
            headers={"X-CSRF-Token": self.seat.csrf},
        ).get_json()
        claim = {"order_number": "1", "cause": "other_price", "price_agreed": "20", "price_charged": "19,95"}
        self.seat.post(f"contacts/{talks}/case", kind="claim", fields=claim, form="g")
        self.known = {
            "contact": [talks, waits],
            "number": [logged["number"], "100002"],
            "offer": [it for seat in (self.seat,) if (offer := seat.state["offer"]) for it in (offer["id"],)],
            "hotline": ["acme"],
            "name": ["claims-2"],
            "recording": [world.message_is_left()],
            "what": ["cases", "calls", "contacts", "shifts"],
            "form": ["csv", "json"],
        }
        made = Tokens(world.store)
        self.tokens = [made.make(f"p {it}", it, "t")[1] for it in (Role.VIEWER, Role.SUPERVISOR)]
        self.program = world.app.wsgi.test_client()

    def filled(self, route: Route, other: str) -> str:
        """A route's address; `other` for ids that are not known here."""
        names = {name: (self.known.get(name) or [other])[0] for name in ("contact", "number", "hotline", "name")}
        path = route.path.replace("<int:number>", "1")
        for name in (*names, "offer", "recording", "what", "form"):
            path = path.replace(f"<{name}>", str(names.get(name) or (self.known.get(name) or [other])[0]))
        return path

    def refusal(self, path: str, sent: dict[str, Any]) -> str:
        """Why somebody who may do it is refused; empty when they are not."""
        seat = self.seat if path.startswith("/desk/") else None
        headers = {"X-CSRF-Token": seat.csrf} if seat else {"Authorization": f"Bearer {self.tokens[1]}"}
        browser = seat.browser if seat else self.program
        answer = browser.post(path, json=sent, headers=headers)
        assert answer.status_code < 500, answer.text
        return answer.get_json().get("error", "")

    def ask(self, draw: Any) -> None:
        """Ask for one thing, as drawn."""
        route = draw(st.sampled_from([it for it in for_programs(ROUTES) if it.name not in LEFT_OUT]))
        path = route.path.replace("<int:number>", "1")
        for name, known in self.known.items():
            if f"<{name}>" in path:
                path = path.replace(f"<{name}>", draw(st.sampled_from([*known, *known, "x", "100777"])))
        path = path.replace("<offer>", "x")
        who: Seat | None = draw(st.sampled_from([self.seat, self.seat, None]))
        headers = {"X-CSRF-Token": self.seat.csrf} if who else {}
        if who is None and (token := draw(st.sampled_from([*self.tokens, self.tokens[1], None]))):
            headers["Authorization"] = f"Bearer {token}"
        browser = who.browser if who else self.program
        if route.methods == ("GET",):
            with browser.get(path, headers=headers, query_string=draw(QUERY)) as answer:
                assert answer.status_code < 500, (path, answer.text)
            return
        body = BODIES.get(route.name, NOTHING)
        may = {name: kind for name, kind in body.may.items() if draw(st.booleans())}
        if body.one and body.may:
            name = draw(st.sampled_from(sorted(body.may)))
            may = {name: body.may[name]}
        sent = {name: draw(value(name, kind)) for name, kind in {**body.must, **may}.items()}
        answer = browser.post(path, json=sent, headers=headers)
        assert answer.status_code < 500, (path, sent, answer.text)


QUERY = st.fixed_dictionaries(
    {},
    optional={
        "text": st.sampled_from(["Pot", "x y", ""]),
        "state": st.sampled_from(["open", "settled", "gone"]),
        "order": st.sampled_from(["due", "newest", "x"]),
        "since": st.sampled_from(["2026-11-23", "x", ""]),
        "call": st.sampled_from(["CA1", "CA" + "0" * 32]),
        "number": st.sampled_from(["100001", "100002", "7", "x"]),
    },
)
LIKELY = {
    "kind": ["claim", "order", "doubt"],
    "channel": ["letter", "call", "visit"],
    "move": ["settle", "reopen", "wait_for_customer"],
    "owner": ["claims-1", "claims-2", ""],
    "agent": ["claims-1", "claims-2"],
    "queue": ["claims", "questions"],
    "into": ["100001", "100002"],
    "case": ["100001", "100002"],
    "due_at": ["2026-12-24", "2026-12-24T10:00:00+01:00"],
    "until": ["2026-11-25T18:00", "2027-11-25T18:00"],
    "in_min": ["15", "0"],
    "hotline": ["acme"],
    "reason": ["lunch"],
}
FIELDS = [
    {},
    {"order_number": "1", "cause": "too_slow"},
    {"deliver_to": "Ann", "items.1.article": "Pot"},
    {"note": "half a sen"},
    {"tree.yaml": "hotline: acme\n"},
]


def value(name: str, kind: Any) -> st.SearchStrategy[Any]:
    """What might be sent in a field: what is likely to fit, and anything else."""
    if kind is dict:
        return st.sampled_from(FIELDS) | st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2)
    if isinstance(kind, range):
        return st.integers(kind[0], kind[-1]) | st.text(max_size=3)
    return st.sampled_from(LIKELY.get(name, ["x"])) | st.text(max_size=8)


def least(kind: Any) -> Any:
    """The simplest value that a field takes."""
    return {} if kind is dict else kind[0] if isinstance(kind, range) else "x"


def found(name: str, it: Any) -> Iterator[Any]:
    """Everything that stands under this name, wherever it is."""
    if isinstance(it, dict):
        for key, value in it.items():
            if key == name:
                yield value
            yield from found(name, value)
    elif isinstance(it, list):
        for each in it:
            yield from found(name, each)
