"""OpenAPI: the description of every door for programs, made from the table of routes, the bodies and the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ivr.outbox import SIGNATURE
from ivr.role import Role
from ivr.web.api.answers import ANSWERS, DONE, FILES, PARTS, part, told
from ivr.web.api.bodies import BODIES, NOTHING, Body
from ivr.web.cases_ask import FILTERS
from ivr.web.routes import Kind, Route

VERSION = "1"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
FOR_PROGRAMS = ("/api/", "/desk/api/", "/metrics")
JSON = "application/json"
REFUSALS = {
    "404": "there is no such thing",
    "409": "the business says no",
    "422": "a field is wrong",
    "500": "something went wrong on our side",
}
SENT_REFUSALS = {"400": "not JSON", "413": "too much of it", "415": "not said to be JSON"}
QUERIES: Mapping[str, tuple[str, ...]] = {
    "cases_api.search": (*FILTERS, "order", "before"),
    "desk_api.cases": ("call", "number"),
    "exports.file": ("since", "until", "separator", "bom"),
}
"""What may stand behind the question mark of an address."""


def for_programs(routes: Iterable[Route]) -> list[Route]:
    """The routes that are described: those that answer programs; events are a stream and no answer."""
    return [it for it in routes if it.kind in (Kind.JSON, Kind.FILE) and it.path.startswith(FOR_PROGRAMS)]


def described(routes: Iterable[Route], server: str) -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in for_programs(routes):
        for method in route.methods:
            path = PARAMETER.sub(r"{\1}", route.path)
            paths.setdefault(path, {})[method.lower()] = _operation(route, method)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dialtree", "version": VERSION, "description": "Tokens are made on the page Settings."},
        "servers": [{"url": server}],
        "paths": paths,
        "webhooks": {kind: {"post": _webhook(kind, schema)} for kind, schema in told().items()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": dict(PARTS),
        },
    }


def _operation(route: Route, method: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": route.name.replace(".", "_"),
        "summary": route.what,
        "tags": [route.area],
        "x-least-role": str(route.least),
        "responses": dict(sorted({**_answers(route), **_refusals(route, method)}.items())),
    }
    text = {"schema": {"type": "string"}}
    asked = [{"name": it, "in": "path", "required": True, **text} for it in PARAMETER.findall(route.path)]
    asked += [{"name": it, "in": "query", **text} for it in QUERIES.get(route.name, ())]
    if asked:
        made["parameters"] = asked
    if method == "POST":
        body = BODIES.get(route.name, NOTHING)
        content = {JSON: {"schema": schema_of(body)}}
        made["requestBody"] = {"required": bool(body.must or body.one), "content": content}
    if route.least is not Role.NOBODY:
        made["security"] = [{"token": []}]
    return made


def _answers(route: Route) -> dict[str, Any]:
    if route.name in FILES:
        content = {form: {"schema": {}} for form in FILES[route.name]}
        return {"200": {"description": "the file", "content": content}}
    shapes = {"200": DONE, **ANSWERS.get(route.name, {})}
    words = {"200": "done", "201": "made"}
    return {
        status: {"description": words.get(status, REFUSALS.get(status, "")), "content": {JSON: {"schema": shape}}}
        for status, shape in shapes.items()
    }


def _refusals(route: Route, method: str) -> dict[str, Any]:
    known = dict(REFUSALS)
    if method == "POST":
        known |= SENT_REFUSALS
    if route.least is not Role.NOBODY:
        known |= {"401": "no token, or none that is good", "403": f"this is for a {route.least}"}
    if route.name == "desk_api.log_in":
        known |= {"401": "wrong", "403": "from another site's page", "429": "too many tries"}
    error = {JSON: {"schema": part("Error")}}
    stated = ANSWERS.get(route.name, {})
    return {status: {"description": said, "content": error} for status, said in known.items() if status not in stated}


def _webhook(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": kind.replace(".", "_"),
        "parameters": [{"name": SIGNATURE, "in": "header", "required": True, "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
        "responses": {"2XX": {"description": "taken; anything else is tried again"}},
    }


def schema_of(body: Body) -> dict[str, Any]:
    """What may be sent, as JSON Schema."""
    properties = {name: _field(kind) for name, kind in {**body.must, **body.may}.items()}
    made: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if body.must:
        made["required"] = list(body.must)
    return made | ({"minProperties": 1, "maxProperties": 1} if body.one else {})


def _field(kind: Any) -> dict[str, Any]:
    if kind is dict:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if isinstance(kind, range):
        return {"type": "integer", "minimum": kind[0], "maximum": kind[-1]}
    return {"type": "string", "maxLength": kind}
