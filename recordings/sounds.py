"""Sounds: the shelf of what this program plays, each made when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from recordings.folder import private_folder, write_whole
from recordings.music import hold_music
from recordings.tones import beep
from recordings.wav import wav

EDITION = 1
"""Raise it when a sound changes: what lies on the shelf from before is then not played again."""

MAKERS: Mapping[str, Callable[[], bytes]] = {"music": hold_music, "beep": beep}


class Sounds:
    """A shelf of WAV files in `folder`, which may be emptied at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path | None:
        """Where the WAV file of the sound `name` lies, made now if need be; None if there is no such sound."""
        maker = MAKERS.get(name)
        if maker is None:
            return None
        path = private_folder(self._folder) / f"{name}-{EDITION}.wav"
        if not path.exists():
            write_whole(path, [wav(maker())])
        return path
