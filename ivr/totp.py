"""One-time codes from a telephone's app (TOTP, RFC 6238): six digits, new each half minute, out of a shared secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import datetime
from urllib.parse import quote

STEP_S = 30
DIGITS = 6
SECRET_BYTES = 20
DRIFT_STEPS = 1
"""A telephone's clock may be so many steps off, either way."""


def code_at(secret: bytes, step: int) -> str:
    """The code of one step: HMAC-SHA-1 of its number, shortened as RFC 4226 section 5.3 says."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, code: str, now: datetime, after: int) -> int | None:
    """The step that `code` is right for, about now and `after` the one used last (each code opens once); else None."""
    present = int(now.timestamp()) // STEP_S
    right = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), code.encode("utf-8", "replace"))
        right = step if same and step > after else right
    return right


def written(secret: bytes) -> str:
    """The secret as people type it into the app: letters and digits, no padding."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def read(text: str) -> bytes:
    """The secret that was typed; nothing when it is none."""
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        return b""


def address(secret: bytes, account: str, issuer: str = "Dialtree") -> str:
    """The address that an app takes instead of the typed secret (otpauth:)."""
    label = f"{quote(issuer)}:{quote(account)}"
    return f"otpauth://totp/{label}?secret={written(secret)}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP_S}"
