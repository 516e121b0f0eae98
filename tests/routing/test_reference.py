"""The distributor decides as the reference model does, decision by decision, on random histories."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from tests.routing.compared import Compared

DEEP = os.environ.get("DIALTREE_DEPTH") == "deep"
SEEDS = range(600 if DEEP else 16)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_distributor_decides_as_the_reference_does(seed):
    Compared(seed, contacts=60).run()


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_so_it_does_in_the_database(seed):
    Compared(seed, contacts=15, on="sql").run()


def test_the_reference_is_short_enough_to_be_seen_to_be_right():
    source = Path(__file__).with_name("reference.py").read_text("utf-8")
    tree = ast.parse(source)
    said = [node.body[0] for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    words = {line for node in said if isinstance(node, ast.Expr) for line in range(node.lineno, node.end_lineno + 1)}
    lines = enumerate(source.splitlines(), 1)
    code = [line for number, line in lines if number not in words and line.strip() and not line.strip().startswith("#")]
    assert len(code) <= 300
