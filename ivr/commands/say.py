"""ivr say: the exact words that callers hear at a step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from ivr.commands.hotline_folder import (
    caller_language,
    folder_option,
    heard_language,
    messages_language,
    refuse,
    refuse_name,
    the_tree,
)
from ivr.commands.moment import MOMENT, local_moment
from ivr.phrase import latin
from ivr.view.rehearsal import Line, Scene, rehearse
from ivr.view.telling import tell, title


@click.command()
@click.argument("node")
@folder_option
@caller_language
@click.option("--at", type=MOMENT, help="When the call is made, on the office's clock: 2026-12-24 14:00 (else now).")
@click.option("--with", "known", multiple=True, metavar="NAME=VALUE", help="Something that is known by then.")
@click.option("--latin", "in_latin", is_flag=True, help="Serbian in Latin letters.")
def say(
    node: str, folder: Path, language: str | None, at: datetime | None, known: tuple[str, ...], in_latin: bool
) -> None:
    """Print the exact words that callers hear at NODE, as the engine says them: at first, after silence, after a
    wrong key, while they wait.

    \b
        ivr say welcome --language de
        ivr say closed --at "2026-12-24 14:00"
        ivr say order_number --with order_number=471108
    """
    tree = the_tree(folder)
    if node not in tree.nodes:
        refuse_name("view.command.no_step", node, tree.nodes)
    values = dict(pair.split("=", 1) for pair in known if "=" in pair)
    if len(values) < len(known):
        refuse("view.command.with", example="--with order_number=471108")
    spoken = heard_language(tree, language)
    now = local_moment(tree, at) if at else datetime.now(UTC)
    for line in _told(rehearse(tree, node, spoken, now, values), node, messages_language()):
        click.echo(latin(line) if in_latin and spoken == "sr" else line)


def _told(scenes: list[Scene], node: str, reader: str) -> Iterator[str]:
    for number, scene in enumerate(scenes):
        if number:
            yield ""
        yield tell(f"view.scene.{scene.key}", reader, n=scene.n)
        for part in scene.said:
            if isinstance(part, Line):
                yield f"  {part.text}" + (f"   [{part.recording}]" if part.recording else "")
            else:
                yield f"  ({tell(f'view.stage.{part.key}', reader, **part.values)})"
        if scene.at != node:
            yield f"  ({tell('view.say.goes_on', reader, step=title(node), at=title(scene.at))})"
