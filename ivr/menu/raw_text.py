"""Slips of writing YAML (tabs, stars, second colons, open quotes) told in plain words from the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.menu.fault import Said, line_of, lines_of, say

Found = tuple[int, int, int, Said, Said | None]
"""Line, column, end column (all from 1), what is wrong, and what would be right."""

_TAB = re.compile(r"^ *\t")
_HASH_KEY = re.compile(r"^\s*(#)\s*:(\s|$)")
_CURLY_KEY = re.compile(r"^\s*(?:- +)?([“”„«‘’‚][^“”„«»‘’]*[“”»‘’])\s*:(\s|$)")
_CURLY_SIGNS = "“”„«‘‚"
_CURLY_IN_FLOW = re.compile(
    r"(?:[{,]\s*[\w-]+:\s+|\[\s*)([“”„«‘‚][^“”„«»‘’\"{}\[\]]*,[^“”„«»‘’\"{}\[\]]*[“”»‘’])\s*[,}\]]"
)
"""A text in curly quotation marks within brackets, and a comma in it that ends it."""

_STAR = re.compile(r"^\s*(?:- +)?(?:[^#'\"]*?:\s+)?(\*)(\s*:|\s|$)")
_NAME = r"""(?:[^\s'"{\[#][^:'"]*|"[^"]*"|'[^']*')"""
_PLAIN_VALUE = re.compile(rf"^\s*(?:- +)?{_NAME}:\s+" r"([^'\"{\[|>&*!%@`#].*:(\s.*|$))")
_NO_SPACE = re.compile(r"^\s*(?:- +)?([A-Za-z0-9_*#]{1,40}):([^\s:/].{0,200})$")
_NO_COLON = re.compile(r"^\s*[^\s:#'\"\[\]{},&*!|>%@`-][^:#'\"\[\]{}]*$")
_NO_DASH_SPACE = re.compile(r"^\s*(-)([^\s-].{0,200})$")
_COLON_IN_FLOW = re.compile(r"[{,]\s*[\w-]+:\s+([^\s\"'{\[,}][^,{}\[\]]*?:)\s")
_ENTRY = re.compile(rf"^\s*(?:- +)?{_NAME}:(\s|$)")
_NAME_WITHOUT_COLON = re.compile(r"""^\s*(?:- +)?("[^"]*"|'[^']*')\s+[^:\s#]""")
_BRACE_IN_FRONT = re.compile(r"(?:^\s*(?:- +)?|:\s+)(\{)\w+\}\s*[^\s,}\]#]")
_APOSTROPHE = re.compile(r"[:\[{,-]\s+'[^']*\w(')\w")
_ESCAPE = re.compile(
    r"""[:\[{,-]\s+"(?:[^"\\]|\\[nrtbfve0aN_LP "/\\]|\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))*?"""
    r"""(\\)(?:[^nrtbfve0aN_LP "/\\xuU]|[xuU](?![0-9A-Fa-f]{2})|"\s*(?:[,}\]]|$))"""
)
_HARD_SPACE = re.compile("^ *(\u00a0)|^ *(?:- +)?[\\w\"'*#]+:(\u00a0)")
_TWO_COMMAS = re.compile(r",\s*(,)")
_TEXT_BELOW = re.compile(r":\s+([|>])[-+]?[ \t]+[^\s#]")
_QUOTE = re.compile(r"""(?:^\s*|[:\[{,-]\s+|[\[{])(["'])""")
_IN_FLOW = re.compile(r"[{\[,]\s*(?:[\w-]+:\s+)?(\*)\s*[:,}\]]")

_SIGNS = (
    (_APOSTROPHE, "Y011.word", say("hint.write_so", text="''")),
    (_ESCAPE, "Y011.word", say("hint.write_so", text="\\\\")),
    (_BRACE_IN_FRONT, "Y011.start", say("hint.quote_the_text")),
    (_TEXT_BELOW, "Y011.start", say("hint.quote_the_text")),
    (_TWO_COMMAS, "Y006.extra", say("hint.delete_it")),
)
"""Signs that mean something to YAML where they stand, what is said of them, and what would be right."""

OPEN_LINES_MAX = 20
MOVED_LINES_MAX = 200


def hidden_faults(text: str) -> Iterator[Found]:
    """Slips that are good YAML and mean something else, so that the parser never stumbles over them."""
    curly = any(sign in text for sign in _CURLY_SIGNS)
    for number, line in _written_lines(text):
        if curly and (found := _CURLY_IN_FLOW.search(line)) and line.count('"', 0, found.start(1)) % 2 == 0:
            word = found[1][1:-1]
            yield number, found.start(1) + 1, found.end(1) + 1, say("Y027"), say("hint.quote_so", text=f'"{word}"')
        elif found := _HASH_KEY.match(line):
            column = found.start(1) + 1
            yield number, column, column + 1, say("Y003.key"), say("hint.quote_so", text='"#"')
        elif found := _CURLY_KEY.match(line):
            word = found[1][1:-1]
            yield number, found.start(1) + 1, found.end(1) + 1, say("Y027"), say("hint.quote_so", text=f'"{word}"')


def _written_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with anything on them, each with its number from 1; a file may hold a million others."""
    return ((number, line) for number, line in enumerate(lines_of(text), 1) if line and not line.isspace())


def slips(text: str) -> Iterator[Found]:
    """What a parser may have stumbled over; asked only once it has, for inside long texts all of it is allowed."""
    for number, line in _written_lines(text):
        if _TAB.match(line):
            column = line.index("\t") + 1
            yield number, column, column + 1, say("Y001"), say("hint.space_bar")
        elif found := _HARD_SPACE.match(line):
            column = found.start(found.lastindex or 1) + 1
            yield number, column, column + 1, say("Y016", number="00A0"), say("hint.space_bar")
        elif found := _STAR.match(line) or _IN_FLOW.search(line):
            column = found.start(1) + 1
            yield number, column, column + 1, say("Y002"), say("hint.quote_so", text='"*"')


def explain_syntax_error(text: str, at: tuple[int, int], problem: str, opened: tuple[int, int] | None) -> Found:
    """What the parser's `problem` at line and column means to the author; `opened`: where the part it is in began."""
    line, column = at
    here = line_of(text, line)
    column = min(column, len(here) + 1)
    if problem == "alias":
        return _star(here, line, column)
    if opened and (found := _opened(text, opened, problem)):
        return found
    if (here := line_of(text, line)) and (found := _in_the_line(here, line)):
        return found
    for number in (line, line - 1):
        if found := _PLAIN_VALUE.match(line_of(text, number)):
            start, end = found.span(1)
            return number, start + 1, end + 1, say("Y005"), say("hint.quote_the_text")
    if quote := _open_quote(text, line):
        return quote
    if not here.strip() and (bracket := _open_bracket(text, line, OPEN_LINES_MAX)):
        return bracket
    if here[column - 1 : column] in tuple("@`%&!|>"):
        return line, column, column + 1, say("Y011.start", sign=here[column - 1]), say("hint.quote_the_text")
    if line_slip := _line_slip(text, line, column):
        return line_slip
    if opened and line_of(text, opened[0])[opened[1] - 1 : opened[1]] in ("[", "{"):
        return line, column, column + 1, say("Y000.stuck"), say("hint.quote_signs")
    return line, column, column + 1, say("Y000.stuck"), say("hint.look_at_the_line_above")


def _star(here: str, line: int, column: int) -> Found:
    """A star that YAML takes for a copy: behind <<, in front of a word, or alone."""
    if here[: column - 1].rstrip().endswith("<<:"):
        start = here.index("<<") + 1
        return line, start, start + 2, say("Y013"), say("hint.write_them_out")
    word = here[column : column + 1].isalnum()
    return line, column, column + 1, say("Y002"), say("hint.quote_the_text" if word else "hint.quote_so", text='"*"')


def _opened(text: str, at: tuple[int, int], problem: str) -> Found | None:
    """What is wrong with the part that the parser was in, by the sign it began with."""
    line, column = at
    sign = line_of(text, line)[column - 1 : column]
    if sign == "*":
        return line, column, column + 1, say("Y002"), say("hint.quote_the_text")
    if sign == "&":
        return line, column, column + 1, say("Y011.word", sign=sign), say("hint.quote_it")
    if sign in ("'", '"') and "unexpected" in problem:
        return line, column, column + 1, say("Y006.quote", line=line), say("hint.end_with", sign=sign)
    return _open_bracket(text, line)


def _in_the_line(here: str, line: int) -> Found | None:
    """What one line shows by itself: a sign that means something to YAML, a bracket too many, a second colon."""
    for pattern, key, hint in _SIGNS:
        if found := pattern.search(here):
            column = found.start(1) + 1
            return line, column, column + 1, say(key, sign=found[1]), hint
    if found := _NO_DASH_SPACE.match(here):
        text = say("hint.write_so", text=f"- {found[2]}")
        return line, found.start(1) + 1, found.start(1) + 2, say("Y031"), text
    for opens, closes in ("[]", "{}"):
        if here.count(closes) > here.count(opens) > 0:
            column = here.rindex(closes) + 1
            return line, column, column + 1, say("Y006.extra", sign=closes), say("hint.delete_it")
        if opens not in here and here.rstrip().endswith(closes) and _PLAIN_VALUE.match(here):
            column = here.rindex(closes) + 1
            return line, column, column + 1, say("Y006.extra", sign=closes), say("hint.add", what=opens)
    if found := _COLON_IN_FLOW.search(here):
        return line, found.start(1) + 1, found.end(1) + 1, say("Y005"), say("hint.quote_or_comma")
    return None


def _line_slip(text: str, line: int, column: int) -> Found | None:
    """A colon without a space, no colon at all, or another indentation than the neighbours'; here or just above."""
    for number in (line - 1, line):
        here = line_of(text, number)
        if found := _NAME_WITHOUT_COLON.match(here):
            return number, found.start(1) + 1, found.end(1) + 1, say("Y029"), say("hint.name_and_colon")
        if found := _NO_SPACE.match(here):
            written = say("hint.write_so", text=f"{found[1]}: {found[2]}")
            return number, found.start(1) + 1, found.end(1) + 2, say("Y028", name=found[1]), written
        if _NO_COLON.match(here):
            start = len(here) - len(here.lstrip())
            return number, start + 1, len(here) + 1, say("Y029"), say("hint.name_and_colon")
    here = line_of(text, line)
    start = len(here) - len(here.lstrip(" "))
    if start and (number := _moved_to_the_margin(text, line, start)):
        name = line_of(text, number).partition(":")[0]
        return number, 1, len(name) + 1, say("Y030"), say("hint.same_spaces")
    if column <= here.find(":") + 1 and _ENTRY.match(here) and start != _indentation_above(text, line):
        return line, start + 1, max(len(here.split(":")[0]), start + 1) + 1, say("Y030"), say("hint.same_spaces")
    return None


def _moved_to_the_margin(text: str, line: int, start: int) -> int | None:
    """The line, above one that begins behind `start` spaces, that stands at the margin though its own entries begin
    further right: it was moved there from among those that `line` belongs to."""
    first = None
    for number in range(line - 1, max(line - MOVED_LINES_MAX, 0), -1):
        above = line_of(text, number)
        if above.strip() and not above.lstrip().startswith("#"):
            if not above.startswith(" "):
                return number if first is not None and first > start and _ENTRY.match(above) else None
            first = len(above) - len(above.lstrip(" "))
    return None


def _indentation_above(text: str, line: int) -> int:
    for number in range(line - 1, max(line - OPEN_LINES_MAX, 0), -1):
        above = line_of(text, number)
        if above.strip() and not above.lstrip().startswith("#"):
            return len(above) - len(above.lstrip(" "))
    return 0


def _open_bracket(text: str, last_line: int, lines_max: int = 1) -> Found | None:
    """The nearest line, at or above `last_line`, with a bracket that is not closed on it."""
    for line in range(last_line, max(last_line - lines_max, 0), -1):
        here = line_of(text, line)
        for opens, closes in ("[]", "{}"):
            if here.count(opens) > here.count(closes):
                column = here.rindex(opens) + 1
                return line, column, column + 1, say("Y006.bracket", sign=opens), say("hint.close_it")
    return None


def _open_quote(text: str, last_line: int) -> Found | None:
    """The nearest line, at or above `last_line`, with a text in quotation marks that does not end."""
    for line in range(last_line, max(last_line - OPEN_LINES_MAX, 0), -1):
        here = line_of(text, line)
        for found in _QUOTE.finditer(here):
            if here.count(found[1]) % 2 and found.start(1) == here.rindex(found[1]):
                column = found.start(1) + 1
                return line, column, column + 1, say("Y006.quote", line=line), say("hint.end_with", sign=found[1])
    return None
