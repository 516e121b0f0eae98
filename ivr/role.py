"""Role: what a person or a program may do on our pages; each role may do what the ones before it may."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """From who is not known at all to who runs the installation."""

    NOBODY = "nobody"
    VIEWER = "viewer"  # sees the floor and nothing else: a screen on the wall, or a program that reads figures
    REPRESENTATIVE = "representative"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    def contains(self, other: Role) -> bool:
        """Whether who has this role may do what `other` may."""
        return _ORDER[self] >= _ORDER[other]


_ORDER = {role: place for place, role in enumerate(Role)}

PERSONS = (Role.REPRESENTATIVE, Role.SUPERVISOR, Role.ADMINISTRATOR)
"""The roles that an account can have. A viewer has no account: a link or a token is enough."""

TOKEN_ROLES = (Role.VIEWER, *PERSONS)
"""The roles that a token can have."""
