"""ivr lint: everything callers would suffer from in the menus, and --fix to put right what can be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ivr.commands.hotline_folder import messages_language
from ivr.commands.known import what_is_known
from ivr.commands.spoken_to import language_option
from ivr.lint.rule import PROFILES, RULES, Profile, in_profile
from ivr.lint.run import Linted, first_message, lint_hotline, mend
from ivr.menu.hotline import files_in, hotline_folders, recordings_in
from ivr.menu.report import FORMATS, Report, count
from ivr.menu.told import told

FINE, FOUND, COULD_NOT_RUN = 0, 1, 2


def _rules(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    words = tuple(word.strip().upper() for word in value.split(",") if word.strip())
    for word in words:
        if not any(id.startswith(word) for id in RULES):
            raise click.BadParameter(told("lint.no_rule", messages_language(), {"word": word}))
    return words


@click.command()
@click.argument("folder", default="menus", envvar="DIALTREE_MENUS", type=click.Path(path_type=Path))
@click.option("--profile", type=click.Choice(PROFILES), default="caller", show_default=True,
              help="How much is told: errors; warnings too; advice too; with stricter limits.")  # fmt: skip
@click.option("--rules", "only", default="", callback=_rules, metavar="S,P205", help="Only these rules or groups.")
@click.option("--fix", is_flag=True, help="Put right what can be without changing what callers hear or can do.")
@click.option("--unsafe", is_flag=True, help="With --fix: also what somebody should look at afterwards.")
@click.option("--format", "form", type=click.Choice(tuple(FORMATS)), default="text", show_default=True,
              help="How it is told: to you, or to another program.")  # fmt: skip
@click.option("--list-rules", is_flag=True, help="Only say which rules there are.")
@language_option
def lint(
    folder: Path, profile: Profile, only: tuple[str, ...], fix: bool, unsafe: bool, form: str, list_rules: bool,
    language: str,
) -> None:  # fmt: skip
    """Say what callers would suffer from in the menus in FOLDER.

    FOLDER holds one hotline (its *.yaml files), or several folders with one hotline each; without it:
    $DIALTREE_MENUS or menus. `ivr explain ID` tells about one rule. A finding on a line is let be by a comment behind
    it: # lint: allow P205 and the reason

    \b
    Exit codes:
      0  nothing found
      1  something found
      2  there is nothing to read
    """
    if list_rules:
        click.echo(_listed(profile, only, language))
        sys.exit(FINE)
    if not folder.is_dir():
        click.echo(told("check.no_folder", language, {"folder": str(folder)}), err=True)
        sys.exit(COULD_NOT_RUN)
    folders = hotline_folders(folder)
    if not folders:
        click.echo(told("check.no_files", language, {"folder": str(folder)}), err=True)
        sys.exit(COULD_NOT_RUN)
    try:
        results = [(it, _look(it, profile, only, fix, unsafe, language)) for it in folders]
    except OSError as error:
        values = {"file": str(error.filename), "why": str(error.strerror)}
        click.echo(told("check.unreadable", language, values), err=True)
        sys.exit(COULD_NOT_RUN)
    reports = [Report(str(it), linted.faults, _closing(it, linted, profile, only, language)) for it, linted in results]
    if words := FORMATS[form](reports, language):
        click.echo(words)
    sys.exit(FOUND if any(linted.faults for _, linted in results) else FINE)


def _look(folder: Path, profile: Profile, only: tuple[str, ...], fix: bool, unsafe: bool, language: str) -> Linted:
    files, prefix = files_in(folder), f"{folder.as_posix()}/"
    asked: dict[str, Any] = {
        "recordings": recordings_in(folder), "known": what_is_known(folder), "profile": profile, "only": only,
    }  # fmt: skip
    if fix:
        changed, fixed = mend(files, prefix, **asked, unsafe=unsafe)
        for name, text in changed.items():
            _write(folder / name, text, language)
        if fixed:
            click.echo(told("lint.fixed", language, {"n": str(fixed), "files": ", ".join(changed)}), err=True)
        files = files_in(folder)
    return lint_hotline(files, prefix, **asked)


def _write(path: Path, text: str, language: str) -> None:
    try:
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        click.echo(told("lint.unwritable", language, {"file": str(path), "why": str(error.strerror)}), err=True)
        sys.exit(COULD_NOT_RUN)


def _closing(folder: Path, linted: Linted, profile: Profile, only: tuple[str, ...], language: str) -> str:
    if not linted.faults:
        number = sum(not only or any(id.startswith(it) for it in only) for id in RULES)
        return told("lint.clean", language, {"folder": str(folder), "rules": str(number), "profile": profile})
    counts = {
        "errors": count(linted.faults, "error", language),
        "warnings": count(linted.faults, "warning", language),
        "advice": count(linted.faults, "advice", language),
    }
    lines = [told("lint.found", language, {"folder": str(folder), **counts})]
    safe = sum(fix.safe for fix in linted.fixes.values())
    more = len(linted.fixes) - safe
    lines += [told("lint.fixable", language, {"n": str(safe)})] if safe else []
    lines += [told("lint.fixable_unsafe", language, {"n": str(more)})] if more else []
    lines.append(told("lint.explain", language, {"id": linted.faults[0].code}))
    return "\n".join(lines)


def _listed(profile: Profile, only: tuple[str, ...], language: str) -> str:
    """One line a rule: id, severity, whether it can be put right, and what it says."""
    lines = []
    for id, rule in sorted(RULES.items()):
        severity = rule.severity_in(profile)
        if in_profile(severity, profile) and (not only or any(id.startswith(it) for it in only)):
            marks = {"": "", "safe": "--fix", "unsafe": "--fix --unsafe"}[rule.fixes]
            named = told(f"severity.{severity}", language, {})
            lines.append(f"{id}  {named:<9}  {marks:<14}  {first_message(id, language)}".rstrip())
    return "\n".join(lines)
