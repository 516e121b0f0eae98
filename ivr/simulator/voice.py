"""Voice: who speaks a Say - the voice that was asked for, or one that speaks the language that was asked for."""

from __future__ import annotations

import re

POLLY = {
    "en-US": "Joanna Matthew Salli Kendra Joey Ivy Kimberly Justin Kevin Ruth Stephen Danielle Gregory Patrick Tiffany",
    "en-GB": "Amy Brian Emma Arthur",
    "en-GB-WLS": "Geraint",
    "en-AU": "Nicole Russell Olivia",
    "en-IN": "Raveena Aditi Kajal",
    "en-IE": "Niamh",
    "en-NZ": "Aria",
    "en-SG": "Jasmine",
    "en-ZA": "Ayanda",
    "arb": "Zeina",
    "ar-AE": "Hala Zayd",
    "ca-ES": "Arlet",
    "cmn-CN": "Zhiyu",
    "cs-CZ": "Jitka",
    "cy-GB": "Gwyneth",
    "da-DK": "Naja Mads Sofie",
    "de-AT": "Hannah",
    "de-CH": "Sabrina",
    "de-DE": "Marlene Vicki Hans Daniel Lennart",
    "es-ES": "Conchita Enrique Lucia Sergio Raul Alba",
    "es-MX": "Mia Andres",
    "es-US": "Lupe Penelope Miguel Pedro",
    "fi-FI": "Suvi",
    "fr-BE": "Isabelle",
    "fr-CA": "Chantal Gabrielle Liam",
    "fr-FR": "Celine Lea Mathieu Remi Ambre Florian",
    "is-IS": "Dora Karl",
    "it-IT": "Carla Bianca Giorgio Adriano Beatrice Lorenzo",
    "ja-JP": "Mizuki Takumi Kazuha Tomoko",
    "ko-KR": "Seoyeon Jihye",
    "nb-NO": "Liv Ida",
    "nl-BE": "Lisa",
    "nl-NL": "Lotte Ruben Laura",
    "pl-PL": "Ewa Maja Jacek Jan Ola",
    "pt-BR": "Vitoria Camila Ricardo Thiago",
    "pt-PT": "Ines Cristiano",
    "ro-RO": "Carmen",
    "ru-RU": "Tatyana Maxim",
    "sv-SE": "Astrid Elin",
    "tr-TR": "Filiz Burcu",
    "yue-CN": "Hiujin",
}
POLLY_LANGUAGES = {name: language for language, names in POLLY.items() for name in names.split()}
OLD = ("man", "woman", "alice")
OLD_LANGUAGE = "en-US"


def read_voice(written: str) -> str:
    """A voice as Twilio names them; raises ValueError."""
    family, _, name = written.partition(".")
    polly = family == "Polly" and name.partition("-")[0] in POLLY_LANGUAGES
    google = family == "Google" and re.fullmatch(r"[a-z]{2,3}-[A-Z]{2}(-[A-Za-z0-9]+)*", name)
    if written not in OLD and not polly and not google and family != "ElevenLabs":
        raise ValueError("man, woman, alice, Polly.NAME or Google.LANGUAGE-NAME")
    return written


def read_language(written: str) -> str:
    """A language tag; raises ValueError."""
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", written):
        raise ValueError("a language such as de-DE")
    return written


def language_of(voice: str) -> str:
    """The language that a voice speaks by itself."""
    family, _, name = voice.partition(".")
    if family == "Polly":
        return POLLY_LANGUAGES[name.partition("-")[0]]
    if family == "Google":
        return "-".join(name.split("-")[:2])
    return OLD_LANGUAGE


def cast(voice: str | None, language: str | None, default: str) -> tuple[str, str]:
    """Who speaks, and in which language.

    A voice that was named speaks; a language alone finds a voice that speaks it, the `default` one if it does.
    """
    if voice is not None:
        return voice, language or language_of(voice)
    if language is None or language == language_of(default):
        return default, language_of(default)
    return _speaker(language) or default, language


def _speaker(language: str) -> str | None:
    names = POLLY.get(language) or next((POLLY[each] for each in POLLY if each.split("-")[0] == language), "")
    return f"Polly.{names.split()[0]}" if names else None
