"""The desk's HTTP API: a representative's day through the door that pages and simulated representatives use."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ivr.web.desk_world import CALLER, PASSWORD, Seat, World, a_sound

DOCS = Path(__file__).parents[3] / "docs" / "desk-api.md"
CLAIM = {"order_number": "47110815", "cause": "too_slow"}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


@pytest.fixture
def seat(world: World) -> Seat:
    seat = world.at_desk()
    assert seat.post("ready").status_code == 200
    return seat


def talking(world: World, seat: Seat, **caller: object) -> str:
    """A caller waits, is accepted and is joined; the contact's id."""
    contact = world.caller_waits(**caller)
    assert seat.accepts() == contact
    world.leg_answers(contact)
    return contact


def test_who_logs_in_is_not_ready_until_they_say_so(world: World) -> None:
    seat = world.at_desk()
    assert seat.state["agent"]["state"] == "paused"
    seat.post("ready")
    assert seat.state["agent"]["state"] == "available"


def test_an_offer_shows_who_calls_and_what_they_did_before_it_is_answered(world: World, seat: Seat) -> None:
    contact = world.caller_waits()
    world.later(7)
    offer = seat.state["offer"]
    assert offer["contact"] == contact
    assert (offer["caller"], offer["language"], offer["queue"], offer["kind"]) == (CALLER, "en", "claims", "claim")
    assert offer["path"] == [{"node": "welcome", "key": "2", "label": "a complaint"}]
    assert offer["typed"] == {"order_number": "47110815"}
    assert offer["waited_s"] == 7
    assert offer["expires_at"] == "2026-11-24T09:00:20.000Z"
    assert "claims-1" in offer["reason"]
    assert {"name": "claims", "waiting": 1}.items() <= seat.state["queues"][0].items()


@pytest.mark.parametrize("withheld", ["anonymous", "+266696687", "Restricted", ""])
def test_a_withheld_number_is_none(world: World, seat: Seat, withheld: str) -> None:
    world.caller_waits(caller=withheld)
    assert seat.state["offer"]["caller"] is None


def test_labels_come_in_the_language_that_is_asked_for(world: World, seat: Seat) -> None:
    world.caller_waits()
    state = seat.browser.get("/desk/api/state", headers={"Accept-Language": "de-AT,de;q=0.9"}).get_json()
    assert state["offer"]["path"][0]["label"] == "eine Beschwerde"


def test_accepting_rings_the_leg_and_the_form_is_filled_with_what_was_typed(world: World, seat: Seat) -> None:
    contact = world.caller_waits()
    assert world.carrier.orders == []
    assert seat.accepts() == contact
    assert world.carrier.orders[0][1]["To"] == "client:claims-1"
    world.leg_answers(contact)
    shown = seat.state["contact"]
    assert seat.state["agent"]["state"] == "talking"
    assert shown["draft"] == {"kind": "claim", "fields": {"order_number": "47110815"}}
    assert [kind["name"] for kind in shown["kinds"]] == ["order", "claim", "question", "suggestion"]


def test_a_declined_offer_goes_to_somebody_else_and_the_caller_keeps_the_place(world: World, seat: Seat) -> None:
    other = world.at_desk("claims-2")
    other.post("ready")
    contact = world.caller_waits()
    first, second = (seat, other) if seat.state["offer"] else (other, seat)
    assert first.post(f"offers/{first.state['offer']['id']}/decline").status_code == 200
    assert first.state["offer"] is None
    assert second.state["offer"]["contact"] == contact


def test_an_offer_that_is_over_cannot_be_accepted_and_the_answer_says_so(world: World, seat: Seat) -> None:
    world.caller_waits()
    offer = seat.state["offer"]["id"]
    world.later(25)
    late = seat.post(f"offers/{offer}/accept")
    assert (late.status_code, late.get_json()["error"]) == (409, "this offer is over")


def test_accepting_twice_changes_nothing_and_says_already_taken(world: World, seat: Seat) -> None:
    world.caller_waits()
    offer = seat.state["offer"]["id"]
    assert seat.post(f"offers/{offer}/accept").status_code == 200
    again = seat.post(f"offers/{offer}/accept")
    assert (again.status_code, again.get_json()["error"]) == (409, "already taken")
    assert len(world.carrier.orders) == 1


