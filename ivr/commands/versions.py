"""ivr versions: what was published of a hotline, when and by whom, and what is to come."""

from __future__ import annotations

import click

from ivr.commands.published import hotline_named, live, shelf
from ivr.commands.spoken_to import language_option
from ivr.publication import Publication
from ivr.view.telling import tell


@click.command()
@click.argument("hotline", required=False)
@language_option
def versions(hotline: str | None, language: str) -> None:
    """List what was published of HOTLINE: what is still to come first, then the latest. All times are UTC."""
    with shelf() as store:
        name = hotline_named(store, hotline)
        assert store is not None  # or no hotline would have been found in it
        with store.look() as tx:
            its = tx.publications.of(name)
        now_live = live(store, name)
    click.echo(name)
    for it in its:
        state = _state(it, now_live)
        at = it.live_at or it.due_at
        kind = tell(f"plan.versions.kind.{it.kind.name.lower()}", language)
        mark = "*" if state == "live" else " "
        by = f" ({it.by})" if it.by else ""
        click.echo(
            f"{mark} {it.version[:12]}  {at:%Y-%m-%d %H:%M}  {tell(f'plan.versions.{state}', language)}: {kind}{by}"
        )


def _state(it: Publication, now_live: Publication | None) -> str:
    if it.withdrawn_at:
        return "withdrawn"
    if it.live_at is None:
        return "to_come"
    return "live" if now_live and it.seq == now_live.seq else "earlier"
