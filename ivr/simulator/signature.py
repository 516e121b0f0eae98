"""Signature: how the carrier signs a request, so that the app knows who is asking.

https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import hmac
from binascii import b2a_base64
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit


def sign(token: str, url: str, form: Sequence[tuple[str, str]] = ()) -> str:
    """The value of X-Twilio-Signature for a request to `url` with the decoded pairs of its form (none for GET).

    Names are sorted by code point; of a repeated name the distinct values are appended in order. Fragment and
    user:password of the URL are not signed, everything else exactly as it is sent, port included.
    """
    pairs = sorted(form)
    if len(dict(pairs)) < len(pairs):
        pairs = sorted(set(pairs))
    text = as_sent(url) + "".join([name + value for name, value in pairs])
    return b2a_base64(_digest(token, text.encode()), newline=False).decode()


def _digest(token: str, text: bytes) -> bytes:
    """HMAC-SHA1, begun once for each token."""
    begun = _begun(token).copy()
    begun.update(text)
    return begun.digest()


@lru_cache(maxsize=100)
def _begun(token: str) -> hmac.HMAC:
    return hmac.new(token.encode(), digestmod="sha1")


@lru_cache(maxsize=1000)
def as_sent(url: str) -> str:
    """`url` without fragment and user:password: as it is requested, and as it is signed; no path is `/`."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    bare = urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
    head = url.partition("#")[0]
    return bare + "?" if head.endswith("?") and not bare.endswith("?") else bare