def test_eight_tabs_that_accept_at_once_make_one_conversation(world: World, seat: Seat) -> None:
    world.caller_waits()
    offer, cookie = seat.state["offer"]["id"], seat.browser.get_cookie("dialtree").value
    line, answers = threading.Barrier(8), []

    def accept() -> None:
        tab = world.app.wsgi.test_client()
        tab.set_cookie("dialtree", cookie)
        line.wait()
        headers = {"X-CSRF-Token": seat.csrf}
        answers.append(tab.post(f"/desk/api/offers/{offer}/accept", json={}, headers=headers).status_code)

    threads = [threading.Thread(target=accept) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answers) == [200] + [409] * 7
    assert len(world.carrier.orders) == 1


def test_somebody_elses_offer_cannot_be_taken(world: World, seat: Seat) -> None:
    other = world.at_desk("claims-2")
    world.caller_waits()
    assert other.post(f"offers/{seat.state['offer']['id']}/accept").status_code == 409
    assert other.post("offers/nothing/accept").status_code == 404
    assert seat.state["offer"] is not None


def test_two_missed_offers_pause_who_is_not_there(world: World, seat: Seat) -> None:
    world.caller_waits()
    world.later(45)
    agent = seat.state["agent"]
    assert agent["state"] == "paused"
    assert agent["reason"].startswith("missed")


def test_a_claim_is_logged_with_its_history(world: World, seat: Seat) -> None:
    contact = talking(world, seat)
    answer = seat.post(f"contacts/{contact}/case", kind="claim", fields=CLAIM, form="f-1")
    case = answer.get_json()
    assert answer.status_code == 201
    assert re.fullmatch("[1-9][0-9]{5,}", case["number"])
    assert (case["kind"], case["fields"], case["caller"], case["created_by"]) == ("claim", CLAIM, CALLER, "claims-1")
    assert case["history"] == [{"at": "2026-11-24T09:00:00.000Z", "who": "claims-1", "what": "logged"}]
    assert seat.state["contact"]["case"]["number"] == case["number"]
    assert [c["number"] for c in seat.state["cases"]] == [case["number"]]
    assert seat.get(f"cases?call={case['call']}").get_json()["cases"] == [case]
    assert seat.get(f"cases?number={case['number']}").get_json()["cases"] == [case]


def test_the_same_form_twice_is_one_case(world: World, seat: Seat) -> None:
    contact = talking(world, seat)
    first = seat.post(f"contacts/{contact}/case", kind="claim", fields=CLAIM, form="f-1")
    second = seat.post(f"contacts/{contact}/case", kind="claim", fields={**CLAIM, "cause": "impolite"}, form="f-1")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()


def test_ten_posts_of_one_form_at_once_are_one_case(world: World, seat: Seat) -> None:
    contact = talking(world, seat)
    cookie, line, numbers = seat.browser.get_cookie("dialtree").value, threading.Barrier(10), []

    def log() -> None:
        tab = world.app.wsgi.test_client()
        tab.set_cookie("dialtree", cookie)
        line.wait()
        body, headers = {"kind": "claim", "fields": CLAIM, "form": "f-1"}, {"X-CSRF-Token": seat.csrf}
        numbers.append(tab.post(f"/desk/api/contacts/{contact}/case", json=body, headers=headers).get_json()["number"])

    threads = [threading.Thread(target=log) for _ in range(10)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(numbers) == 10
    assert set(numbers) == {"100001"}


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("claim", {"order_number": "1"}, "cause"),
        ("claim", {**CLAIM, "order_number": "   "}, "order_number"),
        ("claim", {**CLAIM, "cause": "the weather"}, "cause"),
        ("claim", {**CLAIM, "price": "9"}, "price"),
        ("claim", {**CLAIM, "note": "x" * 4001}, "note"),
        ("claim", {**CLAIM, "note": "a\0b"}, "note"),
        ("claim", {**CLAIM, "note": 7}, "fields"),
        ("riddle", CLAIM, "kind"),
        ("claim", "none", "fields"),
    ],
)
def test_a_form_with_a_fault_is_refused_and_the_field_is_named(
    world: World, seat: Seat, kind: str, fields: object, field: str
) -> None:
    contact = talking(world, seat)
    answer = seat.post(f"contacts/{contact}/case", kind=kind, fields=fields, form="f-1")
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)
    assert seat.state["cases"] == []


