"""What an editor sees of a hotline's files: unquoted words as numbers and truth values, and the schema over them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator

from ivr.menu.fault import Fault
from ivr.menu.language.schema import schema
from ivr.menu.reader import Entries, Items, Text, Written, read_text

OF_THE_WHOLE = re.compile(
    # What a schema of one file cannot know: other files, names given elsewhere, dates, what several entries mean
    # together, and what YAML itself would not have let pass.
    r"Y0(0[1-7]|09|1[1-6]|2[1247])|Y000\.stuck|S10[1-4]|S111|S12[13]|S131$|S13[236-9]|K203|K209\.order|K21[3-6]|P21[46]|P224"
    r"|L301\.(each|lacking)|L309\.twice|L310|Q406|Q41[1236-9]|Q42[012]|H50[1237]|H508\.no_such|H514|N604|N612|V711\.order|V71[346]"
)


def seen_by_an_editor(content: str | bytes) -> Any:
    """The file's content as JSON, unquoted words taken as YAML 1.2's core types; None when it cannot be read."""
    root, source = read_text("f.yaml", content)
    return None if root is None or source.faults else _json(root)


def _json(written: Written) -> Any:
    if isinstance(written, Entries):
        return {key.value: _json(value) for key, value in written.entries}
    if isinstance(written, Items):
        return [_json(item) for item in written.items]
    return _word(written) if written.plain else written.value


def _word(text: Text) -> Any:
    word = text.value
    if word in ("", "~", "null"):
        return None
    if word in ("true", "false"):
        return word == "true"
    if re.fullmatch(r"[-+]?[0-9]+", word) and len(word) < 30:
        return int(word)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", word) and len(word) < 30:
        return float(word)
    return word


@lru_cache(maxsize=1)
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def schema_is_content(content: str | bytes) -> bool:
    """Whether an editor would underline nothing."""
    return validator().is_valid(seen_by_an_editor(content))


def is_of_the_whole(fault: Fault) -> bool:
    """Whether it is a fault that no schema of a single file can see."""
    return fault.severity != "error" or OF_THE_WHOLE.match(fault.said.key if fault.said else fault.code) is not None
