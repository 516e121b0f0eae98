"""Hearing: is what a script names among what has been said? Case, punctuation and script do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Prompts = Callable[[str, str | None], Sequence[str] | None]
"""(prompt's name, language code or None) -> its sentences in order, or None for a name nobody knows."""

_SERBIAN = dict(zip("абвгдежзијклмнопрстуфхцчшћ", "abvgdezzijklmnoprstufhccsc", strict=True))
_RUSSIAN = {"й": "j", "ё": "e", "ы": "y", "э": "e", "ю": "ju", "я": "ja", "щ": "sc", "ь": "", "ъ": ""}
_OTHERS = {"љ": "lj", "њ": "nj", "џ": "dz", "ђ": "dj", "đ": "dj", "ß": "ss", "ł": "l", "ø": "o"}
_LETTERS = str.maketrans(_SERBIAN | _RUSSIAN | _OTHERS)


def folded(text: str) -> str:
    """The words of a text in small plain Latin letters and digits, one blank between them."""
    small = text.casefold().translate(_LETTERS)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", small) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain.translate(_LETTERS).replace("_", " ")))


@dataclass(slots=True)
class Ear:
    """What one caller has heard, and how far the script has listened."""

    said: list[str]
    languages: list[str | None]
    listened: int = 0  # utterances wholly behind the last match
    within: int = 0  # and so many folded letters of the utterance there

    @classmethod
    def fresh(cls) -> Ear:
        """An ear that has heard nothing."""
        return cls([], [])

    def take(self, text: str, language: str | None) -> None:
        """Something is said."""
        self.said.append(text)
        self.languages.append(language)

    def unmatched(self) -> list[str]:
        """What has been said since the last match, as it was said."""
        return self.said[self.listened :]

    def hears(self, how: str, text: str, prompts: Prompts | None) -> bool:
        """Whether it is among what is new; if so, only what comes after it is new from now on.

        Raises: LookupError when a prompt is named that nobody knows.
        """
        if how == "=":
            return self._hears_exactly(text)
        if how == "@":
            return any(self._matches(pattern) for pattern in self._prompt(text, prompts))
        return self._matches(_pattern(text))

    def _hears_exactly(self, text: str) -> bool:
        wanted = " ".join(text.split())
        for index in range(self.listened + bool(self.within), len(self.said)):
            if " ".join(self.said[index].split()) == wanted:
                self.listened, self.within = index + 1, 0
                return True
        return False

    def _prompt(self, name: str, prompts: Prompts | None) -> list[re.Pattern[str]]:
        if prompts is None:
            raise LookupError(f"prompts have no names here, so @{name} cannot be heard: write hear ~ and its words")
        languages = list(dict.fromkeys(self.languages[self.listened :]))
        if not languages:
            return []
        told = [prompts(name, language and re.split("[-_]", language)[0].lower()) for language in languages]
        if not any(told):
            raise LookupError(f"no prompt is called {name}")
        return [_pattern(*sentences) for sentences in told if sentences]

    def _matches(self, pattern: re.Pattern[str]) -> bool:
        """Look for it over the ends of utterances, and remember where it ended."""
        new = [folded(text) for text in self.said[self.listened :]]
        if not new:
            return False
        match = pattern.search(" ".join(new), self.within)
        if not match:
            return False
        end = match.end()
        for text in new:
            if end < len(text):
                break
            end = max(0, end - len(text) - 1)
            self.listened += 1
        self.within = end
        return True


def _pattern(*sentences: str) -> re.Pattern[str]:
    """The sentences in order; `{...}` in them stands for anything. A match begins at a word; a number is whole."""
    pieces = [folded(piece) for sentence in sentences for piece in re.split(r"\{[^}]*\}", sentence)]
    return re.compile(r"\b" + r"\b.*?\b".join(re.escape(piece) + _whole(piece) for piece in pieces if piece))


def _whole(piece: str) -> str:
    return r"(?!\d)" if piece[-1].isdigit() else ""
