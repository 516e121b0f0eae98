"""Export: rows as CSV that a spreadsheet opens and nobody's text can turn into a formula, or as JSON, bit by bit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

ROWS_MAX = 200_000
"""Of one export; whoever needs more takes a shorter time, several times."""

BOM = "\ufeff"
SEPARATORS = {",": ".", ";": ","}
"""Each separator with the decimal mark that goes with it: German and Serbian spreadsheets expect `;` and `12,50`."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FLUSH_ROWS = 200


def as_csv(
    columns: Sequence[str], rows: Iterable[dict[str, Any]], *, separator: str = ",", bom: bool = False
) -> Iterator[str]:
    """The rows as CSV (RFC 4180), heading first; `bom` tells old spreadsheets that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    out.write(BOM if bom else "")
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([cell(row.get(column), SEPARATORS[separator]) for column in columns])
        if number % FLUSH_ROWS == 0:
            yield _taken(out)
    yield _taken(out)


def as_json(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The rows as a JSON array of objects; amounts are texts, exact."""
    yield "["
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False, default=str)
    yield "\n]\n"


def cell(value: Any, decimal_mark: str = ".") -> str:
    """One value in a cell. A text that a spreadsheet would take for a formula gets a `'` in front; numbers, which are
    ours, never."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return (format(value, "f") if isinstance(value, Decimal) else str(value)).replace(".", decimal_mark)
    text = str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
