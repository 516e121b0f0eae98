"""`ivr`: the command line, one command a file in `ivr.commands`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from ivr.commands.piped import forgiving, last_words

COMMANDS: Mapping[str, str] = {
    "demo": "one whole simulated call, told line by line",
    "run": "everything on this machine: hotline, carrier, phone and desk",
    "serve": "the hotline for a real carrier account",
    "check": "whether the menus can be used, and what is wrong with them",
    "lint": "what callers would suffer from; some of it can be put right",
    "explain": "one page about a rule: why, not so, but so",
    "new": "a hotline to begin with",
    "schema": "what editors need to help with a hotline's files",
    "draw": "the option tree as a page, a picture or a diagram",
    "script": "the list of sentences for the speaker",
    "say": "the exact words callers hear at a step",
    "hours": "what is open when, a year ahead if you like",
    "plan": "what callers will notice of a change",
    "publish": "make a folder what new calls hear, now or later",
    "rollback": "let new calls hear again what was published before",
    "release": "let new calls hear the folder again, as it is saved",
    "versions": "what was published, when and by whom",
    "phone": "a telephone in the browser, for our hotline or any TwiML app",
    "call": "be the caller at the keyboard, here or at any TwiML app",
    "test": "run call scripts; with a JUnit report if asked",
    "cover": "what of all that can happen to a caller the scripts try",
    "crawl": "every way through the tree looked at, and written as scripts",
    "trace": "a call that was kept, opened as a page to step through",
    "mail": "e-mails handed to the hotline, and what was answered",
    "agent": "accounts for representatives, supervisors and administrators",
    "retention": "what is older than its keeping time taken away",
    "export-person": "everything that is kept of somebody, in a zip file",
    "hold": "of whom nothing may be erased, and why",
    "erase": "everything that is kept of somebody taken away for good",
    "audit": "who did what here, and whether the record is whole",
    "doctor": "what is wrong with the settings of this installation",
    "emergency": "the switch for the unforeseen: what new calls hear first",
    "why": "why a call went to whom it went, or why it still waits",
    "states": "the tables of states, as they are run",
}
"""Each command's name and what it is for: its module is imported when it is called, because some are slow to load."""


class _Commands(click.Group):
    def main(self, *args: Any, **extra: Any) -> Any:
        forgiving()
        try:
            return super().main(*args, **extra)
        finally:
            last_words()

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = name.replace("-", "_")
        return getattr(importlib.import_module(f"ivr.commands.{module}"), module)

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(context, arguments)
        except click.exceptions.NoSuchCommand as error:  # click itself knows no names but of commands that are imported
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=context) from None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Dialtree answers a company's telephone hotline.

    Try it without an account or a network:  ivr demo
    """


if __name__ == "__main__":
    main()
