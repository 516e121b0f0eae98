"""Passwords: what is wrong with a new one."""

from __future__ import annotations

PASSWORD_LENGTH_MIN = 8
PASSWORD_LENGTH_MAX = 128
PASSWORD_DIFFERENT_MIN = 4
"""A password needs this many different characters: `aaaaaaaa` is none."""

COMMON = frozenset(
    """password passwort passw0rd p@ssw0rd password1 password12 password123 passwort1 passwort123 12345678 123456789
    1234567890 87654321 11223344 12341234 1q2w3e4r 1q2w3e4r5t qwertyui qwertyuiop qwertzui qwertzuiop qwerty12
    qwerty123 qwertz123 asdfghjk asdfghjkl yxcvbnm1 zxcvbnm1 iloveyou sunshine princess football baseball superman
    batman123 dragon12 letmein1 letmein12 welcome1 welcome12 welcome123 willkommen willkommen1 hallo123 hallowelt
    changeme changeme1 secret12 geheim12 geheim123 admin123 administrator lozinka1 lozinka123 contrasena
    contraseña contrasena1 abcd1234 abc12345 abcdefgh aa123456 trustno1 starwars whatever computer internet
    dialtree""".split()
)
"""Passwords that every guesser tries first; compared without regard to case."""


def fault_of(name: str, password: str) -> str | None:
    """Say what is wrong with a new password for the account `name`, or None when it will do."""
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        return f"the password must have {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters (15 are better)"
    if password.casefold() in COMMON or len(set(password)) < PASSWORD_DIFFERENT_MIN:
        return "that password is among the first that anybody would try (a few words in a row are good)"
    if name.casefold() in password.casefold():
        return "the password must not contain the name"
    return None
