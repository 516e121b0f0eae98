"""ivr explain: one page about a rule - why it is one, not so, but so, and how to let one line be."""

from __future__ import annotations

import sys

import click

from ivr.commands.spoken_to import language_option
from ivr.lint.page import Page, pages
from ivr.lint.rule import RULES, Rule
from ivr.lint.run import first_message
from ivr.menu.fault import did_you_mean
from ivr.menu.told import told

FINE, COULD_NOT_RUN = 0, 2


@click.command()
@click.argument("id")
@language_option
def explain(id: str, language: str) -> None:
    """Tell about the rule ID, for example S104: why it is one, what not to write and what instead."""
    id = id.strip().strip("[]").upper()
    page = pages().get(id)
    if page is None:
        close = did_you_mean(id, pages())
        hint = " " + told("hint.did_you_mean", language, {"name": close}) if close else ""
        click.echo(told("lint.no_rule", language, {"word": id}) + hint, err=True)
        click.echo(told("explain.all", language, {}), err=True)
        sys.exit(COULD_NOT_RUN)
    click.echo(page_as_text(page, RULES.get(id), language))


def page_as_text(page: Page, rule: Rule | None, language: str) -> str:
    """The page as it is read on a screen."""

    def say(key: str, **values: str) -> str:
        return told(f"explain.{key}", language, values)

    severity = rule.severity if rule else "error"
    lines = [f"{page.id} ({told(f'severity.{severity}', language, {})}): {first_message(page.id, language)}", ""]
    lines += [_wrapped(f"{say('why')}: {page.why[language]}"), ""]
    for name, example in (("bad", page.bad), ("good", page.good)):
        if example:
            lines += [f"{say(name)}:", "", *(f"    {line}" for line in example.rstrip("\n").split("\n")), ""]
    if rule and rule.limits:
        limits = (
            f"{it} {usual:g} ({say('usual')}), {strict:g} (accessible)" for it, (usual, strict) in rule.limits.items()
        )
        lines += [f"{say('limits')}: {'; '.join(limits)}"]
    lines += [f"{say('source')}: {page.source}"]
    if rule and rule.fixes:
        lines.append(say(f"fix.{rule.fixes}"))
    if rule and rule.look:
        lines.append(say("allow", id=page.id))
    else:
        lines.append(say("check"))
        if severity == "error":
            lines.append(say("no_allowance"))
    return "\n".join(lines)


def _wrapped(text: str) -> str:
    return click.wrap_text(text, width=100)
