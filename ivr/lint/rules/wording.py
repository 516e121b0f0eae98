"""P: how things are said - what first, how long, and in words that help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, pairwise

from ivr.lint import terms
from ivr.lint.fix import Fix
from ivr.lint.lengths import each_length
from ivr.lint.rule import Finding, Limits, rule, told_by_check
from ivr.lint.spoken import WAITING, Hit, Role, Spoken
from ivr.lint.subject import Subject
from ivr.menu import tree as t

for _id in ("P214", "P215", "P216", "P221", "P222", "P223", "P224", "P226"):
    told_by_check(_id)
told_by_check("P225", "warning")


def _found(subject: Subject, what: terms.ByLanguage, roles: tuple[Role, ...] = ()) -> Iterator[Hit]:
    for language, texts in subject.texts.items():
        yield from texts.hits(what[language].stems, what[language].pattern, roles)


@rule("P201", "warning", fixes="unsafe", drafts=True)
def key_before_choice(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Sentences that name the key before what it is for."""
    for hit in _found(subject, terms.KEY_FIRST):
        verb, key, for_, what = hit.match.groups()
        turned = _turned(hit.language, verb, key, for_, what.strip())
        whole = Hit(hit.spoken, hit.language, hit.text, hit.start, hit.start + len(hit.said.rstrip()), hit.match)
        fix = subject.replacing(whole, turned, safe=False) if turned else None
        yield Finding(subject.spot_of_text(whole), {"words": whole.said, "example": turned or hit.said}, fix=fix)


def _turned(language: str, verb: str, key: str, for_: str, what: str) -> str:
    lead = for_[:1].upper() + for_[1:]
    if language == "de" and for_.lower() in ("um", "wenn"):
        return f"{lead} {what}, {verb[:1].lower() + verb[1:]} {key}"
    comma = "," if language in ("en", "es") else ""
    return f"{lead} {what}{comma} {verb[:1].lower() + verb[1:]} {key}"


