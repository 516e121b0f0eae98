"""Schema: the language as JSON Schema, for editors that complete, explain and underline while a hotline is written."""

from __future__ import annotations

import json
from typing import Any

from ivr.menu.language.head import HOTLINE
from ivr.menu.language.shape import Definitions

MODELINE = "# yaml-language-server: $schema={}"
"""The first line of a file that tells an editor where the schema is."""

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema of one file of a hotline. Nothing is required at the top: the rest may stand in other files."""
    definitions: Definitions = {}
    top = HOTLINE.as_schema(definitions)
    top.pop("required", None)
    top["type"] = ["object", "null"]  # a file that holds only comments is no fault
    return {"$schema": DRAFT, "title": "Dialtree hotline", **top, "$defs": definitions}


def schema_text() -> str:
    """The schema as it is kept in a file."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
