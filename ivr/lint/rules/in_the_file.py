"""Y: how a hotline's files are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ivr.lint.rule import Finding, Limits, rule, told_by_check
from ivr.lint.spoken import Hit
from ivr.lint.subject import Subject, all_texts, spot_of
from ivr.menu.fault import cut
from ivr.menu.language.head import HOTLINE
from ivr.menu.language.leaf import YES

for _id, _fixes in {"Y001": "safe", "Y002": "safe", "Y003": "safe", "Y005": "safe", "Y008": "unsafe"}.items():
    told_by_check(_id, fixes=_fixes)  # type: ignore[arg-type]
for _id in ("Y000", "Y004", "Y006", "Y011", "Y012", "Y013", "Y014", "Y015", "Y016", "Y017", "Y018", "Y019"):
    told_by_check(_id)
for _id in ("Y020", "Y021", "Y022", "Y023", "Y024", "Y025", "Y026", "Y027", "Y028", "Y029", "Y030", "Y031"):
    told_by_check(_id)
told_by_check("Y009", "warning", "safe")  # a byte-order mark; ivr.lint.run looks at the bytes
told_by_check("Y090", "warning")  # allowances: ivr.lint.allowance
told_by_check("Y091", "warning")

_TAKEN_OTHERWISE = r"(?:yes|no|on|off|y|n|\d{1,2}:\d\d(?::\d\d)?|0\d+|\d{4}-\d\d?-\d\d?|\d+\.\d*0|\+\d+)"
_MAYBE = re.compile(rf"(?:^|[\s\[{{,:-]){_TAKEN_OTHERWISE}\s*(?:$|[:,\]}}#])", re.IGNORECASE | re.MULTILINE)
_TAKEN = re.compile(rf"{_TAKEN_OTHERWISE}\Z", re.IGNORECASE)


@rule("Y007", "warning", fixes="safe", drafts=True)
def taken_for_something_else(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Words without quotation marks that other programs take for a time, a date, a number or yes and no."""
    if not any(_MAYBE.search(text) for text in subject.texts_of_files.values()):
        return
    for name, text in all_texts(subject.written):
        meant = text.value in ("yes", "no") and name in _yes_or_no()
        if text.plain and not meant and _TAKEN.match(text.value):
            yield Finding(spot_of(text), {"word": text.value}, fix=subject.quoting(text))


@lru_cache(maxsize=1)
def _yes_or_no() -> frozenset[str]:
    """The names behind which yes or no is meant; every program takes them for that."""
    found, todo, seen = set(), [HOTLINE], set()
    while todo:
        shape = todo.pop()
        if id(shape) in seen:
            continue
        seen.add(id(shape))
        for key in getattr(shape, "keys", ()):
            found |= {key.name} if key.shape is YES else set()
            todo.append(key.shape)
        inner = [getattr(shape, name, None) for name in ("value", "item", "text", "items", "entries", "otherwise")]
        todo += [it for it in (*inner, *getattr(shape, "kinds", {}).values()) if it is not None]
    return frozenset(found)


_CYRILLIC, _LATIN = "А-Яа-яЂЈЉЊЋЏђјљњћџ", "A-Za-z"
_MIXED = re.compile(rf"[{_CYRILLIC}][{_LATIN}]|[{_LATIN}][{_CYRILLIC}]")
_LETTERS = re.compile(r"\w+")
_ALIKE = dict(zip("АВЕКМНОРСТХЈаеорсухјі", "ABEKMHOPCTXJaeopcyxji", strict=True))
_TO_CYRILLIC = str.maketrans({latin: cyrillic for cyrillic, latin in _ALIKE.items()})
_TO_LATIN = str.maketrans(_ALIKE)


@rule("Y010", "warning", fixes="safe", drafts=True)
def letters_of_two_scripts(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Words in which letters of one script stand for those of another that look the same."""
    for texts in subject.texts.values():
        looked_at = None
        for hit in texts.search(_MIXED):
            if hit.text is looked_at:
                continue  # its other words were told with the first one
            looked_at = hit.text
            for word in _LETTERS.finditer(hit.text):
                if _MIXED.search(word[0]):
                    yield _mixed_word(subject, Hit(hit.spoken, hit.language, hit.text, word.start(), word.end(), word))


def _mixed_word(subject: Subject, hit: Hit) -> Finding:
    word = hit.said
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word)
    to_cyrillic = cyrillic * 2 >= len(word)
    foreign = next(it for it in word if it.isalpha() and ("\u0400" <= it <= "\u04ff") != to_cyrillic)
    put_right = word.translate(_TO_CYRILLIC if to_cyrillic else _TO_LATIN)
    fix = None if _MIXED.search(put_right) else subject.replacing(hit, put_right, safe=True)
    variant = "latin_in_cyrillic" if to_cyrillic else "cyrillic_in_latin"
    return Finding(subject.spot_of_text(hit), {"word": cut(word), "letter": foreign}, variant, fix=fix)
