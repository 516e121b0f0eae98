"""Wording: what has changed in words that callers hear - in which languages, and whether a recording was forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.menu.words import Words
from ivr.view.plan.change import Change, Languages, Phrase, Sign, Subject
from ivr.view.telling import shortened

QUOTE_LENGTH_MAX = 120  # letters


def quote(words: Words, language: str) -> str:
    """Words as they are quoted in a plan: all plural forms, shortened."""
    return shortened(" / ".join(dict.fromkeys(words.every_text(language))), QUOTE_LENGTH_MAX)


def quote_any(words: Words) -> str:
    """The words in the first language that has any."""
    return quote(words, next(iter(words), ""))


def wording_changes(
    subject: Subject, old: Words | None, new: Words | None, rule: str, first: str, /, **about: object
) -> Iterator[Change]:
    """The changes from `old` to `new`; `rule` is that of the sentences: `RULE.changed`, `RULE.added`, `RULE.removed`.

    `first` is the language that is quoted where the words have changed in it.
    """
    if old == new:
        return
    if old is None or new is None:
        words: Words = old if new is None else new
        verb, sign = ("added", "+") if old is None else ("removed", "-")
        text = quote(words, first) or quote_any(words)
        yield _change(sign, subject, f"{rule}.{verb}", text=text, **about)
        return
    changed = [code for code in new if code in old and old.every_text(code) != new.every_text(code)]
    if changed:
        shown = first if first in changed else changed[0]
        before, after = _difference(quote(old, shown), quote(new, shown))
        values = {"old": before, "new": after, "languages": Languages((shown,)), **about}
        others = tuple(code for code in changed if code != shown)
        told = "changed_in_more" if others else "changed"
        yield _change("~", subject, f"{rule}.{told}", **values, **({"others": Languages(others)} if others else {}))
    yield from _recordings(subject, old, new, changed)


def _difference(old: str, new: str) -> tuple[str, str]:
    """Both texts; where shortening has made them alike, they are marked."""
    return (old, new) if old != new else (old, f"{new} …")


def _recordings(subject: Subject, old: Words, new: Words, changed: list[str]) -> Iterator[Change]:
    other = [code for code in new.recordings if old.recordings.get(code) not in (None, new.recordings[code])]
    if other:
        yield _change("~", subject, "plan.recording.changed", languages=Languages(tuple(other)))
    added = [code for code in new.recordings if code not in old.recordings]
    if added:
        yield _change("+", subject, "plan.recording.added", languages=Languages(tuple(added)))
    removed = [code for code in old.recordings if code not in new.recordings and code in new]
    if removed:
        yield _change("-", subject, "plan.recording.removed", languages=Languages(tuple(removed)))
    for code in changed:
        if code in new.recordings and new.recordings[code] == old.recordings.get(code):
            yield _change("!", subject, "plan.recording.stale", file=new.recordings[code], language=Languages((code,)))


def _change(sign: Sign, subject: Subject, rule: str, /, **values: object) -> Change:
    return Change(sign, subject, Phrase(rule, values))
