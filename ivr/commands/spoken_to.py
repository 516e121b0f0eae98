"""Spoken to: the language in which commands tell authors what they found."""

from __future__ import annotations

import click

from ivr.menu.told import LANGUAGES, language_of


def _chosen(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    from_environment = context.get_parameter_source(parameter.name or "") is not click.core.ParameterSource.COMMANDLINE
    if from_environment or value in LANGUAGES:
        return language_of(value)
    raise click.BadParameter(f"{value!r} is none of {', '.join(LANGUAGES)}.")


language_option = click.option(
    "--language",
    envvar=["DIALTREE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"],
    callback=_chosen,
    metavar="|".join(LANGUAGES),
    help="The language you are spoken to in (default: the one your system is set to, else en).",
)
"""`--language de`; without it the environment decides."""
