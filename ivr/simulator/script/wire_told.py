"""Wire told: the last webhooks of a call and the TwiML that came back, for whoever looks for a failure's reason."""

from __future__ import annotations

import re

from ivr.simulator.network import Network
from ivr.simulator.script.expectation import in_words

SHOWN = 2
TWIML_SHOWN_MAX = 2_000
_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)([^<>]*?)(/?)>")


def last_webhooks(network: Network) -> list[str]:
    """The last webhooks that controlled a call, newest last, the newest with its whole answer."""
    controlling = [each for each in network.webhooks if each.purpose == "call"][-SHOWN:]
    told = [f"  before it: {in_words(each)} -> {each.status or each.error}" for each in controlling[:-1]]
    for last in controlling[-1:]:
        told.append(f"  the last webhook: {in_words(last)} -> {last.status or last.error}")
        told += [f"    {line}" for line in pretty(last.answer[:TWIML_SHOWN_MAX])]
    return told


def pretty(document: str) -> list[str]:
    """A document with one tag or text a line, indented by its depth; what is no XML stays as it is."""
    if not document.lstrip().startswith("<"):
        return document.splitlines()
    lines, depth, at = [], 0, 0
    for tag in _TAG.finditer(document):
        lines += ["  " * depth + text.strip() for text in document[at : tag.start()].split("\n")]
        depth -= bool(tag[1])
        lines.append("  " * max(0, depth) + tag[0])
        depth = max(0, depth) + (not tag[1] and not tag[4])
        at = tag.end()
    return _joined([*lines, *document[at:].split("\n")])


def _joined(lines: list[str]) -> list[str]:
    """`<Say>`, its one line of text and `</Say>` on one line."""
    joined: list[str] = []
    for line in lines:
        text = line.strip()
        closes = re.fullmatch(r"</([\w.:-]+)>", text)
        if closes and len(joined) > 1 and not joined[-1].lstrip().startswith("<"):
            opener = re.match(r"\s*<([\w.:-]+)", joined[-2])
            if opener and opener[1] == closes[1]:
                words = joined.pop().strip()
                joined[-1] += words + text
                continue
        if text:
            joined.append(line)
    return joined
