"""A small good hotline to be changed by tests."""

from __future__ import annotations

from ivr.menu.hotline import Examined, examine

SMALL = """\
hotline: small
numbers: ["+1 800 555 0142"]
languages: [en]
start: welcome
nodes:
  welcome:
    menu: Welcome.
    options:
      "1": {label: a question, goto: operator}
  operator:
    queue: service
    kind: question
  message:
    record: Please speak.
    kind: question
    then: goodbye
  goodbye:
    end: Goodbye.
queues:
  service: {overflow: message}
cases:
  question: {label: Question}
"""


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The small hotline with one passage replaced."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def codes(*texts: str) -> list[str]:
    """The codes of all faults in files of these texts."""
    return [fault.code for fault in look(*texts).faults]


def look(*texts: str) -> Examined:
    """What comes of reading files of these texts."""
    return examine({f"{number}.yaml": text for number, text in enumerate(texts, 1)})
