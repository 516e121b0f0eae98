"""ivr script: the list of sentences for the speaker, in each language of a hotline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from ivr.commands.hotline_folder import folder_argument, heard_language, messages_language, the_tree, write
from ivr.commands.storage import Unusable
from ivr.view.script import Script
from ivr.view.script import script as made
from ivr.view.script_report import script_csv, script_html, script_text
from ivr.view.telling import tell
from recordings.speech import Speaker, speak_beforehand

FORMATS: Mapping[str, Callable[[Sequence[Script]], str]] = {
    "text": script_text,
    "csv": script_csv,
    "html": script_html,
}


@click.command()
@folder_argument
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write (else the screen).")
@click.option(
    "--spoken",
    type=click.Path(path_type=Path, file_okay=False),
    help="Speak what is the same in each call into this folder too, one file a sentence (needs the extra speech).",
)
@click.option("--language", metavar="CODE", help="What callers hear: en, de, sr, es (else all of them).")
def script(folder: Path, form: str, output: Path | None, spoken: Path | None, language: str | None) -> None:
    """List what is to be spoken for the hotline in FOLDER: each sentence once, numbered, with where it is heard.

    Sentences that are composed of a label and a key ("For a complaint, press 2.") are listed as they are heard.
    Without --language all languages are listed; Serbian in both alphabets.
    """
    tree = the_tree(folder)
    languages = tree.languages if language is None else (heard_language(tree, language),)
    now = datetime.now(UTC)
    scripts = [made(tree, code, now) for code in languages]
    write(FORMATS[form](scripts), output)
    if output:
        click.echo(tell("view.command.written", messages_language(), file=output))
    if spoken is not None:
        _speak(scripts, spoken)


def _speak(scripts: Sequence[Script], folder: Path) -> None:
    same = [
        (it.text, each.language) for each in scripts for it in each.sentences if not (it.example or it.placeholders)
    ]
    speaker = Speaker(folder)
    try:
        files, size = speak_beforehand(speaker, same, folder)
    except ValueError as error:
        raise Unusable(str(error)) from error
    finally:
        speaker.close()
    click.echo(f"{files} sentences are spoken in {folder} ({size / 1e6:.1f} MB)", err=True)