@pytest.mark.parametrize(
    "text",
    ["Ивана: „није стигло“", "O'Brien <script>alert(1)</script>", "=1+1", "א שלום 👩‍👩‍👧", "a\r\nb\tc", " spaced "],
)
def test_what_was_written_comes_back_as_it_was_written(world: World, seat: Seat, text: str) -> None:
    contact = talking(world, seat)
    case = seat.post(f"contacts/{contact}/case", kind="claim", fields={**CLAIM, "note": text}, form="f-1").get_json()
    assert case["fields"]["note"] == text


def test_a_draft_outlives_a_reload_a_hang_up_and_the_next_log_in(world: World, seat: Seat) -> None:
    contact = talking(world, seat)
    typed = {"order_number": "47110815", "note": "half a sen"}
    assert seat.post(f"contacts/{contact}/draft", kind="order", fields={"note": "half a sen"}).status_code == 200
    assert seat.state["contact"]["draft"] == {"kind": "order", "fields": typed}
    world.caller_hangs_up(contact)
    seat.post("logout")
    seat.log_in()
    assert seat.state["drafts"][0]["contact"] == contact
    late = seat.post(f"contacts/{contact}/case", kind="claim", fields=CLAIM, form="f-1")
    assert late.status_code == 201
    assert seat.state["drafts"] == []


def test_a_late_draft_does_not_bring_back_a_form_that_is_logged(world: World, seat: Seat) -> None:
    contact = talking(world, seat)
    seat.post(f"contacts/{contact}/case", kind="claim", fields=CLAIM, form="f-1")
    assert seat.post(f"contacts/{contact}/draft", kind="claim", fields=CLAIM).status_code == 409
    assert seat.state["drafts"] == []


def test_wrap_up_runs_from_the_end_of_the_conversation_and_ends_by_itself_or_early(world: World, seat: Seat) -> None:
    contact = talking(world, seat)
    world.talk_ends(contact)
    state = seat.state
    assert (state["agent"]["state"], state["agent"]["wrap_up_until"]) == ("wrap_up", "2026-11-24T09:01:00.000Z")
    assert state["contact"]["ended_at"] == "2026-11-24T09:00:00.000Z"
    assert seat.post("wrap-up/end").status_code == 200
    assert seat.state["agent"]["state"] == "available"
    assert seat.state["contact"] is None
    assert seat.post("wrap-up/end").status_code == 409
    world.talk_ends(talking(world, seat))
    world.later(61)
    assert seat.state["agent"]["state"] == "available"


def test_hanging_up_ends_the_representatives_leg_and_nobody_elses(world: World, seat: Seat) -> None:
    other = world.at_desk("claims-2")
    contact = talking(world, seat)
    before = len(world.carrier.orders)
    assert other.post(f"contacts/{contact}/hang-up").status_code == 404
    assert len(world.carrier.orders) == before
    assert seat.post(f"contacts/{contact}/hang-up").status_code == 200
    url, order = world.carrier.orders[-1]
    assert (url.rsplit("/", 1)[1], order["Status"]) == (f"CA{1:032x}.json", "completed")


def test_a_break_that_is_asked_for_in_a_conversation_follows_it(world: World, seat: Seat) -> None:
    contact = talking(world, seat)
    assert seat.post("pause", reason="lunch").status_code == 200
    assert (seat.state["agent"]["state"], seat.state["agent"]["then"]) == ("talking", "paused")
    world.talk_ends(contact)
    seat.post("wrap-up/end")
    assert (seat.state["agent"]["state"], seat.state["agent"]["reason"]) == ("paused", "lunch")


def test_who_was_logged_out_meanwhile_comes_back_with_ready(world: World, seat: Seat) -> None:
    second = Seat(world.app.wsgi.test_client(), "claims-1")
    second.log_in()
    second.post("logout")
    assert seat.state["agent"]["state"] == "logged_out"
    assert seat.post("ready").status_code == 200
    assert seat.state["agent"]["state"] == "available"


def test_nobody_sees_or_changes_what_is_somebody_elses(world: World, seat: Seat) -> None:
    other = world.at_desk("claims-2")
    contact = talking(world, seat)
    assert (len(seat.state["drafts"]), other.state["drafts"]) == (0, [])
    world.talk_ends(contact)
    seat.post("wrap-up/end")
    seat.post(f"contacts/{contact}/draft", kind="claim", fields=CLAIM)
    assert (len(seat.state["drafts"]), other.state["drafts"]) == (1, [])
    case = seat.post(f"contacts/{contact}/case", kind="claim", fields=CLAIM, form="f-1").get_json()
    for body in ({"kind": "claim", "fields": CLAIM}, {"kind": "claim", "fields": CLAIM, "form": "f-1"}):
        path = "case" if "form" in body else "draft"
        assert other.post(f"contacts/{contact}/{path}", **body).status_code == 404
    assert other.state["cases"] == []
    assert other.get(f"cases?number={case['number']}").get_json() == {"cases": []}
    assert other.get(f"cases?call={case['call']}").get_json() == {"cases": []}


