"""Report: how call scripts went, for machines and for a page of a CI system: JUnit, JSON, Markdown."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from ivr.simulator.script.result import Result

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Sequence[Result]) -> bytes:
    """The report that CI systems read: one testcase a script; failure and error apart."""
    counts = {
        "tests": str(len(results)),
        "failures": str(sum(bool(result.failure) and not result.error for result in results)),
        "errors": str(sum(bool(result.error) for result in results)),
        "time": f"{sum(result.took_s for result in results):.3f}",
    }
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(suites, "testsuite", {"name": "call scripts"} | counts)
    for result in results:
        folder, _, name = result.file.rpartition("/")
        about = {"classname": folder.replace("/", ".") or "calls", "name": name, "time": f"{result.took_s:.3f}"}
        case = ET.SubElement(suite, "testcase", about)
        if problem := result.error or result.failure:
            told = ET.SubElement(case, "error" if result.error else "failure", message=_clean(problem.splitlines()[0]))
            told.text = _clean(problem)
        ET.SubElement(case, "system-out").text = _clean("\n".join([*result.transcript, *result.notes]))
    ET.indent(suites)
    return ET.tostring(suites, encoding="utf-8", xml_declaration=True)


def as_json(results: Sequence[Result]) -> str:
    """Everything that is known of each, and the counts."""
    told = [
        {
            "file": result.file,
            "outcome": result.outcome,
            "why": result.error or result.failure,
            "line": result.failed_at.line if result.failed_at else None,
            "notes": list(result.notes),
            "transcript": list(result.transcript),
            "trace": result.trace or None,
            "took_s": round(result.took_s, 3),
        }
        for result in results
    ]
    return json.dumps({"counts": counts(results), "scripts": told}, ensure_ascii=False, indent=1)


def markdown(results: Sequence[Result]) -> str:
    """A summary for people: a table, and below it why each failed one failed."""
    lines = ["### Call scripts", "", summary(results), "", "| script | went | first line |", "|---|---|---|"]
    for result in results:
        why = (result.error or result.failure).splitlines()
        lines.append(f"| {_cell(result.file)} | {result.outcome} | {_cell(why[0]) if why else ''} |")
    for result in results:
        if not result.passed:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", result.error or result.failure)), default=0))
            lines += ["", f"#### {_cell(result.file)}", fence, result.error or result.failure, fence]
    return "\n".join(lines) + "\n"


def counts(results: Sequence[Result]) -> dict[str, int]:
    """How many went how."""
    return {word: sum(result.outcome == word for result in results) for word in ("fine", "failed", "error")}


def summary(results: Sequence[Result]) -> str:
    """The closing line."""
    went = counts(results)
    return f"{went['fine']} fine, {went['failed']} failed, {went['error']} could not be played"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
