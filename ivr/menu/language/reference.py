"""Reference: the language as a page for people, docs/menus.md, with every key and an example of everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ivr.menu.check import PLACEHOLDERS
from ivr.menu.language.alarm_limits import ALARMS, QUEUE_ALARMS
from ivr.menu.language.asking import OPTION, RETRY, SWITCH
from ivr.menu.language.calendars import CALENDAR, CLOSING, PERIOD
from ivr.menu.language.conditions import CONDITIONS
from ivr.menu.language.contacts import CONTACT
from ivr.menu.language.desk_forms import CASE, FIELD, LATER, QUESTION, SURVEY, SURVEY_MESSAGE
from ivr.menu.language.head import CONVENTIONS, EMERGENCY, FIRST, HOTLINE, SECTIONS
from ivr.menu.language.mailboxes import MAILBOX
from ivr.menu.language.nodes import CALLBACK, LOOKUP, NODES
from ivr.menu.language.queues import (
    ANNOUNCE,
    CALLBACKS,
    EXIT,
    KNOWN_WHILE_WAITING,
    OVERFLOW_WHEN,
    QUEUE,
    RELAX,
    SERVICE_LEVEL,
)
from ivr.menu.language.shape import Group, Key
from ivr.menu.language.spoken import TEXT_LENGTH_MAX
from ivr.menu.language.whom import RESTS, TIER
from ivr.menu.reader import DEPTH_MAX, FILE_BYTES_MAX
from ivr.menu.reader import NODES_MAX as ENTRIES_MAX

INTRO = """\
# What stands in a hotline's files

<!-- Made by `ivr.menu.language.reference` from what the reader itself goes by. A test keeps the two alike. -->

A hotline is a folder of files ending in `.yaml`, as many as you like, in folders of their own if you like: all of them
together are one hotline. `ivr new NAME` makes one to begin with, `ivr check` says what is wrong in one, and
`ivr check --watch` says it again whenever you save. An editor with a YAML language server completes names, explains
them and underlines mistakes when a file begins with

```
# yaml-language-server: $schema=../hotline.schema.json
```

Everything is taken as it is typed. Still write keys, telephone numbers and texts with a colon, `#`, `*` or braces in
quotation marks. Names (of steps, queues, calendars ...) are small letters a-z, digits and `_`.
"""

WORDS_PAGE = f"""\
## Words

Wherever *words* are asked for, write them once for each language of the hotline:

```yaml
nodes:
  hello:
    say: {{en: Hello., de: Guten Tag.}}
    goto: welcome
```

A hotline with one language needs no `en:`. Up to {TEXT_LENGTH_MAX} letters may stand in one text.

Names in braces are filled in: what callers typed (`{{order_number}}`), what was set or looked up, and
{", ".join(f"`{{{it}}}`" for it in PLACEHOLDERS)}; in the announcements of a queue also
{" and ".join(f"`{{{it}}}`" for it in KNOWN_WHILE_WAITING)}. Where a text depends on a number, write its forms behind
the name of that number. English and German need `one` and `other`, Serbian `one`, `few` and `other`, Spanish `one`
and `other`:

```yaml
nodes:
  count:
    set: {{parcels: "2"}}
    goto: how_many
  how_many:
    say:
      en: {{parcels: {{one: One parcel is on its way., other: "{{parcels}} parcels are on their way."}}}}
      de: {{parcels: {{one: Ein Paket ist unterwegs., other: "{{parcels}} Pakete sind unterwegs."}}}}
    goto: welcome
```

A recording is a `.wav` or `.mp3` file in the hotline's folder `recordings`. Its text is needed as well: it is spoken
where there is no recording, and it is what transcripts show.

