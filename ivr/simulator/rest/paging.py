"""Paging: a list cut into pages, with the addresses of the pages around, as the older and the newer APIs write it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request as Asked

from ivr.simulator.rest.answer import MetaPage, Page, Resource, RestError

PAGE_SIZE, PAGE_SIZE_MAX = 50, 1000
PAGING = ("PageSize", "Page", "PageToken")


def paged(asked: Asked, page: Page) -> dict[str, Any]:
    """The page that was asked for."""
    cut = Cut(asked, page.resources)
    return _apart(page, cut) if isinstance(page, MetaPage) else _in_front(page, cut)


@dataclass(frozen=True, slots=True)
class Cut:
    """One page cut out of a list, and the addresses of its neighbours."""

    asked: Asked
    resources: list[Resource]

    @property
    def size(self) -> int:
        """How many fit a page."""
        size = self._number("PageSize", PAGE_SIZE)
        if not 1 <= size <= PAGE_SIZE_MAX:
            raise RestError(400, 20007, f"PageSize must be 1 to {PAGE_SIZE_MAX}, not {size}")
        return size

    @property
    def number(self) -> int:
        """Which page, from 0."""
        return self._number("Page", 0)

    @property
    def items(self) -> list[Resource]:
        """What is on it."""
        return self.resources[self.number * self.size : (self.number + 1) * self.size]

    def link(self, to: int) -> str | None:
        """The address of a page without its host; None where there is none."""
        if to < 0 or (to and to * self.size >= len(self.resources)):
            return None
        filters = [pair for pair in self.asked.args.items(multi=True) if pair[0] not in PAGING]
        token = [("PageToken", f"PA{to}")] if to else []
        query = urlencode([*filters, ("PageSize", str(self.size)), ("Page", str(to)), *token])
        return f"{self.asked.path}?{query}"

    def _number(self, name: str, default: int) -> int:
        written = self.asked.args.get(name, str(default))
        if not written.isdecimal() or len(written) > 9:
            raise RestError(400, 20006 if name == "Page" else 20007, f"{name} must be a whole number: {written[:20]}")
        return int(written)


def _in_front(page: Page, cut: Cut) -> dict[str, Any]:
    start = cut.number * cut.size
    return {
        page.key: cut.items,
        "page": cut.number,
        "page_size": cut.size,
        "start": start,
        "end": max(start, start + len(cut.items) - 1),
        "uri": cut.link(cut.number) or cut.asked.full_path,
        "first_page_uri": cut.link(0),
        "previous_page_uri": cut.link(cut.number - 1),
        "next_page_uri": cut.link(cut.number + 1),
    }


def _apart(page: MetaPage, cut: Cut) -> dict[str, Any]:
    links = {"first_page_url": 0, "previous_page_url": cut.number - 1, "next_page_url": cut.number + 1}
    host = cut.asked.host_url.rstrip("/")
    urls = {name: host + link if (link := cut.link(to)) else None for name, to in links.items()}
    meta = {"key": page.key, "page": cut.number, "page_size": cut.size, "url": cut.asked.url, **urls}
    return {page.key: cut.items, "meta": meta}
