"""ivr trace: a call that was kept, opened as a page in which it can be stepped through."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path

import click

from ivr.simulator.trace_file import masked, read
from ivr.simulator.trace_page import page

COULD_NOT_RUN = 2


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="PAGE", help="Write the page there, and open nothing.")
@click.option("--mask", is_flag=True, help="Leave out numbers, keys in a row and words: for traces that are shared.")
def trace(file: Path, out: Path | None, mask: bool) -> None:
    """Open the trace in FILE: time line, prompts, keys, webhooks with headers and bodies, TwiML, step by step.

    ivr test keeps the traces of calls that fail, ivr test --trace and ivr call --trace those of any. The page is one
    file that asks nobody for anything. A trace holds what went over the wire - numbers, digits, PINs, words - except
    log-ins; --mask leaves these out of the page.
    """
    try:
        lines = read(file)
        made = page(masked(lines) if mask else lines, mask)
        target = out or file.with_suffix(".html")
        target.write_text(made, encoding="utf-8")
        target.chmod(0o600)
    except (OSError, ValueError) as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT_RUN)
    click.echo(f"written: {target}")
    if out is None and not webbrowser.open(target.resolve().as_uri()):
        click.echo("there is no browser to open it in here: open it yourself")
