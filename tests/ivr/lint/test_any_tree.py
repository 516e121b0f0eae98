"""Whatever hotline somebody writes: looking at it breaks nothing, and every finding can be said in every language."""

from __future__ import annotations

import json
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.lint.rule import RULES, UNKNOWN
from ivr.lint.run import lint_hotline
from ivr.lint.subject import Subject
from ivr.menu.reader import Entries
from ivr.menu.told import LANGUAGES, told
from ivr.menu.tree import Tree
from tests.ivr.any_tree import trees
from tests.ivr.menu.trees import hotline


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees())
def test_every_rule_can_look_at_every_tree(tree: Tree) -> None:
    subject = Subject(tree, Entries((), UNKNOWN.place), {})  # as if nobody had written it
    for rule in RULES.values():
        for finding in rule.look(subject, rule.limits_in("accessible")) if rule.look else ():
            key = f"{rule.id}.{finding.variant}" if finding.variant else rule.id
            values = {name: str(value) for name, value in finding.values.items()}
            assert all(told(key, language, values) for language in LANGUAGES)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_drafts_full_of_faults_are_looked_at_as_far_as_they_go(seed: int) -> None:
    content = json.dumps(hotline(Random(seed)), ensure_ascii=False)  # noqa: S311 - dice for a test
    linted = lint_hotline({"f.yaml": content}, profile="accessible")
    assert all(fault.shown(language) for fault in linted.faults for language in LANGUAGES)