def test_a_form_cannot_be_used_again_for_another_contact(world: World, seat: Seat) -> None:
    first = talking(world, seat)
    seat.post(f"contacts/{first}/case", kind="claim", fields=CLAIM, form="f-1")
    world.talk_ends(first)
    seat.post("wrap-up/end")
    second = talking(world, seat)
    assert seat.post(f"contacts/{second}/case", kind="claim", fields=CLAIM, form="f-1").status_code == 409


def test_a_callers_message_can_be_heard_and_who_listens_is_written_down(world: World, seat: Seat) -> None:
    sound = a_sound(1.5)
    message = world.message_is_left(sound)
    shown = seat.state["cases"][0]["recordings"][0]
    assert (shown["id"], shown["state"]) == (message, "kept")
    answer = seat.get(f"recordings/{message}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "audio/wav", sound)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    part = seat.browser.get(f"/desk/api/recordings/{message}", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, sound[100:200])
    with world.store.look() as tx:
        listened = "SELECT fields FROM events WHERE what = 'listened to' AND about = ?"
        assert len(tx.connection.exec_driver_sql(listened, (message,)).all()) == 1


def test_what_belongs_to_somebody_elses_case_is_not_heard(world: World, seat: Seat) -> None:
    other = world.at_desk("claims-2")
    contact = talking(world, seat)
    case = seat.post(f"contacts/{contact}/case", kind="claim", fields=CLAIM, form="f-1").get_json()
    message = world.message_is_left(case_number=case["number"])
    assert seat.get(f"recordings/{message}").status_code == 200
    assert other.get(f"recordings/{message}").status_code == 404


@pytest.mark.parametrize(
    "name", ["0" * 32, "..%2f..%2fdialtree.db", "%2e%2e", "A" * 32, "x", "0" * 31 + "%00", "..\\..\\x", "CON"]
)
def test_there_is_no_other_file_behind_the_recordings(world: World, seat: Seat, name: str) -> None:
    world.message_is_left()
    assert seat.get(f"recordings/{name}").status_code == 404


def test_the_wrong_password_is_always_answered_the_same(world: World, seat: Seat) -> None:
    answers = [
        world.app.wsgi.test_client().post("/desk/api/login", json={"name": name, "password": password})
        for name, password in (("claims-1", "wrong"), ("nobody", PASSWORD), ("nobody", ""))
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.data for answer in answers}) == 1


def test_every_address_wants_a_session_and_every_change_its_word(world: World, seat: Seat) -> None:
    stranger = world.app.wsgi.test_client()
    rules = [rule for rule in world.app.wsgi.url_map.iter_rules() if rule.rule.startswith("/desk/api/")]
    assert len(rules) == 35
    for rule in rules:
        path = re.sub("<[^>]+>", "0" * 32, rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if rule.rule == "/desk/api/login":
                continue
            assert stranger.open(path, method=method, json={}).status_code == 401, path
            if method == "POST":
                assert seat.browser.post(path, json={}).status_code == 403, path
                wrong = {"X-CSRF-Token": seat.csrf[:-1]}
                assert seat.browser.post(path, json={}, headers=wrong).status_code == 403, path
    assert seat.state["agent"]["state"] == "available"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost:1"},
    ],
)
def test_another_sites_page_changes_nothing_and_sees_no_events(
    world: World, seat: Seat, headers: dict[str, str]
) -> None:
    with_word = {"X-CSRF-Token": seat.csrf, **headers}
    assert seat.browser.post("/desk/api/pause", json={"reason": "x"}, headers=with_word).status_code == 403
    login = {"name": "claims-1", "password": PASSWORD}
    assert seat.browser.post("/desk/api/login", json=login, headers=headers).status_code == 403
    assert seat.browser.get("/desk/api/events", headers=headers).status_code == 403
    assert seat.state["agent"]["state"] == "available"


