"""Playing: one call script played against the app that a command is about, and its trace kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ivr.commands.against import Against
from ivr.commands.carrier_door import CarrierDoor
from ivr.simulator.script.fault import ScriptError
from ivr.simulator.script.reader import read_file
from ivr.simulator.script.result import Result
from ivr.simulator.script.run import Around, run
from ivr.simulator.script.steps import Script
from ivr.simulator.script.transcript import Transcript
from ivr.simulator.trace_file import TraceFile

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When calls are made whose script does not say: a Monday, 10 in the morning in Berlin."""

KEPT = Path(".ivr")
"""Where traces of failed calls, and which calls have failed, are kept: below the folder that one is in."""

TRACE = ".trace.jsonl"


@dataclass(frozen=True, slots=True)
class Player:
    """Plays scripts. `show` is given each line of a transcript at once; `traces` is a file or a folder for traces,
    None keeps those of failed calls in KEPT."""

    against: Against
    door: CarrierDoor | None = None
    show: Callable[[str], None] | None = None
    wire: bool = False
    traces: Path | None = None

    def play_file(self, file: Path) -> Result:
        """Play the script in a file; faults in it, and an app that cannot be had, are its error."""
        try:
            script = read_file(file)
        except (ScriptError, OSError) as error:
            return Result(str(file), error=str(error))
        return self.play(script)

    def play(self, script: Script) -> Result:
        """Play a script."""
        began_s = time.perf_counter()
        start = script.at or START
        chaos = script.chaos or self.against.chaos
        script = replace(script, params={**self.against.params, **script.params}, chaos=chaos)
        trace = TraceFile(start, script.file, about=f"{script.caller} calls {script.called}")
        try:
            with self.against.stage(start, script.number, script.seed, script.chaos, script.stubs, self.door) as stage:
                stage.network.watch(trace.take)
                transcript = Transcript(script.person, start.tzinfo, self.wire, self.show)
                around = Around(
                    stage.prompts,
                    stage.desk,
                    stage.ask,
                    lambda number, step: trace.step(stage.network.now(), number, step),
                    self.door.patience if self.door else None,
                )
                result = run(script, stage.network, transcript=transcript, around=around)
        except (ScriptError, OSError, LookupError, ValueError) as error:
            result = Result(script.file, error=str(error))
        trace.ended(result.outcome, result.error or result.failure)
        return self._kept(replace(result, took_s=time.perf_counter() - began_s), trace)

    def _kept(self, result: Result, trace: TraceFile) -> Result:
        """Keep the trace if it was asked for, or if the call failed."""
        name = "-".join(Path(result.file).with_suffix("").parts[-2:]).strip("/-") + TRACE
        if self.traces is not None:
            folder = self.traces.is_dir() or not self.traces.suffix
            return replace(result, trace=str(trace.write(self.traces / name if folder else self.traces)))
        if result.passed:
            return result
        try:
            return replace(result, trace=str(trace.write(kept_folder() / "traces" / name)))
        except OSError:
            return result  # a folder that cannot be written to is no reason for a test to fail otherwise


def kept_folder() -> Path:
    """KEPT, made if need be; it keeps itself out of Git. Raises OSError."""
    KEPT.mkdir(exist_ok=True)
    ignored = KEPT / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", "utf-8")
    return KEPT
