"""Door: who may ask the REST side, what path leads to which resource, and how answers and lists are written."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request as Asked
from werkzeug.wrappers import Response

from ivr.simulator.rest import (
    account,
    alerts,
    applications,
    calls,
    conferences,
    messages,
    numbers,
    participants,
    queues,
    recordings,
    taping,
)
from ivr.simulator.rest.answer import VERSION, Answered, Created, Gone, Page, RestError, Route, missing
from ivr.simulator.rest.paging import paged

if TYPE_CHECKING:
    from ivr.simulator.network import Network

BODY_BYTES_MAX = 256 * 1024
ROUTES: tuple[Route, ...] = (
    *account.ROUTES,
    *numbers.ROUTES,
    *applications.ROUTES,
    *calls.ROUTES,
    *queues.ROUTES,
    *conferences.ROUTES,
    *participants.ROUTES,
    *recordings.ROUTES,
    *taping.ROUTES,
    *messages.ROUTES,
    *alerts.ROUTES,
)
MONITOR = "/v1"
MEDIA = (".wav", ".mp3")
ENDINGS = (".json", *MEDIA)


@cache
def _map() -> Map:
    """Which path leads where: the same on every network, and slow to compile."""
    root = f"/{VERSION}/Accounts"
    rules = [Rule(f"{root}/<account>{route.path}", methods=[route.method], endpoint=route) for route in ROUTES]
    rules.append(Rule(root, methods=["GET"], endpoint=Route("GET", "", account.list_accounts)))
    rules += [Rule(MONITOR + route.path, methods=[route.method], endpoint=route) for route in alerts.MONITOR_ROUTES]
    return Map(rules, strict_slashes=False, merge_slashes=False)


class Rest:
    """A WSGI app: `https://api.twilio.com` (and `https://monitor.twilio.com`) as far as voice apps need them."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._map = _map()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; see PEP 3333."""
        return self._respond(Asked(environ))(environ, start_response)

    def _respond(self, asked: Asked) -> Response:
        asked.max_content_length = BODY_BYTES_MAX
        try:
            return self._answered(asked)
        except RestError as error:
            return _error(error)
        except NotFound:
            return _error(missing(asked.path))
        except MethodNotAllowed:
            return _error(RestError(405, 20004, f"Method {asked.method} is not allowed for {asked.path}"))
        except HTTPException as error:
            status = error.code or 400
            return _error(RestError(status, 20001, f"{error.name}: at most {BODY_BYTES_MAX} bytes of form are taken"))

    def _answered(self, asked: Asked) -> Response:
        ending = next((each for each in ENDINGS if asked.path.endswith(each)), "")
        path = asked.path.removesuffix(ending).rstrip("/")
        known = self._check_caller(asked)
        route, found = self._map.bind("").match(path, asked.method)
        if found.pop("account", self._network.account_sid) != self._network.account_sid:
            raise missing(asked.path) if known else _unknown()
        # As on Twilio, who knows a recording's address may hear it without logging in.
        hears = route.answer is recordings.fetch and ending != ".json"
        if not (known or hears):
            raise _unknown()
        asked.environ["dialtree.ending"] = ending.removeprefix(".")
        with self._network.lock:
            return self._written(asked, route.answer(self._network, asked, **found))

    def _check_caller(self, asked: Asked) -> bool:
        """Whether the caller knows the account's token, or the secret of one of its keys."""
        login = asked.authorization
        name, secret = (login.username or "", login.password or "") if login and login.type == "basic" else ("", "")
        key = self._network.account.keys.get(name)
        wanted = key.secret if key else self._network.auth_token
        right_name = key is not None or hmac.compare_digest(name.encode(), self._network.account_sid.encode())
        return hmac.compare_digest(secret.encode(), wanted.encode()) and right_name

    def _written(self, asked: Asked, answer: Answered) -> Response:
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, Gone):
            return Response(status=204)
        if isinstance(answer, Created):
            return _json(answer.resource, 201)
        if isinstance(answer, Page):
            return _json(paged(asked, answer), 200)
        return _json(answer, 200)


def _unknown() -> RestError:
    return RestError(401, 20003, "Authenticate: use the account's SID and auth token, or the SID and secret of a key")


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
