"""Login: what is answered when an app asks who is there - with the user and password of its URL, Basic or Digest."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import parse_http_list, parse_keqv_list

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(slots=True)
class Login:
    """A user of one host, and the challenge that the host last made."""

    user: str
    password: str
    challenge: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def header(self, method: str, url: str, nonce: str) -> str:
        """The Authorization header for a request; `nonce` is our part of a digest."""
        if not self.challenge:
            return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        self.count += 1
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return "Digest " + self._digest(method, path, nonce[:16])

    def _digest(self, method: str, path: str, nonce: str) -> str:
        """RFC 7616, without `auth-int`."""
        ask = self.challenge
        algorithm = ask.get("algorithm", "MD5")
        make = HASHES[algorithm.upper().removesuffix("-SESS")]

        def hashed(*words: str) -> str:
            return make(":".join(words).encode()).hexdigest()

        realm, theirs, count = ask.get("realm", ""), ask.get("nonce", ""), f"{self.count:08x}"
        secret = hashed(self.user, realm, self.password)
        if algorithm.upper().endswith("-SESS"):
            secret = hashed(secret, theirs, nonce)
        asked = hashed(method, path)
        quoted = {"username": self.user, "realm": realm, "nonce": theirs, "uri": path}
        plain = {"algorithm": algorithm}
        if "qop" in ask:
            quoted |= {"response": hashed(secret, theirs, count, nonce, "auth", asked), "cnonce": nonce}
            plain |= {"qop": "auth", "nc": count}
        else:
            quoted["response"] = hashed(secret, theirs, asked)
        if "opaque" in ask:
            quoted["opaque"] = ask["opaque"]
        said = [f'{name}="{_escaped(value)}"' for name, value in quoted.items()]
        return ", ".join([*said, *(f"{name}={value}" for name, value in plain.items())])


def login(url: str, challenge: str) -> Login | None:
    """How to answer a WWW-Authenticate header (several stand on several lines) with the user of `url`; None: not."""
    user, colon, password = urlsplit(url).netloc.rpartition("@")[0].partition(":")
    if not user and not colon:
        return None
    user, password = unquote(user), unquote(password)
    for line in challenge.splitlines():
        scheme, _, rest = line.strip().partition(" ")
        if scheme.lower() == "basic":
            return Login(user, password)
        if scheme.lower() == "digest":
            asked = {name.lower(): value for name, value in _pairs(rest).items()}
            offered = [each.strip() for each in asked.get("qop", "auth").split(",")]
            known = asked.get("algorithm", "MD5").upper().removesuffix("-SESS") in HASHES
            if "auth" in offered and known:
                return Login(user, password, asked)
    return None


def _pairs(text: str) -> dict[str, str]:
    return parse_keqv_list([each for each in parse_http_list(text) if "=" in each])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
