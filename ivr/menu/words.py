"""Words: what is said in each language, as text (one form, or one a plural) or as a recording of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plural:
    """The forms of one language's text, chosen by the number that stands in for `{placeholder}`."""

    placeholder: str
    forms: Mapping[str, str]  # `zero one two few many other` -> text; `other` is always there


@dataclass(frozen=True, eq=False)
class Words(Mapping[str, str]):
    """What is said, by language code (`en de sr es`); `sr` is Cyrillic. May hold `{placeholders}`.

    As a mapping: language -> text (the `other` form where there are several). Where a language has a recording, that is
    played instead of speaking the text; its name is that of a file below the hotline's `recordings/`.
    """

    texts: Mapping[str, str]
    plurals: Mapping[str, Plural] = field(default_factory=dict)  # by language, only where the text counts something
    recordings: Mapping[str, str] = field(default_factory=dict)  # language -> file, "welcome_en.wav"

    def __getitem__(self, language: str) -> str:
        return self.texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __eq__(self, other: object) -> bool:
        """Equal to other words of the same forms and recordings; to a plain mapping of the same texts as well."""
        if isinstance(other, Words):
            return (self.texts, self.plurals, self.recordings) == (other.texts, other.plurals, other.recordings)
        return isinstance(other, Mapping) and dict(self.texts) == dict(other)

    def __hash__(self) -> int:
        return hash(frozenset(self.texts.items()))

    def every_text(self, language: str) -> tuple[str, ...]:
        """All that may be said in a language: the text, or each of its plural forms."""
        if language in self.plurals:
            return tuple(self.plurals[language].forms.values())
        return (self.texts[language],) if language in self.texts else ()


NO_WORDS = Words({})
