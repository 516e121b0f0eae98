"""Stubbed: what a call script says in place of the systems that our own hotline looks things up in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from ivr.fetch import NotFetched, fetch_json
from ivr.simulator.script.steps import Stub

OK = 200


def look_up(stubs: Sequence[Stub]) -> Callable[[str, float, bool], Any]:
    """Answers as `stubs` say, and nothing else; without stubs other systems are really asked."""
    if not stubs:
        return fetch_json
    answers = {stub.url: stub for stub in stubs}

    def asked(url: str, _budget_s: float, _loopback: bool = False) -> Any:
        stub = answers.get(url)
        if stub is None:
            raise NotFetched("the script answers nothing there")
        if stub.status != OK:
            raise NotFetched(f"the script answers {stub.status}")
        try:
            return json.loads(stub.body)
        except ValueError as error:
            raise NotFetched("the script's answer is no JSON") from error

    return asked
