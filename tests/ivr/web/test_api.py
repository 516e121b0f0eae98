"""The doors for programs: by token and role, described by OpenAPI, and telling the same as the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from ivr.role import Role
from ivr.tokens import Tokens
from tests.ivr.web.desk_world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


class Program:
    """A program with a token."""

    def __init__(self, world: World, role: Role) -> None:
        self.browser: FlaskClient = world.app.wsgi.test_client()
        self.headers = {"Authorization": f"Bearer {Tokens(world.store).make('crm', role, 'ada')[1]}"}

    def get(self, path: str) -> Any:
        return self.browser.get(path, headers=self.headers)

    def post(self, path: str, **sent: Any) -> Any:
        return self.browser.post(path, headers=self.headers, json=sent)


def test_a_program_sees_what_its_token_s_role_may_see(world: World) -> None:
    viewer, nobody = Program(world, Role.VIEWER), world.app.wsgi.test_client()
    assert viewer.get("/api/v1/floor").status_code == 200
    assert viewer.get("/metrics").status_code == 200
    assert viewer.get("/api/v1/agents").status_code == 403
    assert viewer.post("/api/v1/agents/claims-1/log-out").status_code == 403
    assert [nobody.get(path).status_code for path in ("/api/v1/floor", "/metrics", "/api/v1/agents")] == [401] * 3
    assert nobody.get("/api/v1/openapi.json").status_code == 200


def test_the_floor_and_the_metrics_tell_who_waits_and_for_how_long(world: World) -> None:
    crm = Program(world, Role.SUPERVISOR)
    world.at_desk()
    contact = world.caller_waits()
    world.later(12)
    claims = next(it for it in crm.get("/api/v1/floor").get_json()["queues"] if it["queue"] == "claims")
    assert (claims["waiting"], claims["longest_wait_s"]) == (1, 12.0)
    assert 'dialtree_queue_longest_wait_s{queue="claims"} 12\n' in crm.get("/metrics").text
    assert 'dialtree_agents{state="paused"} 1\n' in crm.get("/metrics").text
    assert [it["contact"] for it in crm.get("/api/v1/waiting").get_json()["waiting"]] == [contact]
    assert crm.post(f"/api/v1/waiting/{contact}/assign", agent="claims-1").status_code == 200
    assert crm.post(f"/api/v1/waiting/{contact}/assign", agent="claims-1", and_="more").status_code == 422
    world.caller_hangs_up(contact)
    assert 'dialtree_contacts_ended_24h{queue="claims",outcome="abandoned"} 1\n' in crm.get("/metrics").text


def test_a_case_that_a_program_logs_is_for_somebody_to_take(world: World) -> None:
    crm = Program(world, Role.SUPERVISOR)
    claim = {"order_number": "47110815", "cause": "too_slow"}
    logged = crm.post(
        "/api/v1/cases", kind="claim", fields=claim, form="f-1", channel="letter", caller="Ann"
    ).get_json()
    assert (logged["owner"], logged["created_by"]) == (None, "token:crm")


def test_a_program_publishes_what_replaces_the_version_it_knows(world: World) -> None:
    crm = Program(world, Role.SUPERVISOR)
    now = crm.get("/api/v1/hotlines/acme").get_json()
    files = {**now["files"], "more.yaml": "# nothing\n"}
    broken = {**files, "tree.yaml": files["tree.yaml"].replace("goto: ", "goto: nowhere_", 1)}
    assert crm.post("/api/v1/hotlines/acme/check", files=broken).get_json()["usable"] is False
    assert crm.post("/api/v1/hotlines/acme/publish", files=broken, expects=now["version"]).status_code == 422
    made = crm.post("/api/v1/hotlines/acme/publish", files=files, expects=now["version"])
    assert (made.status_code, crm.get("/api/v1/hotlines").get_json()["hotlines"][0]["version"]) == (
        200,
        made.get_json()["version"],
    )
    assert crm.post("/api/v1/hotlines/acme/publish", files=now["files"], expects=now["version"]).status_code == 409
    assert crm.get("/api/v1/hotlines/ghost").status_code == 404


def test_the_description_names_every_door_for_programs_and_nothing_else(world: World) -> None:
    told = world.app.wsgi.test_client().get("/api/v1/openapi.json").get_json()
    rules = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in world.app.wsgi.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/desk/api/", "/metrics")) and not rule.rule.endswith("/events")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    operations = {(path, method) for path, its in told["paths"].items() for method in its}
    assert operations == rules
    ids = [it["operationId"] for its in told["paths"].values() for it in its.values()]
    assert len(ids) == len(set(ids))
    for path, its in told["paths"].items():
        for it in its.values():
            named = {p["name"] for p in it.get("parameters", []) if p["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), path
            assert ("security" in it) == (it["x-least-role"] != "nobody"), path


def test_a_program_gives_a_head_start_to_somebody_who_waits(world: World) -> None:
    crm = Program(world, Role.SUPERVISOR)
    world.at_desk()
    first, second = world.caller_waits(), world.caller_waits(caller="+4930123456")
    assert [it["contact"] for it in crm.get("/api/v1/waiting").get_json()["waiting"]] == [first, second]
    assert crm.post(f"/api/v1/waiting/{second}/head-start", head_start_s=600).get_json() == {}
    now = crm.get("/api/v1/waiting").get_json()["waiting"]
    assert [(it["contact"], it["head_start_s"]) for it in now] == [(second, 600), (first, 0)]
    for wrong in ("600", 86_401, 1.5, True, None):
        refused = crm.post(f"/api/v1/waiting/{second}/head-start", head_start_s=wrong)
        assert (refused.status_code, refused.get_json()["field"]) == (422, "head_start_s"), wrong
    assert crm.post("/api/v1/waiting/ghost/head-start", head_start_s=1).status_code == 404
    assert Program(world, Role.REPRESENTATIVE).post(f"/api/v1/waiting/{second}/head-start").status_code == 403


def test_a_program_puts_the_emergency_switch_on_until_a_time_and_off(world: World) -> None:
    crm = Program(world, Role.SUPERVISOR)

    def until() -> str | None:
        return crm.get("/api/v1/hotlines").get_json()["hotlines"][0]["emergency_until"]

    for wrong in ("2026-11-24T08:00", "2027-11-24T08:00", "soon", ""):
        refused = crm.post("/api/v1/hotlines/acme/emergency", until=wrong)
        assert (refused.status_code, refused.get_json()["field"], until()) == (422, "until", None), wrong
    assert crm.post("/api/v1/hotlines/acme/emergency", until="2026-11-24T18:00").status_code == 200
    assert until() == "2026-11-24T17:00:00+00:00"  # in Berlin's winter
    assert [crm.post("/api/v1/hotlines/acme/emergency/off").status_code for _ in range(2)] == [200, 200]
    assert until() is None
    assert crm.post("/api/v1/hotlines/ghost/emergency", until="2026-11-24T18:00").status_code == 404
    assert crm.post("/api/v1/hotlines/ghost/emergency/off").status_code == 404
    with world.store.look() as tx:
        switched = [row.what for row in tx.audit.latest(10) if row.what.startswith("emergency")]
    assert switched == ["emergency off", "emergency on"]
