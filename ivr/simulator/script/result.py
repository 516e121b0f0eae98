"""Result: how one call script went."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.simulator.script.steps import Place


@dataclass(frozen=True, slots=True)
class Result:
    """How a script went: `failure` is what did not happen as it says, `error` why it could not be run at all.

    `notes` are oddities of the app that are no failure. `failed_at` is the step that failed, `heard` what was said
    instead; `trace` is the file that the trace was kept in.
    """

    file: str
    transcript: tuple[str, ...] = ()
    failure: str = ""
    error: str = ""
    took_s: float = 0.0
    notes: tuple[str, ...] = ()
    failed_at: Place | None = None
    heard: tuple[str, ...] = ()
    trace: str = ""

    @property
    def passed(self) -> bool:
        """Everything happened as the script says."""
        return not self.failure and not self.error

    @property
    def outcome(self) -> str:
        """In a word: `fine`, `failed`, or `error` when it could not be played."""
        return "error" if self.error else "failed" if self.failure else "fine"
