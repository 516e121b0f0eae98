"""Result: how one call script went, and all results as a JUnit report."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.simulator.script.steps import Place

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Result:
    """How a script went: `failure` is what did not happen as it says, `error` why it could not be run at all.

    `notes` are oddities of the app that are no failure. `failed_at` is the step that failed, `heard` what was said
    instead; `trace` is the file that the trace was kept in.
    """

    file: str
    transcript: tuple[str, ...] = ()
    failure: str = ""
    error: str = ""
    took_s: float = 0.0
    notes: tuple[str, ...] = ()
    failed_at: Place | None = None
    heard: tuple[str, ...] = ()
    trace: str = ""

    @property
    def passed(self) -> bool:
        """Everything happened as the script says."""
        return not self.failure and not self.error


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
        ET.SubElement(case, "system-out").text = _clean("\n".join(result.transcript))
    ET.indent(suites)
    return ET.tostring(suites, encoding="utf-8", xml_declaration=True)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
