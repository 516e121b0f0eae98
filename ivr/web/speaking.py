"""Speaking: how a representative speaks - in the page itself, or by a telephone - and what lets their page be rung."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import jsonify

from ivr import wire
from ivr.accounts import Session
from ivr.settings import Settings
from ivr.store import Store
from ivr.web.api.bodies import sent
from ivr.web.exchange import Answer, refused
from ivr.web.security import speaking_headers
from routing.refusal import Refused

TOKEN_S = 600
"""So long a page can be rung by one token; it asks for the next one in time, and who is logged out gets none."""

VOICE_HOSTS = ("wss://voice-js.roaming.twilio.com", "https://eventgw.twilio.com")
"""Whom Twilio's Voice SDK asks (its README, "Content Security Policy"); its sounds are ours."""


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody speaks. `by`: `page` with Twilio's SDK, `simulator`, `telephone`, or `nothing` that rings.

    `door` is where a simulated carrier has its telephones; `headers` is what the desk's page then carries.
    """

    by: str
    address: str = ""
    door: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Speaking:
    """Decides who speaks how. One view: the token."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    def way(self, address: str | None) -> Way:
        """How whoever is rung at `address` speaks; no address: there is no seat, and nothing rings."""
        its = self._settings
        if not address:
            return Way("nothing")
        if not address.startswith(wire.CLIENT):
            return Way("telephone", address)
        if its.phone_url:
            door = its.phone_url
            return Way("simulator", address, door, speaking_headers([_origin(door)]))
        if its.simulated:
            return Way("telephone", address)  # answered wherever that carrier has somebody answer it
        return Way("page", address, headers=speaking_headers(VOICE_HOSTS)) if its.api_key else Way("nothing", address)

    def token(self, session: Session) -> Answer:
        """POST /desk/api/speaking/token: lets the asker's own page be rung for a while, and call nobody."""
        sent("speaking.token")
        with self._store.look() as tx:
            agent = tx.floor.agent(session.account)
        way, key = self.way(agent.address if agent else None), self._settings.api_key
        if agent is None or way.by != "page" or key is None:
            return refused(Refused("nothing rings in your page", hint="you are rung at another address"))
        name = agent.address.removeprefix(wire.CLIENT)
        token = wire.access_token(self._settings.account_sid, key.sid, key.secret, name, TOKEN_S)
        return jsonify(token=token, length_s=TOKEN_S)


def _origin(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"
