"""Around: a small hotline that passes every rule, into which an example is put in place of what it names."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ivr.lint.subject import Known

WORDS: dict[str, dict[str, str]] = {
    "Welcome to Acme.": {"de": "Willkommen bei Acme.", "sr": "Добро дошли.", "es": "Bienvenido a Acme."},
    "a complaint": {"de": "eine Beschwerde", "sr": "жалбу", "es": "una queja"},
    "a message": {"de": "eine Nachricht", "sr": "поруку", "es": "un mensaje"},
    "Please leave a message after the tone.": {
        "de": "Bitte sprechen Sie nach dem Signalton.", "sr": "Оставите поруку после сигнала.",
        "es": "Deje un mensaje tras la señal.",
    },
    "Goodbye.": {"de": "Auf Wiederhören.", "sr": "Пријатно.", "es": "Adiós."},
    "Question": {"de": "Frage", "sr": "Питање", "es": "Pregunta"},
}  # fmt: skip

SMALL: dict[str, Any] = {
    "hotline": "small",
    "numbers": ["+1 800 555 0142"],
    "languages": ["en"],
    "start": "welcome",
    "nodes": {
        "welcome": {
            "menu": "Welcome to Acme.",
            "options": {
                "1": {"label": "a complaint", "goto": "person"}, "2": {"label": "a message", "goto": "message"},
            },
            "timeout_s": 10,
        },
        "person": {"queue": "service", "kind": "question"},
        "operator": {"goto": "person"},
        "message": {"record": "Please leave a message after the tone.", "kind": "question", "then": "goodbye"},
        "goodbye": {"end": "Goodbye."},
    },
    "queues": {"service": {"max_wait_s": 180, "overflow": "message"}},
    "cases": {"question": {"label": "Question"}},
}  # fmt: skip
SECTIONS = ("nodes", "queues", "hours", "surveys", "cases")


def around(example: str) -> dict[str, bytes]:
    """The small hotline's files with the example as one of them; what both name is left to the example."""
    example = re.sub(r"<U\+([0-9A-F]{4})>", lambda found: chr(int(found[1], 16)), example)
    named: dict[str, set[str]] = {}
    top = ""
    for line in example.splitlines():
        if found := re.match(r"(\w+):", line):
            top = found[1]
            named.setdefault(top, set())
        elif found := re.match(r"(?:  |\t)([\w ]+):", line):
            named.setdefault(top, set()).add(found[1])
    languages = re.search(r"^languages: \[(.*)\]", example, re.MULTILINE)
    spoken = [it.strip() for it in languages[1].split(",") if it.strip()] if languages else ["en"]
    rest: dict[str, Any] = {}
    for key, value in SMALL.items():
        if key in SECTIONS:
            rest[key] = {name: it for name, it in value.items() if name not in named.get(key, ())}
        elif key not in named:
            rest[key] = value
    written = yaml.safe_dump(_in(spoken or ["en"], rest), allow_unicode=True, sort_keys=False)
    return {"example.yaml": example.encode("utf-8"), "rest.yaml": written.encode("utf-8")}


def _in(languages: list[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in(languages, it) for key, it in value.items()}
    if isinstance(value, str) and value in WORDS and languages != ["en"]:
        return {it: value if it == "en" else WORDS[value].get(it, value) for it in languages}
    return value


KNOWN_FOR: dict[str, Known] = {
    "S112": Known(pressed={("welcome", "1"): 0.1, ("welcome", "2"): 0.8}),
    "V709": Known(asked_again={"short": 0.2}),
}
"""What has to be known besides for a rule to find anything."""
