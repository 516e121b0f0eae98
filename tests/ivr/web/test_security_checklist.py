"""The security checklist S25-S45, one number a test or more: log-in, sessions, roles, forgery, and what pages carry.

S42 at full length is in test_naughty.py.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from ivr import totp
from ivr.accounts import Accounts, accounts
from ivr.codes import Codes
from ivr.logins import Origin, known_devices, sessions
from ivr.passwords import common
from ivr.role import PERSONS, Role
from ivr.tokens import Tokens
from ivr.web.live import HEARTBEAT_S, stream
from ivr.web.routes import ROUTES, Kind, Route
from tests.ivr.web.desk_world import PASSWORD, QUICK, Seat, World

WEB = Path(__file__).parents[3] / "ivr" / "web"
TWILIOS = "twilio-voice.min.js"  # Twilio's own; which hosts it may ask is the desk page's policy, see test_speaking.py
NAUGHTY = (
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "${7*7}", "' OR 1=1 --", "O'Brien"),
    *("<svg/onload=alert(1)>", "</title><script>x()</script>", "</textarea><b>", "javascript:alert(1)", "&lt;b&gt;"),
    *("\u202eabc\u202c", "ممثل خدمة", "Δοκιμή", "Ђорђе Љубић", "𝕏 👩\u200d👩\u200d👧", "%00%0d%0aSet-Cookie:x=1"),
)  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def safe(tmp_path: Path) -> Iterator[World]:
    """The same behind https."""
    world = World(tmp_path, "https://ivr.example.com")
    yield world
    world.close()


def quick(world: World) -> Accounts:
    return Accounts(world.store, QUICK)


def person(world: World, role: Role, name: str = "") -> FlaskClient:
    """A browser in which somebody of this role has logged in."""
    name = name or f"{role}-1"
    if role is Role.REPRESENTATIVE:
        browser = world.representative(name)
    else:
        quick(world).set_password(name, PASSWORD, role)
        browser = world.app.wsgi.test_client()
    answer = browser.post("/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return browser


def csrf(browser: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/account").text)
    return found[1] if found else ""


def test_s25_no_account_by_default_and_the_first_administrator_needs_the_code_on_the_console(world: World) -> None:
    assert quick(world).roles() == {}
    codes = Codes(world.store, quick(world))
    void, code = codes.for_first_administrator(), codes.for_first_administrator()
    browser = world.app.wsgi.test_client()

    def enter(code: str, name: str = "olga") -> int:
        return browser.post("/code", data={"code": code, "name": name, "password": PASSWORD}).status_code

    assert [enter("AAAA-AAAA-AAAA"), enter(""), enter(void)] == [422] * 3  # a later code makes the earlier one void
    world.now += timedelta(minutes=14, seconds=59)
    assert enter(code.lower().replace("-", " ")) == 303
    assert quick(world).roles() == {"olga": Role.ADMINISTRATOR}
    assert enter(code, "eve") == 422, "a code opens once"
    assert codes.for_first_administrator() is None


def test_s25_the_code_is_over_after_a_quarter_of_an_hour_and_is_not_kept_readable(world: World, tmp_path: Path) -> None:
    code = Codes(world.store, quick(world)).for_first_administrator()
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored
    world.now += timedelta(minutes=15)
    form = {"code": code, "name": "olga", "password": PASSWORD}
    assert world.app.wsgi.test_client().post("/code", data=form).status_code == 422
    assert quick(world).roles() == {}


def test_s25_a_code_for_somebody_opens_once_and_for_nobody_else(world: World) -> None:
    codes = Codes(world.store, quick(world))
    code = codes.for_account("anna", "olga", role=Role.SUPERVISOR)
    assert codes.redeem(code, "bert", PASSWORD, "192.0.2.1")
    assert codes.redeem(code, "anna", PASSWORD, "192.0.2.1") is None
    assert codes.redeem(code, "anna", "eight loud doors", "192.0.2.1"), "it is used up"
    assert quick(world).roles() == {"anna": Role.SUPERVISOR}
    assert quick(world).log_in("anna", PASSWORD, "192.0.2.1").session.role is Role.SUPERVISOR


def test_s26_passwords_of_8_to_128_of_any_characters_but_none_of_the_common_ones(world: World) -> None:
    its = quick(world)
    taken = ("ab12 cd3", "x" * 124 + "abcd", "лозинка од речи", "  two  blanks ", "p\u00e4ss wörter", "a|b;c'd\"e")
    assert [its.fault_of("anna", password) for password in taken] == [None] * len(taken)
    refused = ("short 1", "x" * 125 + "abcd", "Password1", "QWERTYUIOP", "iloveyou", "anna's lamp", "aaaaaaaa")
    assert all(its.fault_of("anna", password) for password in refused)
    assert len(common()) > 8000
    long = "y" * 127 + "z"
    its.set_password("anna", long)
    assert its.log_in("anna", long[:-1], "192.0.2.1").why == "wrong", "nothing is cut off"


def test_s26_passwords_can_be_pasted_and_kept_by_the_browser(world: World) -> None:
    page = world.app.wsgi.test_client().get("/login").text
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert not re.search(r'type="password"[^>]*maxlength', page)


def test_s27_a_password_costs_a_guesser_as_much_as_scrypt_of_2_to_the_15_and_checks_are_bounded(world: World) -> None:
    its = Accounts(world.store)
    hashed = its.hashed(PASSWORD)
    cost = dict(part.split("=") for part in hashed.split("$")[3].split(","))
    assert hashed.startswith("$argon2id$")
    assert (int(cost["m"]), int(cost["t"])) >= (32 * 1024, 3)  # KiB: as much memory as scrypt with n=2^15 r=8
    for _ in range(2):
        its._checks.acquire()
    its.set_password("anna", PASSWORD)
    from ivr import accounts as module

    before, module.CHECK_WAIT_MAX_S = module.CHECK_WAIT_MAX_S, 0
    try:
        assert its.log_in("anna", PASSWORD, "192.0.2.1").why == "busy"
    finally:
        module.CHECK_WAIT_MAX_S = before


@pytest.mark.parametrize(
    "clock",
    [
        pytest.param(time.process_time, id="work"),  # what the machine does for it, whoever else is busy on it
        pytest.param(time.perf_counter, id="time", marks=pytest.mark.deep),
    ],
)
def test_s28_an_unknown_name_is_answered_like_a_wrong_password_also_in_time(
    world: World, clock: Callable[[], float]
) -> None:
    its = Accounts(world.store)
    its.set_password("anna", PASSWORD)
    its.log_in("nina", "x", "192.0.2.9")
    browser = world.app.wsgi.test_client()
    ratios: list[float] = []
    while not ratios or not 0.9 < ratios[-1] < 1.1:  # a guesser can tell only what is so each time
        took: dict[str, list[float]] = {"anna": [], "nina": []}
        answers = {}
        for turn in range(8):
            for name in took:  # in turns, so that a busy machine slows both
                world.now += timedelta(minutes=20)
                start = clock()
                answers[name] = browser.post("/login", data={"name": name, "password": f"wrong {turn}"})
                took[name].append(clock() - start)
        assert answers["anna"].status_code == answers["nina"].status_code == 401
        pages = [re.sub(r'data-now="[^"]*"', "", answers[name].text).replace("anna", "nina") for name in took]
        assert pages[0] == pages[1]
        ratios.append(min(took["anna"]) / min(took["nina"]))
        assert len(ratios) < 4, ratios


@pytest.mark.parametrize("guesses", [200, pytest.param(100_000, marks=pytest.mark.deep)])
def test_s29_guessing_is_slowed_and_the_owner_comes_in_all_the_same_from_a_browser_that_is_known(
    world: World, guesses: int
) -> None:
    its = quick(world)
    its.set_password("anna", PASSWORD)
    at_home = its.log_in("anna", PASSWORD, Origin("192.0.2.1", "Firefox"))
    let_in = 0
    for guess in range(guesses):
        world.now += timedelta(seconds=0.1)
        address = f"198.51.{guess // 250 % 100}.{guess % 250}"  # whoever guesses in earnest has many
        let_in += not hasattr(its.log_in("anna", f"guess {guess}", address), "why")
    assert let_in == 0
    assert its.log_in("anna", PASSWORD, "203.0.113.5").why == "wait"
    again = its.log_in("anna", PASSWORD, Origin("192.0.2.1", "Firefox", at_home.device))
    assert again.session.account == "anna"
    for guess in range(6):
        its.log_in("bert", f"guess {guess}", "198.51.100.1")
    by_anna = its.log_in("bert", "guess", Origin("192.0.2.1", "Firefox", at_home.device))
    assert by_anna.why == "wait", "a known browser is known for its own account alone"
    with world.store.look() as tx:
        assert len(tx.connection.execute(select(known_devices)).all()) == 1
    world.now += timedelta(minutes=16)
    assert its.log_in("anna", PASSWORD, "203.0.113.5").session, "nobody is locked out for good"


def test_s29_one_address_has_30_tries_a_minute(world: World) -> None:
    names = [f"name-{number}" for number in range(10)]
    browsers = [world.representative(name, service=1) for name in names]
    tries = [(browser, name) for browser, name in zip(browsers, names, strict=True) for _ in range(3)]
    statuses = [browser.post("/login", data={"name": name, "password": "x" * 9}).status_code for browser, name in tries]
    assert statuses == [401] * 30
    answer = browsers[0].post("/login", data={"name": names[0], "password": PASSWORD})
    assert answer.status_code == 429


RFC_6238 = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize(("at_s", "code"), RFC_6238.items())
def test_s30_codes_are_those_of_rfc_6238(at_s: int, code: str) -> None:
    assert totp.code_at(b"12345678901234567890", at_s // 30) == code


def test_s30_with_a_second_factor_the_password_alone_opens_nothing_and_a_code_opens_once(world: World) -> None:
    browser = person(world, Role.SUPERVISOR, "olga")
    page = browser.get("/account").text
    secret = re.search(r'name="secret" value="(\w+)"', page)[1]

    def code(steps: int = 0) -> str:
        return totp.code_at(totp.read(secret), int(world.now.timestamp()) // 30 + steps)

    form = {"csrf": csrf(browser), "secret": secret}
    assert browser.post("/account/second-factor", data={**form, "code": "000000"}).status_code == 422
    assert browser.post("/account/second-factor", data={**form, "code": code()}).status_code == 303
    its = quick(world)
    assert its.log_in("olga", PASSWORD, "192.0.2.1", code()).why == "wrong", "the code that set it up is used up"
    world.now += timedelta(seconds=60)
    assert its.log_in("olga", PASSWORD, "192.0.2.1").why == "code"
    assert its.log_in("olga", "wrong wrong", "192.0.2.1", code()).why == "wrong"
    for steps in (-2, 2):
        assert its.log_in("olga", PASSWORD, "192.0.2.1", code(steps)).why == "wrong"
    used = code(1)
    assert its.log_in("olga", PASSWORD, "192.0.2.1", used).session.has_totp
    assert its.log_in("olga", PASSWORD, "192.0.2.1", used).why == "wrong"
    assert its.log_in("olga", PASSWORD, "192.0.2.1", code(0)).why == "wrong", "nor an earlier one"


def test_s30_a_second_factor_can_be_demanded_from_a_role_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    representative, supervisor = person(world, Role.REPRESENTATIVE), person(world, Role.ADMINISTRATOR)
    monkeypatch.setattr(world.app.wsgi.extensions["guard"], "_totp_from", Role.SUPERVISOR)
    assert representative.get("/desk").status_code == 200
    assert supervisor.get("/settings").location == "/account"
    assert "second factor" in supervisor.get("/account").text
    assert supervisor.get("/desk/api/state").status_code == 403


def test_s31_a_session_is_new_at_each_log_in_kept_as_a_digest_and_dead_after_logging_out(world: World) -> None:
    browser = world.representative("anna", service=3)
    browser.set_cookie("dialtree", "chosen-by-somebody-else")
    browser.post("/login", data={"name": "anna", "password": PASSWORD})
    token = browser.get_cookie("dialtree").value
    assert token != "chosen-by-somebody-else"
    assert len(token) >= 43  # 256 bits
    with world.store.look() as tx:
        assert token not in str(tx.connection.execute(select(sessions)).all())
    thief = world.app.wsgi.test_client()
    thief.set_cookie("dialtree", token)
    assert thief.get("/desk/api/state").status_code == 200
    browser.post("/logout", data={"csrf": csrf(browser)})
    assert thief.get("/desk/api/state").status_code == 401


def test_s32_cookies_are_out_of_reach_of_scripts_and_other_sites(safe: World, world: World) -> None:
    safe.representative("anna", service=3)
    answer = safe.app.wsgi.test_client().post("/login", data={"name": "anna", "password": PASSWORD})
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-")
        assert all(part in cookie for part in ("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"))
        assert "Domain" not in cookie
    assert len(answer.headers.getlist("Set-Cookie")) == 2


def test_s33_sessions_end_after_half_an_hour_of_nothing_and_when_somebody_ends_them(
    world: World,
) -> None:
    idle, ended, disabled = (world.at_desk(name) for name in ("idle", "ended", "disabled"))
    its = quick(world)
    mine = its.sessions("ended")[0]
    other = world.app.wsgi.test_client()
    other.post("/login", data={"name": "ended", "password": PASSWORD})
    form = {"csrf": csrf(other)}
    assert other.post(f"/account/sessions/{mine.id}/end", data=form).status_code == 303
    assert ended.get("state").status_code == 401
    assert other.post(f"/account/sessions/{its.sessions('idle')[0].id}/end", data=form).status_code == 404
    events = stream(world.app.changes, lambda: bool(its.sessions("disabled")), heartbeat_s=0.01)
    next(events)
    its.disable("disabled")
    assert disabled.get("state").status_code == 401
    assert next(events, "over") == "over"
    assert HEARTBEAT_S <= 5, "and a stream that is open is asked as often"
    world.now += timedelta(minutes=31)
    assert idle.get("state").status_code == 401


def test_s33_twelve_hours_are_the_most_but_a_caller_is_never_cut_off_for_idleness(world: World) -> None:
    seat = world.at_desk()
    seat.post("ready")
    world.caller_waits()
    seat.accepts()
    world.now += timedelta(hours=3)
    assert seat.get("state").status_code == 200
    world.now += timedelta(hours=9, seconds=1)
    assert seat.get("state").status_code == 401


UNSAFE = [route for route in ROUTES if "POST" in route.methods and route.kind is not Kind.CARRIER]


def filled(route: Route) -> str:
    """The address with something in its gaps."""
    return re.sub(r"<(?:\w+:)?\w+>", "0" * 16, route.path)


def test_s34_nothing_changes_without_the_sessions_own_word_or_from_another_site(world: World) -> None:
    browser = person(world, Role.ADMINISTRATOR, "olga")
    word = csrf(browser)
    for route in UNSAFE:
        for headers, data in (
            ({}, {}),
            ({}, {"csrf": "x" * 43}),
            ({"X-CSRF-Token": word + "x"}, {}),
            ({"X-CSRF-Token": word, "Origin": "https://evil.example"}, {}),
            ({"X-CSRF-Token": word, "Sec-Fetch-Site": "cross-site"}, {}),
        ):
            if route.least is Role.NOBODY and not headers:
                continue  # whoever is not logged in has no word; the origin is asked for all the same
            if route.least is Role.NOBODY and "Origin" not in headers and "Sec-Fetch-Site" not in headers:
                continue
            answer = browser.open(filled(route), method="POST", data=data, headers=headers)
            assert answer.status_code == 403, (route.name, headers, answer.status_code)
    assert browser.get("/account").status_code == 200
    assert quick(world).roles() == {"olga": Role.ADMINISTRATOR}


def test_s34_looking_changes_nothing(world: World) -> None:
    browser = person(world, Role.ADMINISTRATOR, "olga")

    def rows() -> list[Any]:
        with world.store.look() as tx:
            tables = sorted(accounts.metadata.tables.values(), key=lambda table: table.name)
            return [tx.connection.execute(select(table)).all() for table in tables]

    for route in ROUTES:
        if "GET" in route.methods and route.kind not in (Kind.STREAM, Kind.CARRIER):
            before = rows()
            browser.get(filled(route))
            assert rows() == before, route.name


def test_s35_the_streams_ask_for_session_and_origin(world: World) -> None:
    browser = person(world, Role.ADMINISTRATOR, "olga")
    streams = [route.path for route in ROUTES if route.kind is Kind.STREAM]
    assert "/events" in streams
    for path in streams:
        assert world.app.wsgi.test_client().get(path).status_code == 401
        assert browser.get(path, headers={"Origin": "https://evil.example"}).status_code == 403
        assert browser.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_s36_every_address_is_in_the_table_and_every_line_of_it_can_be_asked(world: World) -> None:
    rules = {rule.endpoint: rule for rule in world.app.wsgi.url_map.iter_rules()}
    listed = {route.name: route for route in ROUTES}
    assert set(rules) == set(listed), "a route that is not listed, or listed and not there"
    assert len(listed) == len(ROUTES)
    for name, route in listed.items():
        extra = {"HEAD", "OPTIONS"} if "GET" in route.methods else {"OPTIONS"}
        assert (rules[name].rule, rules[name].methods - extra) == (route.path, set(route.methods)), name


@pytest.mark.parametrize("role", Role)
def test_s36_each_role_gets_what_the_table_says_and_nothing_more(world: World, role: Role) -> None:
    headers = {}
    if role in PERSONS:
        browser = person(world, role)
        headers["X-CSRF-Token"] = csrf(browser)
    else:
        browser = world.app.wsgi.test_client()
        if role is Role.VIEWER:
            headers["Authorization"] = f"Bearer {Tokens(world.store).make('wall', Role.VIEWER, 'test')[1]}"
    for route in sorted(ROUTES, key=lambda route: route.name == "login.log_out"):  # last: it ends the session
        if route.kind is Kind.CARRIER:
            continue
        if route.name in ("login.log_in", "desk_api.log_in", "desk_api.log_out"):
            continue  # they begin or end the session that the others are tried with: S31 and the desk's tests have them
        programs = route.kind in (Kind.JSON, Kind.FILE, Kind.STREAM)
        answer = browser.open(filled(route), method=route.methods[0], headers=headers)
        answer.close()
        acting = role if role is not Role.VIEWER or programs else Role.NOBODY  # a token opens no person's pages
        if acting.contains(route.least):
            assert answer.status_code not in (401, 403), (route.name, answer.status_code)
        elif acting is Role.NOBODY:
            led = (answer.status_code, (answer.location or "").partition("?")[0])
            assert led == (303, "/login") or answer.status_code == 401, (route.name, led)
        else:
            assert answer.status_code == 403, (route.name, answer.status_code)


def test_s36_a_screen_on_the_wall_sees_the_floor_by_its_link_and_nothing_else(world: World) -> None:
    _, word = Tokens(world.store).make("wall", Role.ADMINISTRATOR, "test")
    browser = world.app.wsgi.test_client()
    events = browser.get(f"/events?kiosk={word}")
    assert events.status_code == 200
    events.close()
    for path in ("/desk", "/settings", "/account"):
        assert browser.get(f"{path}?kiosk={word}").status_code == 303
    assert browser.get(f"/desk/api/state?kiosk={word}").status_code == 401
    assert browser.get("/events?kiosk=dtk_wrong").status_code == 401


def test_s36_a_token_ends_when_it_was_said_or_when_somebody_ends_it(world: World) -> None:
    tokens = Tokens(world.store)
    _, word = tokens.make("crm", Role.REPRESENTATIVE, "test", expires_at=world.now + timedelta(days=1))
    other, other_word = tokens.make("crm 2", Role.REPRESENTATIVE, "test")
    browser = world.app.wsgi.test_client()

    def asked(word: str) -> int:
        return browser.get("/desk/api/state", headers={"Authorization": f"Bearer {word}"}).status_code

    assert [asked(word), asked(other_word), asked("dtk_x"), asked("")] == [200, 200, 401, 401]
    assert tokens.of(word).used_at is not None
    world.now += timedelta(days=1)
    tokens.end(other.id, "test")
    assert [asked(word), asked(other_word)] == [401, 401]
    with world.store.look() as tx:
        assert [row.what for row in tx.audit.latest(3)] == ["token ended", "token made", "token made"]


def test_s37_what_is_somebody_elses_is_not_there(world: World) -> None:
    mine, other = world.at_desk("anna"), world.at_desk("bert")
    mine.post("ready")
    contact = world.caller_waits()
    mine.accepts()
    recording = world.message_is_left(case_number=logged(mine, contact))
    assert mine.get(f"recordings/{recording}").status_code == 200
    for status in (
        other.get(f"recordings/{recording}").status_code,
        other.post(f"contacts/{contact}/draft", kind="claim", fields={}).status_code,
        other.post(f"contacts/{contact}/case", kind="claim", fields={}, form="f").status_code,
        other.post(f"contacts/{contact}/hang-up").status_code,
    ):
        assert status == 404
    assert other.get("cases?number=100001").get_json() == {"cases": []}


def logged(seat: Seat, contact: str) -> str:
    fields = {"order_number": "1", "cause": "too_slow"}
    return seat.post(f"contacts/{contact}/case", kind="claim", fields=fields, form="f-1").get_json()["number"]


def test_s38_a_change_of_role_holds_from_the_next_request_on(world: World) -> None:
    browser = person(world, Role.REPRESENTATIVE, "anna")
    assert browser.get("/settings").status_code == 403
    quick(world).set_role("anna", Role.ADMINISTRATOR, "olga", "192.0.2.1")
    assert browser.get("/settings").status_code == 200
    quick(world).set_role("anna", Role.REPRESENTATIVE, "olga", "192.0.2.1")
    assert browser.get("/settings").status_code == 403
    with world.store.look() as tx:
        changes = [row for row in tx.audit.latest(20) if row.what == "role changed"]
        denials = [row for row in tx.audit.latest(20) if row.what == "not allowed"]
    assert [(row.who, row.about, row.fields["after"]) for row in changes] == [
        ("olga", "anna", "representative"),
        ("olga", "anna", "administrator"),
    ]
    assert [(row.who, row.about) for row in denials] == [("anna", "settings.page")] * 2


@pytest.mark.parametrize("extra", ["role", "id", "account", "is_admin", "__proto__"])
def test_s39_a_field_that_is_not_asked_for_is_refused(world: World, extra: str) -> None:
    seat = world.at_desk()
    for path, known in (("pause", {"reason": "lunch"}), ("ready", {})):
        answer = seat.post(path, **known, **{extra: "administrator"})
        assert (answer.status_code, answer.get_json()["field"]) == (422, extra)
    name = {"name": "claims-1", "password": PASSWORD, extra: "administrator"}
    assert seat.browser.post("/desk/api/login", json=name).status_code == 422


def test_s40_the_first_wins_and_the_other_is_told(world: World) -> None:
    seat = world.at_desk()
    seat.post("ready")
    world.caller_waits()
    offer = seat.state["offer"]["id"]
    assert [seat.post(f"offers/{offer}/accept").status_code for _ in range(2)] == [200, 409]


def test_s41_every_answer_carries_the_policy_and_personal_pages_are_kept_nowhere(safe: World) -> None:
    browser = person(safe, Role.ADMINISTRATOR, "olga")
    for route in ROUTES:
        if route.kind is Kind.CARRIER or "GET" not in route.methods or route.kind is Kind.STREAM:
            continue
        headers = browser.get(filled(route), base_url="https://ivr.example.com").headers
        policy = headers["Content-Security-Policy"]
        wanted = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
        assert all(part in policy for part in wanted), route.name
        assert "unsafe" not in policy
        assert "*" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        if route.name != "static":
            assert headers["Cache-Control"] == "no-store", route.name


class Shown(HTMLParser):
    """What a page says, and which tags it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said, self.tags, self.handlers, self.values = "", [], [], {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        its = dict(attrs)
        self.values[its.get("name")] = its.get("value")
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.said += data


def test_s42_what_people_wrote_is_shown_as_it_is_and_runs_nowhere(world: World) -> None:
    browser = person(world, Role.ADMINISTRATOR, "olga")
    plain, word = Shown(browser.get("/settings").text), csrf(browser)
    plain_code = Shown(browser.get("/code").text)
    for text in NAUGHTY:
        browser.post("/settings/tokens", data={"csrf": word, "name": text, "role": "viewer", "days": ""})
        refused = Shown(browser.post("/code", data={"name": text, "password": text, "code": text}).text)
        assert (refused.tags.count("script"), refused.handlers) == (plain_code.tags.count("script"), []), text
        assert refused.values["name"] == text
    shown = Shown(browser.get("/settings").text)
    for text in NAUGHTY:
        assert text in shown.said
    assert shown.handlers == plain.handlers == []
    assert shown.tags.count("script") == plain.tags.count("script")
    assert "img" not in shown.tags


def test_s43_no_page_and_no_file_of_ours_names_another_host(world: World) -> None:
    browser = person(world, Role.ADMINISTRATOR, "olga")
    pages = [
        browser.get(filled(route)).text
        for route in ROUTES
        if route.kind in (Kind.PAGE, Kind.PART) and "GET" in route.methods
    ]
    files = [
        path.read_text("utf-8")
        for path in (WEB / "static").rglob("*.*")
        if path.suffix in (".js", ".css", ".svg") and path.name != TWILIOS
    ]
    for text in pages + files:
        named = set(re.findall(r"https?://[\w.-]+", text)) - {"https://crm.example"}  # what one might type in
        assert named <= {"http://www.w3.org", "http://localhost"}
    for page in pages:
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
        assert all("src=" in script for script in re.findall("<script[^>]*>", page))


OTHER_HOSTS = (
    *("https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example"),
    *("///evil.example", "javascript:alert(1)", "/\t/evil.example", "/%0d%0aX: 1\r\nY: 2", " //evil.example"),
    *("/desk\\..\\..", "data:text/html,x"),
)


def test_s44_nobody_is_led_to_another_host(world: World) -> None:
    browser = world.representative("anna", service=3)
    for there in OTHER_HOSTS:
        answer = browser.post("/login", data={"name": "anna", "password": PASSWORD, "next": there})
        assert answer.location == "/desk", there
        assert browser.get("/login", query_string={"next": there}).location == "/desk", there
        assert browser.post("/language", data={"lang": "de", "next": there}).location == "/", there


def test_s44_the_log_in_leads_on_to_where_somebody_wanted_to_go(world: World) -> None:
    world.representative("anna", service=3)
    browser = world.app.wsgi.test_client()
    led = browser.get("/account?x=1").location
    assert led == "/login?next=/account?x%3D1"
    answer = browser.post("/login", data={"name": "anna", "password": PASSWORD, "next": "/account?x=1"})
    assert answer.location == "/account?x=1"


def test_s45_other_methods_lists_of_files_and_our_own_files_are_not_answered(world: World) -> None:
    browser = person(world, Role.ADMINISTRATOR, "olga")
    for method in ("TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "X"):
        assert browser.open("/account", method=method).status_code == 405, method
    for path in (
        *("/static/", "/static", "/static/vendor/", "/templates/", "/.git/config", "/dialtree.db", "/ivr/web/app.py"),
        *("/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/../templates/login.html"),
        *("/menus/acme/hotline.yaml", "/var/dialtree.db", "/static/../../../setup.cfg"),
    ):
        assert browser.get(path).status_code == 404, path


def test_all_21_numbers_are_here() -> None:
    here = {int(found) for found in re.findall(r"def test_s(\d+)_", Path(__file__).read_text("utf-8"))}
    assert here == set(range(25, 46))
