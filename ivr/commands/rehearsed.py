"""Rehearsed: a call script played on the hotline in a folder, with a witness of all that the call comes by."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivr.commands.joined import Joined
from ivr.commands.playing import START
from ivr.commands.stubbed import look_up
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_script
from ivr.simulator.script.run import run
from ivr.simulator.script.steps import Hear, Script
from ivr.simulator.script.transcript import Transcript
from ivr.view.cover.point import Point
from ivr.view.cover.witness import Witness


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How it went (`why`: what did not go as written; empty when all did) and what the call came by.

    `unheard` is the line, column (from 1) and text of what was waited for in vain, if that is why.
    """

    why: str
    points: frozenset[Point] = frozenset()
    words: frozenset[tuple[str, str]] = frozenset()
    unheard: tuple[int, int, str] | None = None
    said: str = ""


def rehearsed(text: str, file: str, folder: Path, seed: int = 1) -> Rehearsed:
    """Play it as `ivr test` does, to its end."""
    try:
        script = read_script(text, file)
        start = script.at or START
        with tempfile.TemporaryDirectory(prefix="dialtree-") as data:
            its_seed = seed if script.seed is None else script.seed
            joined = Joined(folder, start, its_seed, Path(data), script.chaos, look_up(script.stubs))
            try:
                witness = joined.application.switchboard.step = Witness()
                transcript = Transcript(script.person, start.tzinfo)
                result = run(script, joined.network, joined.prompts, joined.desk(), transcript)
            finally:
                joined.close()
    except (ScriptError, OSError, LookupError, ValueError) as error:
        return Rehearsed(" ".join(str(error).split()[:30]))
    why = " ".join(it.strip() for it in (result.error or result.failure).splitlines()[:2])
    unheard = _unheard(script, result.failure, text)
    said = "\n".join(result.transcript)
    return Rehearsed(why, frozenset(witness.points), frozenset(witness.words), unheard, said)


def _unheard(script: Script, failure: str, text: str) -> tuple[int, int, str] | None:
    hears = (step for step in script.steps if isinstance(step, Hear) and step.how != "@")
    step = next((it for it in hears if failure.startswith(f"{it.place}: ")), None)
    if step is None:
        return None
    return step.place.line, max(text.splitlines()[step.place.line - 1].find(step.text), 0) + 1, step.text
