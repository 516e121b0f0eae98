"""Described: whatever a door for programs answers, in any test, is held against what OpenAPI says that it answers."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
from flask import Flask, Response, g, request
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from ivr.web.api.openapi import PARAMETER, described
from ivr.web.routes import ROUTES, Route

ANSWERED: Counter[tuple[str, int]] = Counter()
"""How often each route answered with each status, as far as it was looked at here."""


@cache
def document() -> dict[str, Any]:
    """The description, as a program gets it."""
    return json.loads(json.dumps(described(ROUTES, "http://localhost")))


@cache
def operation(route: Route, method: str) -> dict[str, Any] | None:
    """What is said of one door; None for those that are no program's."""
    return document()["paths"].get(PARAMETER.sub(r"{\1}", route.path), {}).get(method.lower())


@cache
def validator(route: Route, method: str, status: str) -> Draft202012Validator:
    """What the JSON of an answer is held against."""
    its = operation(route, method)["responses"][status]["content"]["application/json"]["schema"]
    whole = {**its, "components": document()["components"]}
    return validator_for(whole, Draft202012Validator)(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)


def hold(app: Flask) -> None:
    """Hold every answer of this application against the description; what does not fit fails the test that asked."""
    app.after_request(_fits)


def _fits(response: Response) -> Response:
    route = g.get("route")
    if route is not None and (said := operation(route, request.method)):
        status = str(response.status_code)
        ANSWERED[route.name, response.status_code] += 1
        if response.status_code not in (206, 304):
            _hold(route, status, said["responses"], response)
    return response


def _hold(route: Route, status: str, known: dict[str, Any], response: Response) -> None:
    if status not in known:
        pytest.fail(f"{route.name} answers {status}: {response.get_data(as_text=True)[:200]}")
    if response.mimetype not in known[status]["content"]:
        pytest.fail(f"{route.name} answers {status} with {response.mimetype}")
    if response.mimetype == "application/json" and not response.is_streamed:
        for error in validator(route, request.method, status).iter_errors(response.get_json()):
            place = re.sub(r"^\$", route.name, error.json_path)
            pytest.fail(f"{place} ({status}): {error.message[:400]}")
