"""Script: Serbian in its two alphabets, and texts folded so that what is said is found however it is written."""

from __future__ import annotations

import unicodedata

_LATIN = dict(
    zip("абвгдђежзијклмнопрстћуфхцчш", "a b v g d đ e ž z i j k l m n o p r s t ć u f h c č š".split(), strict=True)
)
_LATIN |= {"љ": "lj", "њ": "nj", "џ": "dž"}

# What has no accent to take away, but is typed without its stroke all the same.
_FOLDED = {"đ": "dj", "ø": "o", "ł": "l"}


def latin(text: str) -> str:
    """Serbian Cyrillic in Latin letters; everything else stays."""
    return "".join(_latin_letter(text, index) for index in range(len(text)))


def folded(text: str) -> str:
    """A text without case, accents, punctuation and alphabet: "Жалба!" and "zalba" are the same, "weiß" and "weiss"."""
    bare = unicodedata.normalize("NFD", latin(text).casefold())
    letters = (_FOLDED.get(letter, letter) for letter in bare if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


def _latin_letter(text: str, index: int) -> str:
    letter = text[index]
    written = _LATIN.get(letter.lower())
    if written is None or letter.islower():
        return written or letter
    neighbours = text[index + 1 : index + 2] or text[max(index - 1, 0) : index]
    all_capitals = neighbours.isupper()
    return written.upper() if all_capitals or len(written) == 1 else written.capitalize()
