"""Door: who may ask the REST side, what path leads to which resource, and how answers and lists are written."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request as Asked
from werkzeug.wrappers import Response

from ivr.simulator.rest import account, calls, conferences, messages, queues, recordings
from ivr.simulator.rest.answer import VERSION, Answered, Created, Gone, Page, RestError, Route, missing

if TYPE_CHECKING:
    from ivr.simulator.network import Network

PAGE_SIZE, PAGE_SIZE_MAX = 50, 1000
BODY_BYTES_MAX = 256 * 1024
ROUTES: tuple[Route, ...] = (
    *account.ROUTES,
    *calls.ROUTES,
    *queues.ROUTES,
    *conferences.ROUTES,
    *recordings.ROUTES,
    *messages.ROUTES,
)
MEDIA = (".wav", ".mp3")


class Rest:
    """A WSGI app: `https://api.twilio.com` as far as a call centre needs it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        root = f"/{VERSION}/Accounts/<account>"
        self._map = Map([Rule(root + route.path, methods=[route.method], endpoint=route) for route in ROUTES])

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; see PEP 3333."""
        return self._respond(Asked(environ))(environ, start_response)

    def _respond(self, asked: Asked) -> Response:
        asked.max_content_length = BODY_BYTES_MAX
        try:
            self._check_caller(asked)
            path, _, ending = (
                asked.path.rpartition(".") if asked.path.endswith((".json", *MEDIA)) else (asked.path, "", "")
            )
            route, found = self._map.bind("").match(path, asked.method)
            if found.pop("account") != self._network.account_sid:
                raise missing(asked.path)
            asked.environ["dialtree.ending"] = ending
            with self._network.lock:
                return self._written(asked, route.answer(self._network, asked, **found))
        except RestError as error:
            return _error(error)
        except NotFound:
            return _error(missing(asked.path))
        except MethodNotAllowed:
            return _error(RestError(405, 20004, f"Method {asked.method} is not allowed for {asked.path}"))

    def _check_caller(self, asked: Asked) -> None:
        login = asked.authorization
        name, secret = (login.username or "", login.password or "") if login and login.type == "basic" else ("", "")
        right_name = hmac.compare_digest(name.encode(), self._network.account_sid.encode())
        right_secret = hmac.compare_digest(secret.encode(), self._network.auth_token.encode())
        if not (right_name and right_secret):
            raise RestError(401, 20003, "Authenticate: use the account's SID and its auth token")

    def _written(self, asked: Asked, answer: Answered) -> Response:
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, Gone):
            return Response(status=204)
        if isinstance(answer, Created):
            return _json(answer.resource, 201)
        if isinstance(answer, Page):
            return _json(_page(asked, answer), 200)
        return _json(answer, 200)


def _page(asked: Asked, page: Page) -> dict[str, Any]:
    size = asked.args.get("PageSize", PAGE_SIZE, int)
    number = asked.args.get("Page", 0, int)
    if not 1 <= size <= PAGE_SIZE_MAX:
        raise RestError(400, 20007, f"PageSize must be 1 to {PAGE_SIZE_MAX}, not {size}")
    start = max(0, number) * size
    items = page.resources[start : start + size]
    filters = [pair for pair in asked.args.items(multi=True) if pair[0] not in ("PageSize", "Page", "PageToken")]

    def link(to: int) -> str:
        token = [("PageToken", f"PA{to}")] if to else []
        return f"{asked.path}?{urlencode([*filters, ('PageSize', str(size)), ('Page', str(to)), *token])}"

    return {
        page.key: items,
        "page": number,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(items) - 1),
        "uri": link(number),
        "first_page_uri": link(0),
        "previous_page_uri": link(number - 1) if number > 0 else None,
        "next_page_uri": link(number + 1) if start + size < len(page.resources) else None,
    }


def _error(error: RestError) -> Response:
    body = {
        "code": error.code,
        "message": str(error),
        "more_info": f"https://www.twilio.com/docs/errors/{error.code}",
        "status": error.status,
    }
    response = _json(body, error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(body), status, content_type="application/json; charset=utf-8")
