"""RestTransport: the REST side for the official client in this process: `Client(sid, token, http_client=...)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Authorization, MultiDict
from werkzeug.test import EnvironBuilder, run_wsgi_app

if TYPE_CHECKING:
    from ivr.simulator.rest.door import Rest


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """What came back: as bytes and as text."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        """Whether it is a success."""
        return self.status_code < 400


class RestTransport:
    """Calls the REST app; sockets and the host of the URL play no part."""

    is_async = False

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> RestAnswer:
        """Ask as the official client asks; `timeout` and `allow_redirects` have nothing to do here."""
        login = Authorization("basic", {"username": auth[0], "password": auth[1]}) if auth else None
        path, _, query = url.partition("?")
        builder = EnvironBuilder(
            path=path,
            query_string=query or None,
            method=method.upper(),
            data=_written(data) if method.upper() != "GET" else None,
            headers={name: value for name, value in (headers or {}).items() if name.lower() != "content-type"},
            auth=login,
        )
        if params:
            builder.args.update(_written(params))
        pieces, status, answered = run_wsgi_app(self._rest, builder.get_environ(), buffered=True)
        return RestAnswer(int(status.split()[0]), dict(answered), b"".join(pieces))


def _written(values: Mapping[str, Any] | None) -> MultiDict[str, str]:
    """Values as a form carries them: lists by repetition, true and false in small letters."""
    form: MultiDict[str, str] = MultiDict()
    for name, value in (values or {}).items():
        many = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        for each in many:
            if each is not None:
                form.add(name, str(each).lower() if isinstance(each, bool) else str(each))
    return form
