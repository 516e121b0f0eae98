"""People for tests of the supervisor's pages: accounts of each role and their browsers, logged in by the page."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient

from ivr.accounts import Accounts
from ivr.role import Role
from tests.ivr.web.desk_world import PASSWORD, QUICK, World


class Person:
    """Somebody at a browser: forms carry the word of their session."""

    def __init__(self, world: World, name: str, role: Role) -> None:
        Accounts(world.store, QUICK).set_password(name, PASSWORD, role)
        self.browser: FlaskClient = world.app.wsgi.test_client()
        self.browser.post("/login", data={"name": name, "password": PASSWORD})
        self.csrf = re.search(r'data-csrf="([^"]+)"', self.browser.get("/account").text)[1]

    def get(self, path: str) -> Any:
        """Look at a page."""
        return self.browser.get(path)

    def post(self, path: str, **fields: str) -> Any:
        """Send a form."""
        return self.browser.post(path, data={"csrf": self.csrf, **fields})


def supervisor(world: World, name: str = "vera") -> Person:
    """A supervisor."""
    return Person(world, name, Role.SUPERVISOR)


def administrator(world: World, name: str = "ada") -> Person:
    """An administrator."""
    return Person(world, name, Role.ADMINISTRATOR)
