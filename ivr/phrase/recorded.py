"""Recorded: the sentences about a recording that the engine adds to the notice of a hotline's own."""

from __future__ import annotations

_REFUSE = {
    "en": "If you do not want that, press 2.",
    "de": "Wenn Sie das nicht möchten, drücken Sie die 2.",
    "sr": "Ако то не желите, притисните 2.",
    "es": "Si no lo desea, pulse 2.",
}
_NOT_RECORDED = {
    "en": "All right, you are not recorded.",
    "de": "Gut, Sie werden nicht aufgezeichnet.",
    "sr": "У реду, нећемо вас снимати.",
    "es": "De acuerdo, no se le grabará.",
}


def refuse_recording(language: str) -> str:
    """How to refuse."""
    return _REFUSE[language]


def not_recorded(language: str) -> str:
    """The refusal was understood."""
    return _NOT_RECORDED[language]
