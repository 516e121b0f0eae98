"""Editor: a hotline's files written on the page, checked as they are typed, compared, and published - or dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for

from ivr.accounts import Session
from ivr.editing import FILE, NOBODY_WRITES, Editing, fault_of, moment_there, office_zone
from ivr.manuscript import Manuscript
from ivr.menu.fault import Fault
from ivr.menu.hotline import HOTLINE_BYTES_MAX, Examined
from ivr.menu.tree import Tree
from ivr.view.plan.change import sentence, subject_text
from ivr.view.plan.made import plan
from ivr.view.plan.report import closing
from ivr.web.supervisor.asked import by, number, status_of, text, told
from ivr.web.supervisor.menus import absent, in_script, reader_language
from routing.refusal import Refused

FILE_FIELD = "file."
"""What the fields of files begin with: `file.tree.yaml`."""

EDITIONS_MAX = 10**9
BROKEN_FIRST = ("error", "warning", "advice")


class EditorPages:
    """One view a method."""

    def __init__(self, editing: Editing, clock: Callable[[], datetime]) -> None:
        self._editing, self._clock = editing, clock

    def begin(self, session: Session, hotline: str) -> Any:
        """POST /menus/HOTLINE/begin {version}: edit what is live, or an older version."""
        no = self._editing.begin(by(session), hotline, text("version"))
        if no is not None and self._editing.manuscript(hotline) is None:
            return absent()
        return redirect(url_for("editor.page", hotline=hotline), 303)

    def page(self, session: Session, hotline: str) -> Any:
        """GET /menus/HOTLINE/edit"""
        its = self._editing.manuscript(hotline)
        if self._editing.tree(hotline) is None:
            return absent()
        return self._page(its) if its else redirect(url_for("menus.one", hotline=hotline), 303)

    def check(self, session: Session, hotline: str) -> Any:
        """POST /menus/HOTLINE/check: what there is to say about what is typed now; keeps nothing."""
        its = self._editing.manuscript(hotline)
        files = _files()
        if its is None or fault_of(files):
            no = NOBODY_WRITES if its is None else fault_of(files)
            return render_template("supervisor/parts/faults.html", faults=[], fault=told(no) if no else None)
        return render_template("supervisor/parts/faults.html", faults=_faults(self._editing.examined(files, its.base)))

    def save(self, session: Session, hotline: str) -> Any:
        """POST /menus/HOTLINE/edit: what was typed stays on the page also when somebody else was quicker."""
        its, files = self._editing.manuscript(hotline), _files()
        if its is None:
            return redirect(url_for("menus.one", hotline=hotline), 303)
        if name := text("new_file", 64):
            files.setdefault(name, "")
        else:
            files = {name: content for name, content in files.items() if content.strip()}
        no = self._editing.save(by(session), hotline, number("edition", 1, EDITIONS_MAX) or 0, files)
        if no is not None:
            mine = replace(its, files=files or its.files)
            return self._page(mine, told(no)), status_of(no)
        there = "editor.compare" if request.form.get("go_on") == "compare" else "editor.page"
        return redirect(url_for(there, hotline=hotline), 303)

    def drop(self, session: Session, hotline: str) -> Any:
        """POST /menus/HOTLINE/drop"""
        its = self._editing.manuscript(hotline)
        no = self._editing.drop(by(session), hotline, number("edition", 1, EDITIONS_MAX) or 0) if its else None
        if its and no:
            return self._page(its, told(no)), status_of(no)
        return redirect(url_for("menus.one", hotline=hotline), 303)

    def compare(self, session: Session, hotline: str) -> Any:
        """GET /menus/HOTLINE/compare: what callers will notice, and the form that publishes it."""
        return self._compare(hotline)

    def publish(self, session: Session, hotline: str) -> Any:
        """POST /menus/HOTLINE/publish {edition, expects, at}"""
        live, now = self._editing.tree(hotline), self._clock()
        if live is None:
            return absent()
        at = moment_there(text("at", 32), live)
        if isinstance(at, Refused) or (at and at <= now):
            return self._compare(hotline, at if isinstance(at, Refused) else Refused("that moment is over"))
        edition = number("edition", 1, EDITIONS_MAX) or 0
        made = self._editing.publish(by(session), hotline, edition, text("expects"), now, at)
        if isinstance(made, Refused):
            return self._compare(hotline, made)
        if isinstance(made, tuple):
            return self._compare(hotline, Refused("it has faults"))
        return redirect(url_for("menus.one", hotline=hotline), 303)

    # -- steps of the above -------------------------------------------------------------------------------------------

    def _page(self, its: Manuscript, fault: str | None = None) -> str:
        faults = _faults(self._editing.examined(its.files, its.base)) if not fault_of(its.files) else []
        return render_template(
            "supervisor/editor.html", its=its, faults=faults, fault=fault, file_pattern=FILE.pattern
        )  # fmt: skip

    def _compare(self, hotline: str, no: Refused | None = None) -> Any:
        its, live = self._editing.manuscript(hotline), self._editing.tree(hotline)
        if its is None or live is None:
            return (redirect(url_for("menus.one", hotline=hotline), 303)) if live else absent()
        examined = self._editing.examined(its.files, its.base)
        page = render_template(
            "supervisor/compare.html",
            its=its,
            live=live,
            usable=examined.tree is not None,
            changes=_changes(live, examined.draft, self._clock().date()),
            faults=_faults(examined),
            fault=told(no) if no else None,
            zone_there=str(office_zone(live)),
        )
        return page, status_of(no) if no else 200


def _files() -> dict[str, str]:
    """The files of the form, with the line ends that files have."""
    request.max_content_length = 4 * HOTLINE_BYTES_MAX
    request.max_form_memory_size = 4 * HOTLINE_BYTES_MAX
    return {
        key.removeprefix(FILE_FIELD): value.replace("\r\n", "\n")
        for key, value in request.form.items()
        if key.startswith(FILE_FIELD)
    }


def _faults(examined: Examined) -> list[Mapping[str, Any]]:
    """What is wrong, the worst first, in the reader's language; the place is where the caret goes."""
    language = reader_language()
    found = sorted(examined.faults, key=lambda it: BROKEN_FIRST.index(it.severity))
    return [_fault(it.in_language(language)) for it in found]


def _fault(it: Fault) -> Mapping[str, Any]:
    return {
        "file": it.place.file,
        "line": it.place.line,
        "column": it.place.column,
        "end": it.end_column,
        "severity": it.severity,
        "message": in_script(it.message),
        "hint": in_script(it.hint),
        "code": it.code,
    }


def _changes(live: Tree, draft: Tree | None, today: date) -> Mapping[str, Any] | None:
    """The plan in words, grouped by what it is about."""
    if draft is None:
        return None
    language = reader_language()
    made = plan(live, draft, today, language)
    groups: dict[str, list[tuple[str, str]]] = {}
    for change in made.changes:
        about = in_script(subject_text(change.subject, language))
        groups.setdefault(about, []).append((change.sign, in_script(sentence(change.told, language))))
    return {"groups": groups, "closing": in_script(closing(made, language)), "empty": made.empty}