@rule("P202", "warning", words_s=(8, 8))
def long_before_the_first_choice(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus that begin with a speech. What is said just before the first menu counts."""
    before_s = _said_before(subject)
    for menu in subject.menus:
        by_language = [
            (length.words_s + before_s.get((menu.name, language), 0.0), language)
            for language, length in each_length(subject.lengths, menu)
        ]
        worst_s, language = max(by_language)
        if worst_s > limits["words_s"] and len(menu.options) > 1:
            yield Finding(subject.spot("nodes", menu.name, "menu"), {"seconds": round(worst_s), "language": language})


def _said_before(subject: Subject) -> dict[tuple[str, str], float]:
    """What is said from the beginning of the call to the first menu, by menu and language, in seconds."""
    found: dict[tuple[str, str], float] = {}
    for language in subject.tree.languages:
        passed_s, name, seen = 0.0, subject.tree.start, set[str]()
        while name not in seen and isinstance(node := subject.tree.nodes.get(name), t.Say | t.Goto):
            seen.add(name)
            passed_s += subject.lengths.words_s(node.words, language) if isinstance(node, t.Say) else 0.0
            name = node.goto
        found[name, language] = passed_s
    return found


@rule("P203", "warning", choice_s=(4.5, 4.5))
def a_long_choice(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Choices that take long to say."""
    for menu in subject.menus:
        for option in menu.options:
            if option.language:
                continue
            length_s, language = max((subject.lengths.choice_s(option, it), it) for it in subject.tree.languages)
            if length_s > limits["choice_s"]:
                spoken = Spoken("nodes", menu.name, "label", option.label)
                values = {"seconds": round(length_s, 1), "language": language, "key": option.key}
                yield Finding(subject.spot_of_words(spoken, language), values)


@rule("P204", "warning", menu_s=(30, 30))
def a_long_menu(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Menus that take long to say."""
    for menu in subject.menus:
        language, length_s = subject.lengths.longest(menu)
        if length_s > limits["menu_s"]:
            values = {"seconds": round(length_s), "language": language}
            yield Finding(subject.spot("nodes", menu.name), values)


@rule("P205", "warning", drafts=True)
def empty_courtesies(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """What callers dislike most: being told that they matter while nobody comes."""
    for hit in _found(subject, terms.FLATTERY):
        yield Finding(subject.spot_of_text(hit), {"words": hit.said})


@rule("P206", "warning", drafts=True)
def sent_to_the_website(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """The website, praised to people who have chosen to call."""
    for texts in subject.texts.values():
        for hit in texts.hits(terms.WEB_ADDRESS.stems, terms.WEB_ADDRESS.pattern, WAITING):
            yield Finding(subject.spot_of_text(hit), {"words": hit.said})


@rule("P207", "advice", fixes="safe", drafts=True)
def not_press(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Other words for pressing a key."""
    for hit in _found(subject, terms.NOT_PRESS):
        by = terms.END_THE_CALL.get(hit.said.lower(), terms.PRESS[hit.language])
        by = by[:1].upper() + by[1:] if hit.said[:1].isupper() else by
        fix = subject.replacing(hit, by, safe=True)
        yield Finding(subject.spot_of_text(hit), {"words": hit.said, "better": by}, fix=fix)


@rule("P208", "warning", drafts=True)
def blaming(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Words that put the blame on the caller."""
    for hit in _found(subject, terms.BLAME, ("greeting", "ask", "retry", "say", "queue", "announce", "callback")):
        yield Finding(subject.spot_of_text(hit), {"words": hit.said})


@rule("P209", "advice", similarity=(0.8, 0.8))
def sounding_alike(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Choices of one menu that can be mistaken for each other."""
    for menu in subject.menus:
        labelled = [option for option in menu.options if option.label]
        for language in subject.tree.languages:
            said = [_Label(option, option.label.get(language, "")[:HEARD_MAX].casefold()) for option in labelled]
            pair = next((pair for pair in combinations(said, 2) if _alike(*pair, limits["similarity"])), None)
            if pair:
                one, other = (it.option.label for it in pair)
                spot = subject.spot_of_words(Spoken("nodes", menu.name, "label", other), language)
                yield Finding(spot, {"one": one[language], "other": other[language]})
                break  # told once, not in each language


HEARD_MAX = 80  # characters of a label by which it is told from another; nobody listens longer


class _Label:
    """A label by ear: its words, and its pairs of letters, which two that are alike must share."""

    __slots__ = ("option", "pairs", "text")

    def __init__(self, option: t.Option, text: str) -> None:
        self.option, self.text = option, text
        self.pairs = {*pairwise(text)}


def _alike(one: _Label, other: _Label, similarity: float) -> bool:
    a, b = one.text, other.text
    if a == b:
        return False  # the same label is a matter of its own
    if a[:4] == b[:4]:
        first, second = a.split(), b.split()
        if len(first) > 2 and len(second) > 2 and first[:2] == second[:2] and len(first[0] + first[1]) > 6:
            return True
    if 2 * min(len(a), len(b)) < similarity * (len(a) + len(b)):
        return False  # too different in length to be so similar
    if 4 * len(one.pairs & other.pairs) < len(one.pairs) + len(other.pairs):
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= similarity


@rule("P210", "advice", fixes="unsafe", drafts=True)
def old_news(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Requests to listen carefully, and news that a menu has changed."""
    told: set[tuple[str, str]] = set()
    for hit in _found(subject, terms.OLD_NEWS):
        owner = (hit.spoken.name, hit.language)
        if owner not in told:
            told.add(owner)
            yield Finding(subject.spot_of_text(hit), {"words": hit.said}, fix=_without_sentence(subject, hit))


def _without_sentence(subject: Subject, hit: Hit) -> Fix | None:
    """Take out the whole sentence, unless nothing else is said."""
    start = max(hit.text.rfind(stop, 0, hit.start) for stop in ".!?") + 1
    ends = [end for stop in ".!?" if (end := hit.text.find(stop, hit.end)) >= 0]
    end = min(ends) + 1 if ends else len(hit.text)
    if not (hit.text[:start] + hit.text[end:]).strip():
        return None
    if start == 0:
        end += len(hit.text[end:]) - len(hit.text[end:].lstrip())
    whole = Hit(hit.spoken, hit.language, hit.text, start, end, hit.match)
    return subject.replacing(whole, "", safe=False)


@rule("P211", "warning", drafts=True)
def hard_to_read_aloud(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """What a voice stumbles over: abbreviations, signs, pictures."""
    for texts in subject.texts.values():
        hits = [
            *texts.hits(terms.STUMBLES.stems, terms.STUMBLES.pattern),
            *(texts.search(terms.PICTURES) if not texts.joined.isascii() else ()),
        ]
        for hit in hits:
            if hit.spoken.role != "sms" and not _in_address(hit):
                yield Finding(subject.spot_of_text(hit), {"words": hit.said})


def _in_address(hit: Hit) -> bool:
    return any(start <= hit.start < end for start, end in _addresses(hit.text))


@lru_cache(maxsize=1000)
def _addresses(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(it.span() for it in terms.WEB_ADDRESS.pattern.finditer(text))


_SENTENCES = re.compile(r"[^.!?:;]+")


@rule("P212", "advice", drafts=True, words=(20, 20))
def hard_to_understand(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Words that callers do not use, and sentences too long to follow by ear."""
    for hit in _found(subject, terms.JARGON):
        yield Finding(subject.spot_of_text(hit), {"words": hit.said}, "jargon")
    most = int(limits["words"])
    for language, texts in subject.texts.items():
        for owner, text in texts:
            if text.count(" ") < most:
                continue
            for match in _SENTENCES.finditer(text):
                if match[0].strip().count(" ") >= most:
                    start = match.start() + len(match[0]) - len(match[0].lstrip())
                    hit = Hit(owner, language, text, start, match.end(), match)
                    values = {"count": match[0].strip().count(" ") + 1, "most": most}
                    yield Finding(subject.spot_of_text(hit), values, "sentence")


@rule("P213", "warning", fixes="unsafe", drafts=True)
def dictated_once(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Numbers and addresses to be written down, said only once."""
    for texts in subject.texts.values():
        for hit in texts.hits(terms.DICTATED_STEMS, terms.DICTATED):
            if hit.text.count(hit.said) == 1 and hit.spoken.role not in ("sms", "label"):
                end = Hit(hit.spoken, hit.language, hit.text, len(hit.text), len(hit.text), hit.match)
                fix = subject.replacing(end, f" {ONCE_MORE[hit.language]} {hit.said}.", safe=False)
                yield Finding(subject.spot_of_text(hit), {"words": hit.said}, fix=fix)


ONCE_MORE = {"en": "Once more,", "de": "Noch einmal,", "sr": "Још једном,", "es": "Otra vez,"}
