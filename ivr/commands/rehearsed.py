"""Rehearsed: a call script played on the hotline in a folder, with a witness of all that the call comes by."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivr.commands.joined import Joined
from ivr.commands.test import START
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import run
from ivr.simulator.script.transcript import Transcript
from ivr.view.cover.point import Point
from ivr.view.cover.witness import Witness


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How it went (`why`: what did not go as written; empty when all did) and what the call came by."""

    why: str
    points: frozenset[Point] = frozenset()
    words: frozenset[tuple[str, str]] = frozenset()


def rehearsed(text: str, file: str, folder: Path, seed: int = 1) -> Rehearsed:
    """Play it as `ivr test` does, to its end."""
    try:
        script = read_script(text, file)
        start = script.at or START
        with tempfile.TemporaryDirectory(prefix="dialtree-") as data:
            joined = Joined(folder, start, seed, Path(data))
            try:
                witness = joined.application.switchboard.step = Witness()
                transcript = Transcript(script.caller, start.tzinfo)
                result = run(script, joined.network, joined.prompts, joined.desk(), transcript)
            finally:
                joined.close()
    except (ScriptError, OSError, LookupError, ValueError) as error:
        return Rehearsed(" ".join(str(error).split()[:30]))
    lines = (result.error or result.failure).splitlines()
    return Rehearsed(" ".join(it.strip() for it in lines[:2]), frozenset(witness.points), frozenset(witness.words))
