"""Applications: doors under a name of their own, made, read, changed and deleted by REST.

https://www.twilio.com/docs/usage/api/applications
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request as Asked

from ivr.simulator.account import Application
from ivr.simulator.rest import doors
from ivr.simulator.rest.answer import VERSION, Created, Gone, Page, Resource, Route, date, missing, uri

if TYPE_CHECKING:
    from ivr.simulator.network import Network


def create(network: Network, asked: Asked) -> Created:
    """Make one."""
    application = Application(sid=network.new_sid("AP"), created=network.now())
    doors.change(application, asked.form)
    application.friendly_name = asked.form.get("FriendlyName", "")
    network.account.applications[application.sid] = application
    return Created(_resource(network, application))


def list_applications(network: Network, asked: Asked) -> Page:
    """All, or those of this FriendlyName."""
    name = asked.args.get("FriendlyName", "")
    found = [each for each in network.account.applications.values() if name in ("", each.friendly_name)]
    return Page("applications", [_resource(network, each) for each in found])


def fetch(network: Network, asked: Asked, sid: str) -> Resource:
    """One application."""
    return _resource(network, _found(network, asked, sid))


def update(network: Network, asked: Asked, sid: str) -> Resource:
    """Change its name and doors; the next call meets them."""
    application = _found(network, asked, sid)
    doors.change(application, asked.form)
    application.friendly_name = asked.form.get("FriendlyName", application.friendly_name)
    return _resource(network, application)


def delete(network: Network, asked: Asked, sid: str) -> Gone:
    """Remove it; numbers that used it go back to their own doors."""
    del network.account.applications[_found(network, asked, sid).sid]
    for number in network.numbers.values():
        number.application = "" if number.application == sid else number.application
    return Gone()


def _found(network: Network, asked: Asked, sid: str) -> Application:
    application = network.account.applications.get(sid)
    if application is None:
        raise missing(asked.path)
    return application


def _resource(network: Network, application: Application) -> Resource:
    return {
        "sid": application.sid,
        "account_sid": network.account_sid,
        "api_version": VERSION,
        "friendly_name": application.friendly_name,
        **doors.shown(application),
        "sms_status_callback": "",
        "message_status_callback": "",
        "public_application_connect_enabled": False,
        "date_created": date(application.created),
        "date_updated": date(application.created),
        "uri": uri(network, "Applications", application.sid),
    }


ROUTES = (
    Route("POST", "/Applications", create),
    Route("GET", "/Applications", list_applications),
    Route("GET", "/Applications/<sid>", fetch),
    Route("POST", "/Applications/<sid>", update),
    Route("DELETE", "/Applications/<sid>", delete),
)
