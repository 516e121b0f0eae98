"""The same centres as the other tests of routing have: every one on both floors."""

from tests.routing.conftest import centre, engine, open_centre

__all__ = ["centre", "engine", "open_centre"]
