"""Passwords: what is wrong with a new one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 128
PASSWORD_DIFFERENT_MIN = 4
"""A password needs this many different characters: `aaaaaaaa` is none."""

_LIST = Path(__file__).with_name("common_passwords.txt")
"""Of the 20,000 passwords that are met most often those long enough to be taken otherwise; the list is Django's."""

_OURS = frozenset(
    """passwort123 yxcvbnm1 letmein12 willkommen willkommen1 hallowelt geheim12 lozinka1 lozinka123 contraseña
    contrasena1 dialtree""".split()
)
"""What is tried first where our pages are read, and is not in the list."""


@cache
def common() -> frozenset[str]:
    """Passwords that every guesser tries first, in small letters."""
    return _OURS | frozenset(_LIST.read_text("utf-8").split())


def fault_of(name: str, password: str) -> str | None:
    """Say what is wrong with a new password for the account `name`, or None when it will do."""
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        return f"the password must have {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters (15 are better)"
    if password.casefold() in common() or len(set(password)) < PASSWORD_DIFFERENT_MIN:
        return "that password is among the first that anybody would try (a few words in a row are good)"
    if name.casefold() in password.casefold():
        return "the password must not contain the name"
    return None
