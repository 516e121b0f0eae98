"""A folder of data: outside the program, closed to other people, and never showing half a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent


def private_folder(folder: Path) -> Path:
    """Make `folder` (0700) if need be and return it; ValueError if it lies within the program itself."""
    whole = folder.resolve()
    if whole == PROGRAM or PROGRAM in whole.parents:
        raise ValueError(f"{folder} is part of the program: data is kept elsewhere (set DIALTREE_DATA)")
    whole.mkdir(mode=0o700, parents=True, exist_ok=True)
    return whole


def write_whole(path: Path, pieces: Iterable[bytes], checked: Callable[[], None] = lambda: None) -> None:
    """Write `pieces` to `path` (0600) so that it is there whole or not at all, whatever fails meanwhile.

    `checked` is called when all is written, and may still refuse it.
    """
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with open(descriptor, "wb") as part:
            for piece in pieces:
                part.write(piece)
            part.flush()
            os.fsync(part.fileno())
        checked()
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
