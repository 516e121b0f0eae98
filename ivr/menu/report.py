"""Report: faults told to people (text) and to other programs (json, github, junit, sarif), in one of our languages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree

from ivr.menu.fault import Fault, Severity
from ivr.menu.told import counted

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
TOOL = "dialtree"
GITHUB_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "advice": "notice"}
SARIF_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "advice": "note"}


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one hotline; `closing` is the line that people read last."""

    hotline: str
    faults: tuple[Fault, ...]
    closing: str = ""


def text(reports: Sequence[Report], language: str) -> str:
    """Every fault with its line and a caret, and a closing line a hotline."""
    lines = []
    for report in reports:
        lines += [fault.shown(language) for fault in report.faults]
        lines += [report.closing] if report.closing else []
    return "\n".join(lines)


def as_json(reports: Sequence[Report], language: str) -> str:
    """A list of faults, one object each, with its place, severity, code, message, hint, line as written and hotline."""
    found = [
        {
            "hotline": report.hotline,
            "file": fault.place.file,
            "line": fault.place.line,
            "column": fault.place.column,
            "end_column": fault.end_column,
            "severity": fault.severity,
            "code": fault.code,
            "message": fault.message,
            "hint": fault.hint,
            "source": fault.line,
        }
        for report, fault in _told(reports, language)
    ]
    return json.dumps(found, ensure_ascii=False, indent=2)


def github(reports: Sequence[Report], language: str) -> str:
    """Workflow commands, which GitHub shows beside the lines of a change."""
    lines = []
    for _, fault in _told(reports, language):
        properties = {
            "file": fault.place.file,
            "line": fault.place.line,
            "endLine": fault.place.line,
            "col": fault.place.column,
            "endColumn": fault.end_column,
            "title": fault.code,
        }
        listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        lines.append(f"::{GITHUB_LEVELS[fault.severity]} {listed}::{_data(_sentence(fault))}")
    return "\n".join(lines)


def junit(reports: Sequence[Report], language: str) -> str:
    """One suite a hotline, one case a file with faults; errors are failures, all else is told beside them."""
    suites = ElementTree.Element("testsuites", name=TOOL)
    for report in reports:
        faults = [fault.in_language(language) for fault in report.faults]
        files = {file: list(group) for file, group in groupby(faults, key=lambda fault: fault.place.file)}
        files = files or {report.hotline: []}
        failed = sum(any(fault.severity == "error" for fault in found) for found in files.values())
        counts = {"tests": str(len(files)), "failures": str(failed), "errors": "0"}
        suite = ElementTree.SubElement(suites, "testsuite", {"name": _xml(report.hotline), **counts})
        for file, found in files.items():
            case = ElementTree.SubElement(suite, "testcase", {"name": _xml(file), "classname": _xml(report.hotline)})
            errors = [fault for fault in found if fault.severity == "error"]
            if errors:
                failure = ElementTree.SubElement(case, "failure", {"message": _xml(errors[0].message), "type": "error"})
                failure.text = _xml("\n".join(fault.shown(language) for fault in errors))
            if others := [fault.shown(language) for fault in found if fault.severity != "error"]:
                ElementTree.SubElement(case, "system-out").text = _xml("\n".join(others))
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suites, encoding="unicode")


def sarif(reports: Sequence[Report], language: str) -> str:
    """SARIF 2.1.0, which code scanning services read."""
    found = [fault for _, fault in _told(reports, language)]
    rules = sorted({fault.code for fault in found})
    results = [
        {
            "ruleId": fault.code,
            "ruleIndex": rules.index(fault.code),
            "level": SARIF_LEVELS[fault.severity],
            "message": {"text": _sentence(fault)},
            "locations": [{"physicalLocation": _location(fault)}],
        }
        for fault in found
    ]
    driver = {"name": TOOL, "rules": [{"id": code} for code in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


FORMATS: Mapping[str, Callable[[Sequence[Report], str], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "junit": junit,
    "sarif": sarif,
}


def count(faults: Sequence[Fault], severity: Severity, language: str) -> str:
    """How many faults of a severity there are, in words: "1 error", "2 warnings"."""
    return counted(f"count.{severity}", sum(fault.severity == severity for fault in faults), language)


def _told(reports: Sequence[Report], language: str) -> list[tuple[Report, Fault]]:
    return [(report, fault.in_language(language)) for report in reports for fault in report.faults]


def _sentence(fault: Fault) -> str:
    return f"{fault.message} ({fault.hint})" if fault.hint else fault.message


def _location(fault: Fault) -> dict[str, object]:
    line = fault.place.line
    region = {"startLine": line, "startColumn": fault.place.column, "endColumn": fault.end_column}
    return {"artifactLocation": {"uri": _uri(fault.place.file)}, "region": region}


def _uri(file: str) -> str:
    return re.sub(r"[^A-Za-z0-9._~/-]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), file)


def _xml(words: str) -> str:
    return NOT_IN_XML.sub("?", words)


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")
