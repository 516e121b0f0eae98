"""Voice: who speaks a text aloud for the telephone; whoever joins app and carrier brings one, or none."""

from __future__ import annotations

from typing import Protocol


class Voice(Protocol):
    """Speaks. Asked under the network's lock, so it must answer soon, and the same again at once."""

    def wav(self, words: str, language: str, slower: bool = False) -> bytes | None:
        """`words` in a language such as `de-DE` as a WAV file; None when it cannot be spoken, which is no error."""
