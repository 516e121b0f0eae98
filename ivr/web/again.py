"""Asked again: webhooks that a busy database kept us from answering, until the carrier brings them once more."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from ivr.webhook import Webhook

TIMES_MAX = 3
"""A database that is busy so often in a row is broken, and the caller is taken to the fallback."""
KEPT_MAX = 10_000


@dataclass(slots=True)
class _Unanswered:
    webhook: Webhook
    times: int


class AskedAgain:
    """What was not answered, in memory only: a redirect brings no keys, and nobody is made to press them again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], _Unanswered] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, webhook: Webhook, url: str) -> bool:
        """Keep a webhook that could not be answered; False when it has been asked too often."""
        with self._lock:
            kept = self._kept.setdefault((webhook.sid, url), _Unanswered(webhook, 0))
            kept.times += 1
            while len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
            return kept.times <= TIMES_MAX

    def recall(self, webhook: Webhook, url: str) -> Webhook:
        """The webhook with what came with it the first time."""
        with self._lock:
            kept = self._kept.get((webhook.sid, url))
        return replace(webhook, values={**kept.webhook.values, **webhook.values}) if kept else webhook

    def forget(self, webhook: Webhook, url: str) -> None:
        """It has been answered."""
        with self._lock:
            self._kept.pop((webhook.sid, url), None)
