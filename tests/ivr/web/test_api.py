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
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
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
            assert {p["name"] for p in it.get("parameters", [])} == set(re.findall(r"{(\w+)}", path)), path
            assert ("security" in it) == (it["x-least-role"] != "nobody"), path