```yaml
nodes:
  recorded:
    say:
      say: {{en: Welcome., de: Willkommen.}}
      recording: {{en: welcome_en.wav}}
    goto: welcome
```
"""


def reference() -> str:
    """The whole page, Markdown."""
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield INTRO
    yield WORDS_PAGE
    yield "## The hotline itself\n"
    yield "These stand at the left margin, each once, in any of the files.\n"
    yield _table(FIRST)
    yield _example(HOTLINE.examples[0])
    yield from _parts(3, {"conventions": CONVENTIONS, "emergency": EMERGENCY, "alarms": ALARMS})
    yield "These are lists of their own and may be spread over several files.\n"
    yield _table(SECTIONS)
    yield "## Steps: `nodes`\n"
    yield (
        "Each step has a name of its own and is of exactly one kind. The step called `operator` is where callers go "
        "who press 0, or who press nothing for too long.\n"
    )
    for kind, group in NODES.items():
        yield from _section(3, kind, group)
        if kind == "menu":
            parts = {"an option": OPTION, "an option that changes the language": SWITCH, "silence and wrong_key": RETRY}
            yield from _parts(4, parts)
        if kind == "when":
            yield "Each rule is one of these conditions and a `goto`. Conditions within conditions have none.\n"
            yield from _parts(4, CONDITIONS)
        if kind == "lookup":
            yield from _parts(4, {"lookup": LOOKUP})
        if kind == "callback":
            yield from _parts(4, {"callback": CALLBACK})
    yield from _section(2, "Queues: `queues`", QUEUE, code=False)
    queue_parts = {
        "announce": ANNOUNCE,
        "overflow_when": OVERFLOW_WHEN,
        "callbacks": CALLBACKS,
        "alarms": QUEUE_ALARMS,
        "an exit": EXIT,
        "a step of relax": RELAX,
        "service_level": SERVICE_LEVEL,
        "one of tiers": TIER,
        "rests": RESTS,
    }
    yield from _parts(3, queue_parts)
    yield from _section(2, "Kinds of contacts: `contacts`", CONTACT, code=False)
    yield from _section(2, "Opening hours: `hours`", CALENDAR, code=False)
    yield from _parts(3, {"one of periods": PERIOD, "one of closings": CLOSING})
    yield from _section(2, "Surveys: `surveys`", SURVEY, code=False)
    yield from _parts(3, {"a question": QUESTION, "message": SURVEY_MESSAGE, "later": LATER})
    yield from _section(2, "Cases: `cases`", CASE, code=False)
    yield from _parts(3, {"a field": FIELD})
    yield from _section(2, "E-mail: `mail`", MAILBOX, code=False)
    yield "## Lists of callers, dispositions and texts\n"
    yield from map(_example, HOTLINE.examples[1:])
    yield "## How much there may be\n"
    yield (
        f"One file: {FILE_BYTES_MAX // 1024} KiB, {ENTRIES_MAX:,} entries, {DEPTH_MAX} levels. All files of a hotline "
        "together: 1024 KiB. Copies (`&`, `*`, `<<`), tags (`!`) and a second part after `---` are refused: what a "
        "caller hears stands where it is read."
    )


def _section(level: int, title: str, group: Group, *, code: bool = True) -> Iterator[str]:
    yield f"{'#' * level} {f'`{title}`' if code else title}\n"
    yield f"{group.meaning}\n"
    yield _table(group.keys)
    yield from map(_example, group.examples)


def _parts(level: int, groups: Mapping[str, Group]) -> Iterator[str]:
    for title, group in groups.items():
        yield from _section(level, title, group, code=title in {key.name for key in group.keys} or " " not in title)


def _table(keys: Iterable[Key]) -> str:
    rows = ["| name | what stands there | left out | meaning |", "|---|---|---|---|"]
    for key in keys:
        cells = (f"`{key.name}`", key.shape.takes(), _left_out(key), key.meaning)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def _left_out(key: Key) -> str:
    if key.required:
        return "**needed**"
    if key.left_out:
        return key.left_out
    return _shown(key.default)


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    if default in (None, "", ()) or default == {}:
        return "none"
    return f"`{default}`"


def _example(text: str) -> str:
    return f"```yaml\n{text}```\n"