def test_our_own_page_may_name_this_machine_either_way(tmp_path: Path) -> None:
    world = World(tmp_path, "http://127.0.0.1:8080")
    world.representative()
    for name in ("http://127.0.0.1:8080", "http://localhost:8080"):
        browser = world.app.wsgi.test_client()
        login = {"name": "claims-1", "password": PASSWORD}
        answer = browser.post("/desk/api/login", json=login, headers={"Origin": name}, base_url=name)
        headers = {"X-CSRF-Token": answer.get_json()["csrf"], "Origin": name}
        assert browser.post("/desk/api/ready", json={}, headers=headers, base_url=name).status_code == 200
    world.close()


def test_the_session_ends_after_half_an_hour_of_nothing_but_not_with_a_caller(world: World, seat: Seat) -> None:
    talking(world, seat)
    world.now = world.now.replace(hour=11)
    assert seat.get("state").status_code == 200
    contact = seat.state["contact"]["id"]
    world.talk_ends(contact)
    world.later(61)
    assert seat.get("state").status_code == 401


def test_looking_alone_is_no_sign_of_life_but_a_touched_key_is(world: World, seat: Seat) -> None:
    world.later(29 * 60)
    assert seat.browser.get("/desk/api/state", headers={"X-Active": "1"}).status_code == 200
    world.later(29 * 60)
    assert seat.get("state").status_code == 200
    world.later(2 * 60)
    assert seat.get("state").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(tmp_path: Path) -> None:
    world = World(tmp_path, "https://hotline.example")
    answer = Seat(world.representative(), "claims-1").log_in()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dialtree=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]
    world.close()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"x"', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"reason=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "application/json", 422),
        (b'{"reason": 1}', "application/json", 422),
        (b'{"reason": "x", "agent": "claims-2"}', "application/json", 422),
        (b'{"reason": "' + b"x" * 65 + b'"}', "application/json", 422),
        (b'{"reason": "' + b"x" * 300_000 + b'"}', "application/json", 413),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_an_odd_body_is_answered_with_json_that_says_what_is_wrong(
    world: World, seat: Seat, body: bytes, kind: str, status: int
) -> None:
    headers = {"X-CSRF-Token": seat.csrf, "Content-Type": kind}
    answer = seat.browser.post("/desk/api/pause", data=body, headers=headers)
    assert answer.status_code == status
    assert answer.get_json()["error"]
    assert seat.state["agent"]["state"] == "available"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("TRACE", "ready", 405), ("GET", "ready", 405), ("GET", "no", 404)]
)
def test_unknown_ways_in_are_answered_with_json_or_nothing(seat: Seat, method: str, path: str, status: int) -> None:
    assert seat.browser.open(f"/desk/api/{path}", method=method).status_code == status


def test_the_events_say_that_something_changed_and_end_with_the_session(world: World, seat: Seat) -> None:
    stream = seat.browser.get("/desk/api/events")
    events = stream.response
    assert (stream.status_code, stream.mimetype) == (200, "text/event-stream")
    assert b"event: change" in next(events)
    world.caller_waits()
    assert b'"seq"' in next(events)
    seat.post("logout")
    assert next(events, None) is None


def test_the_api_is_described_address_by_address(world: World) -> None:
    text = DOCS.read_text(encoding="utf-8")
    described = set(re.findall(r"^### (GET|POST) (/desk/api/\S+)", text, re.MULTILINE))
    rules = [rule for rule in world.app.wsgi.url_map.iter_rules() if rule.rule.startswith("/desk/api/")]
    real = {(method, re.sub("<[^>]+>", "ID", rule.rule)) for rule in rules for method in rule.methods & {"GET", "POST"}}
    assert described == real


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"], ids=["first half", "second half"])
def test_half_of_an_emoji_is_refused_and_the_page_lives_on(world: World, seat: Seat, text: str) -> None:
    contact = talking(world, seat)
    assert seat.post(f"contacts/{contact}/draft", kind="order", fields={"note": text}).status_code == 422
    form = {"kind": "suggestion", "fields": {"idea": text}, "form": "f1"}
    assert seat.post(f"contacts/{contact}/case", **form).status_code == 422
    assert seat.post("pause", reason=text).status_code == 422
    assert seat.get("state").status_code == 200


@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5000])
def test_a_number_that_no_case_has_finds_none(seat: Seat, number: str) -> None:
    answer = seat.get(f"cases?number={number}")
    assert (answer.status_code, answer.json["cases"]) == (200, [])
