"""Answer: what the REST routes give back - resources, pages of them, or an error with the carrier's number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from ivr.simulator.network import Network

Resource = dict[str, Any]
VERSION = "2010-04-01"
NUMBER_MAX = 12  # digits


class RestError(Exception):
    """A refusal: HTTP status, the carrier's error number, and what would be right."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Created:
    """A resource that was made by this request (201)."""

    resource: Resource


@dataclass(frozen=True, slots=True)
class Page:
    """A list, to be cut into pages; `key` is what the list is called."""

    key: str
    resources: list[Resource]


@dataclass(frozen=True, slots=True)
class MetaPage(Page):
    """The same, as the newer APIs write it: what is said of the page stands apart, in `meta`."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Deleted (204)."""


Answered = Resource | Created | Page | MetaPage | Gone | Response


@dataclass(frozen=True, slots=True)
class Route:
    """One path below the account, the method, and who answers."""

    method: str
    path: str
    answer: Callable[..., Answered]


def missing(path: str) -> RestError:
    """There is no such thing."""
    return RestError(404, 20404, f"The requested resource {path} was not found")


def date(moment: datetime | None) -> str | None:
    """A date as REST writes it."""
    return format_datetime(moment) if moment else None


def uri(network: Network, *path: str) -> str:
    """A resource's own address, without host."""
    return "/".join((f"/{VERSION}/Accounts/{network.account_sid}", *path)) + ".json"


def flag(form: Mapping[str, str], name: str) -> bool | None:
    """A true or false of the form; None when it is not given."""
    if name not in form:
        return None
    if form[name].lower() not in ("true", "false"):
        raise RestError(400, 20001, f"{name} must be true or false, not {form[name]!r}")
    return form[name].lower() == "true"


def http_url(form: Mapping[str, str], name: str) -> str:
    """A URL of the form; refused (21205) when it is none."""
    url = form.get(name, "")
    if url and not url.startswith(("http://", "https://")):
        raise RestError(400, 21205, f"{name} is not a valid URL: {url[:200]}")
    return url


def http_method(form: Mapping[str, str], name: str, default: str = "POST") -> str:
    """GET or POST of the form."""
    method = form.get(name, default).upper()
    if method not in ("GET", "POST"):
        raise RestError(400, 21209, f"{name} must be GET or POST, not {method[:20]}")
    return method


def whole(form: Mapping[str, str], name: str, default: int, least: int, most: int, code: int = 20001) -> int:
    """A whole number of the form, within its limits."""
    written = form.get(name)
    if written is None:
        return default
    if not written.isdecimal() or len(written) > NUMBER_MAX or not least <= int(written) <= most:
        raise RestError(400, code, f"{name} must be a whole number from {least} to {most}, not {written[:20]}")
    return int(written)


def choice(form: Mapping[str, str], name: str, default: str, known: tuple[str, ...]) -> str:
    """One word of the form out of those `known`."""
    written = form.get(name, default)
    if written not in known:
        raise RestError(400, 20001, f"{name} must be {' or '.join(known)}, not {written[:20]}")
    return written
