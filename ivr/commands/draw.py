"""ivr draw: the option tree as a page, a picture or a diagram's text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from ivr.commands.hotline_folder import (
    caller_language,
    folder_argument,
    heard_language,
    messages_language,
    the_tree,
    write,
)
from ivr.menu.tree import Tree
from ivr.view.diagram import dot, mermaid
from ivr.view.page import page
from ivr.view.picture import picture
from ivr.view.telling import tell

FORMATS: Mapping[str, Callable[[Tree, str], str]] = {"html": page, "svg": picture, "mermaid": mermaid, "dot": dot}


@click.command()
@folder_argument
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="What to draw (else by -o's name, or html).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write (else the screen).")
@caller_language
def draw(folder: Path, form: str | None, output: Path | None, language: str | None) -> None:
    """Draw the option tree of the hotline in FOLDER.

    \b
    html     everything on one page: outline, picture, queues, hours; works by keyboard and prints
    svg      the picture alone
    mermaid  text for a README
    dot      text for Graphviz

    Try:  ivr draw menus/acme -o acme.html
    """
    tree = the_tree(folder)
    ending = {".svg": "svg", ".mmd": "mermaid", ".dot": "dot"}.get(output.suffix if output else "", "html")
    write(FORMATS[form or ending](tree, heard_language(tree, language)), output)
    if output:
        click.echo(tell("view.command.written", messages_language(), file=output))
