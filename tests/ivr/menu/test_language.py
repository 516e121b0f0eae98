"""Reader, schema and reference say the same: they come from one description of the language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.menu.fault import Fault
from ivr.menu.hotline import examine
from ivr.menu.language.head import HOTLINE
from ivr.menu.language.reference import reference
from ivr.menu.language.schema import schema, schema_text
from ivr.menu.language.shape import Definitions, EitherOr, Group, Key, ListOf, Named, OneKind, Shape
from ivr.menu.reader import Entries, read_text
from tests.ivr.menu.editor import is_of_the_whole, schema_is_content, seen_by_an_editor, validator
from tests.ivr.menu.trees import hotline

HOUSE = Path(__file__).parents[3]
SAMPLES = [
    *sorted((HOUSE / "menus").rglob("*.yaml")),
    *sorted((HOUSE / "ivr/menu/template").glob("*.yaml")),
    *sorted((HOUSE / "tests/bad_menus").glob("*.yaml")),
]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", reference(), re.DOTALL)

BASE = {
    "hotline": "examples", "numbers": ["+1 800 555 0142", "+49 800 555 0142"], "languages": ["en", "de"],
    "start": "welcome", "transfer_numbers": ["+49 30 555 0100"],
}  # fmt: skip
SAID = {"en": "x", "de": "x"}
NODES: dict[str, Any] = {
    "operator": {"queue": "claims", "kind": "claim"},
    "claims": {"queue": "claims", "kind": "claim"},
    "welcome": {"menu": SAID, "options": {"1": {"label": SAID, "goto": "operator"}}},
    "order_number": {"ask": SAID, "into": "order_number", "digits": "6", "then": "claims"},
    "leave_message": {"record": SAID, "kind": "claim", "then": "goodbye"},
    "goodbye": {"end": SAID},
    "greeting": {"goto": "welcome"},
    "closed": {"goto": "leave_message"},
    "call_back": {"goto": "leave_message"},
    "survey": {"goto": "goodbye"},
}
SECTIONS: dict[str, dict[str, Any]] = {
    "nodes": NODES,
    "queues": {"claims": {"overflow": "leave_message"}},
    "hours": {"office": {"timezone": "Europe/Berlin"}},
    "surveys": {"short": {"intro": SAID, "questions": {"a": {"ask": SAID, "keys": "1..5"}}, "thanks": SAID}},
    "cases": {"claim": {"label": SAID}},
    "lists": {"regulars": ["+49 30 555 0123"]},
    "dispositions": {"settled": SAID, "call_again": SAID},
}


def around(example: str) -> str:
    """A hotline with everything that the examples speak of, except what this one gives itself."""
    root, _ = read_text("example.yaml", example)
    assert isinstance(root, Entries)
    given_here = {key.value: content for key, content in root.entries}
    rest = {name: value for name, value in BASE.items() if name not in given_here}
    for section, content in SECTIONS.items():
        written = given_here.get(section)
        own = {key.value for key, _ in written.entries} if isinstance(written, Entries) else set()
        rest[section] = {name: value for name, value in content.items() if name not in own}
    return json.dumps(rest, ensure_ascii=False)  # JSON is YAML, too


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_of_the_reference_can_be_used_as_it_stands(example: str) -> None:
    recordings = frozenset(re.findall(r"[a-z_]+\.wav", example))
    examined = examine({"base.yaml": around(example), "example.yaml": example}, "", recordings)
    assert examined.tree, "\n".join(map(str, examined.faults))
    assert not [fault for fault in examined.faults if fault.code != "S102"]
    assert schema_is_content(example)


def test_the_reference_in_the_docs_is_the_one_of_this_version() -> None:
    assert (HOUSE / "docs/menus.md").read_text("utf-8") == reference()


def test_the_schema_beside_the_menus_is_the_one_of_this_version() -> None:
    assert (HOUSE / "menus/hotline.schema.json").read_text("utf-8") == schema_text()


def test_the_schema_is_a_schema() -> None:
    validator().check_schema(schema())


def all_keys(shape: Shape, seen: set[int]) -> Iterator[tuple[Group, Key]]:
    if id(shape) in seen:
        return
    seen.add(id(shape))
    match shape:
        case Group():
            for key in shape.keys:
                yield shape, key
                yield from all_keys(key.shape, seen)
        case OneKind():
            for group in (*shape.kinds.values(), *([shape.otherwise] if shape.otherwise else [])):
                yield from all_keys(group, seen)
        case ListOf():
            yield from all_keys(shape.item, seen)
        case Named():
            yield from all_keys(shape.value, seen)
        case EitherOr():
            for each in (shape.text, shape.items, shape.entries):
                if each is not None:
                    yield from all_keys(each, seen)


KEYS = list(all_keys(HOTLINE, set()))


def test_every_key_is_explained_in_one_sentence_and_says_what_stands_there() -> None:
    assert len(KEYS) > 150
    for group, key in KEYS:
        assert re.fullmatch(r"[A-Z{`].*\.", key.meaning), (group.name, key.name)
        assert key.shape.takes() or key.name == "numbers", (group.name, key.name)


def test_every_key_is_in_the_schema_with_its_explanation() -> None:
    made = schema()
    assert made["properties"]["queues"]["additionalProperties"] == {"$ref": "#/$defs/queue"}
    for group, key in KEYS:
        properties = (made if group.name == "hotline" else made["$defs"][group.name])["properties"]
        assert properties[key.name]["description"] == key.meaning


def test_every_key_is_in_the_reference() -> None:
    page = reference()
    for _, key in KEYS:
        assert f"| `{key.name}` |" in page


def agree(content: str | bytes, faults: tuple[Fault, ...]) -> None:
    of_the_file = [fault for fault in faults if not is_of_the_whole(fault)]
    assert schema_is_content(content) == (not of_the_file), "\n".join(map(str, of_the_file))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_schema_and_reader_agree_on_a_sample(path: Path) -> None:
    content = path.read_bytes()
    if seen_by_an_editor(content) is None:
        return  # no YAML: an editor says so itself
    if path.parent.name == "bad_menus":
        agree(content, examine({"f.yaml": content}).faults)
    else:
        assert schema_is_content(content)


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2**32))
def test_schema_and_reader_agree_on_a_generated_hotline(seed: int) -> None:
    content = json.dumps(hotline(Random(seed)), ensure_ascii=False)  # noqa: S311 - dice for a test
    agree(content, examine({"f.yaml": content}).faults)


def test_a_schema_holds_no_group_twice() -> None:
    definitions: Definitions = {}
    HOTLINE.as_schema(definitions)
    groups = {id(group): group.name for group, _ in KEYS if group is not HOTLINE}
    assert len(set(groups.values())) == len(groups)
