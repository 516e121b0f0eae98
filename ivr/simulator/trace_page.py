"""Trace page: a trace as one page that needs nothing else - no server, no network, no third party."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from ivr.simulator.script.wire_told import pretty

PAGES = Path(__file__).parent / "pages"


def page(lines: Sequence[Mapping[str, Any]], masked: bool = False) -> str:
    """The page. What was said and answered stands in it as data, and the page's own script writes it as text only."""
    style, script = ((PAGES / name).read_text("utf-8") for name in ("trace.css", "trace.js"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'"
    )
    data = json.dumps({"lines": [_with_pretty(line) for line in lines], "masked": masked}, ensure_ascii=False)
    filled = {
        "POLICY": escape(policy, quote=True),
        "TITLE": escape(str(lines[0].get("title", "")) if lines else ""),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"),
        "PLAIN": escape("\n".join(f"{line['at']:>9.3f}  {line.get('told', '')}" for line in lines if "at" in line)),
    }
    parts = (PAGES / "trace.html").read_text("utf-8").split("@@")  # text, name, text, name ... text
    return "".join(filled[part] if odd else part for part, odd in zip(parts, _alternating(len(parts)), strict=True))


def _with_pretty(line: Mapping[str, Any]) -> Mapping[str, Any]:
    """The line; in a webhook's, the answer also with one tag a line."""
    if not isinstance(exchange := line.get("exchange"), Mapping):
        return line
    return {**line, "exchange": {**exchange, "pretty": "\n".join(pretty(str(exchange.get("answer", ""))))}}


def _alternating(count: int) -> list[bool]:
    return [bool(index % 2) for index in range(count)]


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
