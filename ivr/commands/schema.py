"""ivr schema: print the JSON Schema of a hotline's files, for editors."""

from __future__ import annotations

import click

from ivr.menu.language.schema import schema_text


@click.command()
def schema() -> None:
    """Print the JSON Schema of a hotline's files.

    An editor with a YAML language server completes, explains and underlines by it when a file begins with

    \b
      # yaml-language-server: $schema=../hotline.schema.json

    It is kept in menus/hotline.schema.json; write it anew with:  ivr schema > menus/hotline.schema.json
    """
    click.echo(schema_text(), nl=False)
