"""OpenAPI: the description of every door for programs, made from the table of routes and the shapes of what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ivr.role import Role
from ivr.web.routes import Kind, Route

VERSION = "1"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
REFUSALS = {
    "400": "not JSON",
    "404": "there is no such thing",
    "409": "the business says no",
    "422": "a field is wrong",
}

Shapes = Mapping[str, Mapping[str, Any]]
"""By route: each field that is sent, and its length at most, or `dict` for an object of texts."""


def described(routes: Iterable[Route], shapes: Shapes, server: str) -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        if route.kind not in (Kind.JSON, Kind.FILE) or not route.path.startswith(("/api/", "/desk/api/", "/metrics")):
            continue
        for method in route.methods:
            path = PARAMETER.sub(r"{\1}", route.path)
            paths.setdefault(path, {})[method.lower()] = _operation(route, method, shapes.get(route.name))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dialtree", "version": VERSION, "description": "Tokens are made on the page Settings."},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": _object({"error": 200, "field": 64, "hint": 200}, required=("error",))},
        },
    }


def _operation(route: Route, method: str, shape: Mapping[str, Any] | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": route.name.replace(".", "_"),
        "summary": route.what,
        "tags": [route.area],
        "x-least-role": str(route.least),
        "responses": {"200": {"description": "done"}, **_refusals(route)},
    }
    names = PARAMETER.findall(route.path)
    if names:
        made["parameters"] = [
            {"name": it, "in": "path", "required": True, "schema": {"type": "string"}} for it in names
        ]  # fmt: skip
    if method == "POST" and shape:
        content = {"application/json": {"schema": _object(shape, required=tuple(shape))}}
        made["requestBody"] = {"required": True, "content": content}
    if route.least is not Role.NOBODY:
        made["security"] = [{"token": []}]
    return made


def _refusals(route: Route) -> dict[str, Any]:
    known = dict(REFUSALS)
    if route.least is not Role.NOBODY:
        known |= {"401": "no token, or none that is good", "403": f"this is for a {route.least}"}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": said, "content": error} for status, said in sorted(known.items())}


def _object(shape: Mapping[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    properties = {name: _field(kind) for name, kind in shape.items()}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _field(kind: Any) -> dict[str, Any]:
    if kind is dict:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    return {"type": "string", "maxLength": kind}
