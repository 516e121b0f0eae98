"""Routes: every address of the program in one table - who may ask for it, how, and what it is.

A view is reached through this table alone (`Doors.open`), so what is not listed here cannot be asked for, and the tests
try each role at each line. The least role stands with the route; finer rules (whose case it is) are the view's.

A new page: its line here (and its name in NAVIGATION), a class whose method has the view's name, `doors.open(area,
it)` in app.py, a template that extends layout.html, and its words in a folder `texts` beside that template.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ivr.role import Role
from ivr.web.voice import DOORS


class Kind(StrEnum):
    """What is answered, and so how a refusal is said."""

    PAGE = "page"  # a whole page, or a plain form's target: refused with a page, strangers are led to the log-in
    PART = "part"  # a piece of a page that a script asks for: refused with a status alone
    JSON = "json"  # for programs: refused with JSON; an API token may stand in for a session
    FILE = "file"  # bytes: refused as JSON is
    STREAM = "stream"  # server-sent events; also by GET only for our own pages
    CARRIER = "carrier"  # signed by the carrier; knows no sessions


@dataclass(frozen=True, slots=True)
class Route:
    """One address. `name` is `area.view`, `least` the least role that may ask; `what` says in a phrase what it is."""

    name: str
    path: str
    least: Role
    what: str
    methods: tuple[str, ...] = ("GET",)
    kind: Kind = Kind.PAGE

    @property
    def area(self) -> str:
        """What it belongs to."""
        return self.name.partition(".")[0]

    @property
    def view(self) -> str:
        """Its name within the area."""
        return self.name.partition(".")[2]


NOBODY, VIEWER, REPRESENTATIVE = Role.NOBODY, Role.VIEWER, Role.REPRESENTATIVE
SUPERVISOR, ADMINISTRATOR = Role.SUPERVISOR, Role.ADMINISTRATOR
PAGE, PART, JSON, FILE, STREAM, CARRIER = Kind
GET, POST = ("GET",), ("POST",)

_COMING_IN = (
    Route("home.page", "/", NOBODY, "leads to the page that one begins with"),
    Route("home.language", "/language", NOBODY, "choose the language of the pages", POST),
    Route("static", "/static/<path:filename>", NOBODY, "styles, scripts and pictures of the pages", GET, FILE),
    Route("login.page", "/login", NOBODY, "the log-in page"),
    Route("login.log_in", "/login", NOBODY, "log in", POST),
    Route("login.log_out", "/logout", REPRESENTATIVE, "log out", POST),
    Route("login.code_page", "/code", NOBODY, "the page where a one-time code is used"),
    Route("login.redeem", "/code", NOBODY, "choose a password with a one-time code", POST),
    Route("account.page", "/account", REPRESENTATIVE, "one's own account: sessions, password, second factor"),
    Route("account.end_session", "/account/sessions/<id>/end", REPRESENTATIVE, "end one of one's own sessions", POST),
    Route("account.password", "/account/password", REPRESENTATIVE, "change one's own password", POST),
    Route("account.set_totp", "/account/second-factor", REPRESENTATIVE, "ask for codes from now on", POST),
    Route("account.drop_totp", "/account/second-factor/off", REPRESENTATIVE, "ask for no codes any more", POST),
    Route("live.events", "/events", VIEWER, "says when something has changed, to pages that live", GET, STREAM),
)

_DESK = (
    Route("desk.page", "/desk", REPRESENTATIVE, "the page on which a representative works"),
    Route("desk.parts", "/desk/parts", REPRESENTATIVE, "what of the desk may have changed", GET, PART),
    Route("desk_api.log_in", "/desk/api/login", NOBODY, "log in and sit down", POST, JSON),
    Route("desk_api.log_out", "/desk/api/logout", REPRESENTATIVE, "log out and leave the floor", POST, JSON),
    Route("desk_api.state", "/desk/api/state", REPRESENTATIVE, "everything the desk shows", GET, JSON),
    Route("desk_api.events", "/desk/api/events", REPRESENTATIVE, "says when something has changed", GET, STREAM),
    Route("desk_api.ready", "/desk/api/ready", REPRESENTATIVE, "be offered contacts", POST, JSON),
    Route("desk_api.pause", "/desk/api/pause", REPRESENTATIVE, "take a break", POST, JSON),
    Route("desk_api.accept", "/desk/api/offers/<offer>/accept", REPRESENTATIVE, "take an offer", POST, JSON),
    Route("desk_api.decline", "/desk/api/offers/<offer>/decline", REPRESENTATIVE, "leave an offer", POST, JSON),
    Route("desk_api.save_draft", "/desk/api/contacts/<contact>/draft", REPRESENTATIVE, "keep the form", POST, JSON),
    Route("desk_api.log_case", "/desk/api/contacts/<contact>/case", REPRESENTATIVE, "log the case", POST, JSON),
    Route("desk_api.about", "/desk/api/contacts/<contact>/about", REPRESENTATIVE, "it is about a case", POST, JSON),
    Route("desk_api.hang_up", "/desk/api/contacts/<contact>/hang-up", REPRESENTATIVE, "hang up", POST, JSON),
    *(
        Route(f"desk_call.{view}", f"/desk/api/contacts/<contact>/{path}", REPRESENTATIVE, what, POST, JSON)
        for view, path, what in (
            ("hold", "hold", "let the caller hear music"),
            ("resume", "resume", "go on with the caller"),
            ("mute", "mute", "not to be heard"),
            ("unmute", "unmute", "to be heard again"),
            ("pause_recording", "recording/pause", "let nothing be kept of what is said"),
            ("resume_recording", "recording/resume", "keep what is said again"),
            ("transfer", "transfer", "hand the caller on"),
            ("consult", "consult", "ask somebody first"),
            ("end_consult", "consult/end", "let them go again"),
            ("complete", "consult/complete", "hand the caller to them"),
            ("promise", "callback", "promise to call back"),
        )
    ),
    Route("speaking.token", "/desk/api/speaking/token", REPRESENTATIVE, "what lets one's page be rung", POST, JSON),
    *(
        Route(f"desk_mail.{view}", f"/desk/api/contacts/<contact>/{path}", REPRESENTATIVE, what, POST, JSON)
        for view, path, what in (
            ("save_answer", "answer/draft", "keep what is written"),
            ("answer", "answer", "answer an e-mail"),
            ("close", "close", "it needs no answer"),
            ("hand_on", "hand-on", "give an e-mail or a visitor to somebody else"),
            ("not_there", "not-there", "a visitor was called, and nobody came"),
        )
    ),
    Route(
        "desk_mail.attachment",
        "/desk/api/contacts/<contact>/attachments/<int:number>",
        REPRESENTATIVE,
        "what was enclosed in an e-mail",
        GET,
        FILE,
    ),
    Route("desk_api.dispose", "/desk/api/contacts/<contact>/disposition", REPRESENTATIVE, "how it ended", POST, JSON),
    Route("desk_api.extend_wrap_up", "/desk/api/wrap-up/extend", REPRESENTATIVE, "more time, once", POST, JSON),
    Route("desk_api.end_wrap_up", "/desk/api/wrap-up/end", REPRESENTATIVE, "end wrap-up", POST, JSON),
    Route("desk_api.cases", "/desk/api/cases", REPRESENTATIVE, "cases of a call or by number", GET, JSON),
    Route("desk_api.recording", "/desk/api/recordings/<recording>", REPRESENTATIVE, "a caller's message", GET, FILE),
)

_COUNTER = (
    Route("counter.page", "/counter", REPRESENTATIVE, "where visitors are taken in, and who is here"),
    Route("counter.take_in", "/counter", REPRESENTATIVE, "give a visitor a number", POST),
    Route("counter.here", "/counter/here", REPRESENTATIVE, "who is here, as it may have changed", GET, PART),
    Route("counter.left", "/counter/left", REPRESENTATIVE, "a visitor has gone", POST),
    Route("counter.board", "/counter/board", VIEWER, "the board for the waiting room: who is called"),
    Route("counter.board_parts", "/counter/board/now", VIEWER, "what of it may have changed", GET, PART),
    Route("ticket.page", "/ticket/<link>", NOBODY, "a visitor's own place in line, for whoever has the link"),
    Route("ticket.now", "/ticket/<link>/now", NOBODY, "what of it may have changed", GET, PART),
)

_MAILS = (
    Route("mails.page", "/mails", SUPERVISOR, "e-mails that came in, and those of ours that did not arrive"),
    Route("mails.let_in", "/mails/let-in", SUPERVISOR, "put an e-mail into its queue that was kept out", POST),
    Route("mails.again", "/mails/again", SUPERVISOR, "send again what was given up", POST),
)

_CASES = (
    Route("cases.page", "/cases", REPRESENTATIVE, "the list of cases, and the search in them"),
    Route("cases.new", "/cases/new", REPRESENTATIVE, "the form for a case from the counter, an e-mail or a letter"),
    Route("cases.log", "/cases/new", REPRESENTATIVE, "make a case by hand", POST),
    Route("cases.mine", "/cases/mine", REPRESENTATIVE, "one's own cases, for the desk", GET, PART),
    Route("cases.one", "/cases/<number>", REPRESENTATIVE, "one case with all that happened"),
    Route("cases.move", "/cases/<number>/move", REPRESENTATIVE, "settle a case, or say for whom it waits", POST),
    Route("cases.assign", "/cases/<number>/owner", REPRESENTATIVE, "take a case, or give it to somebody", POST),
    Route("cases.promise", "/cases/<number>/due", REPRESENTATIVE, "say when a case will be settled", POST),
    Route("cases.amend", "/cases/<number>/fields", REPRESENTATIVE, "change what a case's form says", POST),
    Route("cases.remark", "/cases/<number>/notes", REPRESENTATIVE, "write something into a case's history", POST),
    Route("cases.link", "/cases/<number>/contacts", REPRESENTATIVE, "note an e-mail, a visit or a call", POST),
    Route("cases.merge", "/cases/<number>/merge", REPRESENTATIVE, "make a case a part of another one", POST),
    Route("cases_api.search", "/api/v1/cases", REPRESENTATIVE, "find cases", GET, JSON),
    Route("cases_api.log", "/api/v1/cases", REPRESENTATIVE, "make a case", POST, JSON),
    Route("cases_api.one", "/api/v1/cases/<number>", REPRESENTATIVE, "one case with all that happened", GET, JSON),
    Route("cases_api.move", "/api/v1/cases/<number>/move", REPRESENTATIVE, "move a case", POST, JSON),
    Route("cases_api.assign", "/api/v1/cases/<number>/owner", REPRESENTATIVE, "give a case to somebody", POST, JSON),
    Route("cases_api.promise", "/api/v1/cases/<number>/due", REPRESENTATIVE, "set when it is due", POST, JSON),
    Route("cases_api.amend", "/api/v1/cases/<number>/fields", REPRESENTATIVE, "change its fields", POST, JSON),
    Route("cases_api.remark", "/api/v1/cases/<number>/notes", REPRESENTATIVE, "add a note", POST, JSON),
    Route("cases_api.link", "/api/v1/cases/<number>/contacts", REPRESENTATIVE, "add a contact", POST, JSON),
    Route("cases_api.merge", "/api/v1/cases/<number>/merge", REPRESENTATIVE, "merge it into another one", POST, JSON),
    Route("exports.file", "/api/v1/exports/<what>.<form>", SUPERVISOR, "cases, calls or shifts, a row each", GET, FILE),
)

_FLOOR = (
    Route("floor.page", "/floor", VIEWER, "the wallboard: who waits, who works, what was promised"),
    Route("floor.parts", "/floor/parts", VIEWER, "what of the wallboard may have changed", GET, PART),
    Route("floor.figure", "/floor/figures/<name>", VIEWER, "what a figure is, and the counts that it comes from"),
    Route("floor.set_limit", "/floor/limits", SUPERVISOR, "from when on a wait is an alarm", POST),
    Route("survey.page", "/s/<word>", NOBODY, "the survey behind the link in a text message"),
    Route("survey.answer", "/s/<word>", NOBODY, "answer it, once", POST),
    Route("results.page", "/results", SUPERVISOR, "what callers answered in the survey"),
    Route("reports.page", "/reports", SUPERVISOR, "what was counted, by day and queue"),
    Route("reports.file", "/reports.csv", SUPERVISOR, "the same as a table for spreadsheets", GET, FILE),
)

_SUPERVISION = (
    Route("agents.page", "/agents", SUPERVISOR, "who sits at a desk"),
    Route("agents.list", "/agents/list", SUPERVISOR, "what of it may have changed", GET, PART),
    Route("agents.add", "/agents", SUPERVISOR, "make somebody", POST),
    Route("agents.one", "/agents/<name>", SUPERVISOR, "one person"),
    Route("agents.change", "/agents/<name>", SUPERVISOR, "change what one can do", POST),
    Route("agents.send_home", "/agents/<name>/log-out", SUPERVISOR, "log somebody out of the floor", POST),
    Route("agents.shut_out", "/agents/<name>/shut-out", SUPERVISOR, "let nobody in by an account", POST),
    Route("agents.code", "/agents/<name>/code", SUPERVISOR, "a code for a new password", POST),
    Route("waiting.page", "/waiting", SUPERVISOR, "who waits and who talks"),
    Route("waiting.list", "/waiting/list", SUPERVISOR, "what of it may have changed", GET, PART),
    Route("waiting.why", "/waiting/<contact>", SUPERVISOR, "why somebody is where they are"),
    Route("waiting.move", "/waiting/<contact>/move", SUPERVISOR, "move to another queue", POST),
    Route("waiting.head_start", "/waiting/<contact>/head-start", SUPERVISOR, "give a head start", POST),
    Route("waiting.assign", "/waiting/<contact>/assign", SUPERVISOR, "offer to one person alone", POST),
    Route("waiting.listen", "/waiting/<contact>/listen", SUPERVISOR, "hear a conversation", POST),
    Route("waiting.stand", "/queues/<queue>/stand", SUPERVISOR, "pause, close or open a queue", POST),
    Route("menus.page", "/menus", SUPERVISOR, "all hotlines"),
    Route("menus.look", "/menus/picture.css", SUPERVISOR, "how the picture of a tree looks", GET, FILE),
    Route("menus.one", "/menus/<hotline>", SUPERVISOR, "the tree, what is pressed in it, and its versions"),
    Route("menus.counts", "/menus/<hotline>/counts", SUPERVISOR, "what of it may have changed", GET, PART),
    Route("menus.roll_back", "/menus/<hotline>/roll-back", SUPERVISOR, "back to the version before", POST),
    Route("editor.begin", "/menus/<hotline>/begin", SUPERVISOR, "begin to edit", POST),
    Route("editor.page", "/menus/<hotline>/edit", SUPERVISOR, "a hotline's files as they are being written"),
    Route("editor.save", "/menus/<hotline>/edit", SUPERVISOR, "keep them", POST),
    Route("editor.check", "/menus/<hotline>/check", SUPERVISOR, "what is wrong with what is typed", POST, PART),
    Route("editor.drop", "/menus/<hotline>/drop", SUPERVISOR, "give them up", POST),
    Route("editor.compare", "/menus/<hotline>/compare", SUPERVISOR, "what callers will notice"),
    Route("editor.publish", "/menus/<hotline>/publish", SUPERVISOR, "make it what new calls hear", POST),
    Route("trying.hear", "/menus/<hotline>/hear", SUPERVISOR, "the words of a step"),
    Route("trying.call", "/menus/<hotline>/try", SUPERVISOR, "a call tried in the page"),
    Route("trying.press", "/menus/<hotline>/try", SUPERVISOR, "press a key in it; keeps nothing", POST),
    Route("emergency.page", "/emergency", SUPERVISOR, "the emergency switch"),
    Route("emergency.put_on", "/emergency/<hotline>", SUPERVISOR, "put it on until a time", POST),
    Route("emergency.put_off", "/emergency/<hotline>/off", SUPERVISOR, "put it off", POST),
    Route("recordings.page", "/recordings", SUPERVISOR, "conversations and messages, and who listened"),
    Route("recordings.sound", "/recordings/<recording>", SUPERVISOR, "the sound of one", GET, FILE),
    Route("audit.page", "/audit", ADMINISTRATOR, "who did what"),
    Route("privacy.page", "/privacy", ADMINISTRATOR, "what is kept of people, and for how long"),
    Route("privacy.find", "/privacy", ADMINISTRATOR, "look up what is kept of somebody", POST),
    Route("privacy.export", "/privacy/export", ADMINISTRATOR, "all that is kept of somebody, as a zip file", POST),
    Route("privacy.erase", "/privacy/erase", ADMINISTRATOR, "take it away for good, after asking again", POST),
    Route("privacy.hold", "/privacy/hold", ADMINISTRATOR, "let nothing be erased of somebody", POST),
    Route("privacy.end_hold", "/privacy/holds/<id>/end", ADMINISTRATOR, "let them be erased again", POST),
)

_DOORS = (
    Route("api.description", "/api/v1/openapi.json", NOBODY, "the description of all doors", GET, JSON),
    Route("api.floor", "/api/v1/floor", VIEWER, "queues and people at this moment", GET, JSON),
    Route("api.waiting", "/api/v1/waiting", SUPERVISOR, "who waits", GET, JSON),
    Route("api.move", "/api/v1/waiting/<contact>/move", SUPERVISOR, "move to another queue", POST, JSON),
    Route("api.head_start", "/api/v1/waiting/<contact>/head-start", SUPERVISOR, "give a head start", POST, JSON),
    Route("api.assign", "/api/v1/waiting/<contact>/assign", SUPERVISOR, "offer to one person alone", POST, JSON),
    Route("api.agents", "/api/v1/agents", SUPERVISOR, "people and their states", GET, JSON),
    Route("api.log_out", "/api/v1/agents/<name>/log-out", SUPERVISOR, "log somebody out of the floor", POST, JSON),
    Route("api.hotlines", "/api/v1/hotlines", SUPERVISOR, "all hotlines and what is live", GET, JSON),
    Route("api.hotline", "/api/v1/hotlines/<hotline>", SUPERVISOR, "the files of one", GET, JSON),
    Route("api.check", "/api/v1/hotlines/<hotline>/check", SUPERVISOR, "what is wrong with files", POST, JSON),
    Route("api.publish", "/api/v1/hotlines/<hotline>/publish", SUPERVISOR, "publish files", POST, JSON),
    Route("api.emergency_on", "/api/v1/hotlines/<hotline>/emergency", SUPERVISOR, "put the switch on", POST, JSON),
    Route("api.emergency_off", "/api/v1/hotlines/<hotline>/emergency/off", SUPERVISOR, "put it off", POST, JSON),
    Route("hooks.page", "/webhooks", ADMINISTRATOR, "which programs are told of what happens"),
    Route("hooks.add", "/webhooks", ADMINISTRATOR, "tell one more", POST),
    Route("hooks.end", "/webhooks/<id>/end", ADMINISTRATOR, "tell one nothing more", POST),
    Route("hooks.again", "/webhooks/messages/<id>/again", ADMINISTRATOR, "send again what was given up", POST),
    Route("api.metrics", "/metrics", VIEWER, "the floor in Prometheus' words", GET, FILE),
)

_SETTINGS = (
    Route("settings.page", "/settings", ADMINISTRATOR, "tokens and other settings"),
    Route("settings.make_token", "/settings/tokens", ADMINISTRATOR, "make a token", POST),
    Route("settings.end_token", "/settings/tokens/<id>/end", ADMINISTRATOR, "end a token", POST),
)

_CARRIER = (
    *(Route(f"carrier.{path[1:]}", path, NOBODY, "a webhook of the carrier's", POST, CARRIER) for path in DOORS),
    Route("voice.sound", "/sounds/<name>.wav", NOBODY, "one of our own sounds", GET, CARRIER),
    Route("voice.prompt", "/prompts/<version>/<path:file>", NOBODY, "a hotline's recording", GET, CARRIER),
)

ROUTES = (*_COMING_IN, *_DESK, *_COUNTER, *_MAILS, *_CASES, *_FLOOR, *_SUPERVISION, *_DOORS, *_SETTINGS, *_CARRIER)

NAVIGATION = (
    *("desk.page", "counter.page", "cases.page", "floor.page", "waiting.page", "results.page", "reports.page"),
    *("recordings.page", "mails.page", "agents.page", "menus.page", "emergency.page", "audit.page", "privacy.page"),
    "hooks.page",
    "settings.page",
)
"""The pages that every page links to, where they are there and the role is enough; called `nav.AREA` in the texts."""
