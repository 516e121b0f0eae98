"""Cases by HTTP: whose they are, how they live, and that nobody changes what they did not see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.accounts import Accounts
from ivr.role import Role
from tests.ivr.web.desk_world import CALLER, Seat, World


@pytest.fixture
def world(tmp_path):
    """A hotline with Anna, a representative, and nobody waiting."""
    world = World(tmp_path)
    yield world
    world.close()


class Person:
    """Somebody at the doors below /api/v1."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat

    def get(self, path, **query):
        return self.seat.browser.get(f"/api/v1/{path}", query_string=query)

    def post(self, path, version=None, **body):
        headers = {"X-CSRF-Token": self.seat.csrf, **({"If-Match": f'"{version}"'} if version else {})}
        return self.seat.browser.post(f"/api/v1/{path}", json=body, headers=headers)

    def logs(self, kind="claim", form="f1", **more):
        fields = more.pop("fields", {"order_number": "4711", "cause": "too_slow"})
        body = {"kind": kind, "fields": fields, "form": form, "channel": "visit", **more}
        return self.post("cases", **body)

    def page(self, path, **form):
        data = {"csrf": self.seat.csrf, **form}
        return self.seat.browser.post(path, data=data) if form else self.seat.browser.get(path)


@pytest.fixture
def anna(world):
    return Person(world.at_desk("anna"))


@pytest.fixture
def bert(world):
    return Person(world.at_desk("bert"))


@pytest.fixture
def boss(world):
    person = Person(world.at_desk("boss"))
    Accounts(world.store).set_role("boss", Role.SUPERVISOR, "console")
    return person


def test_a_case_by_hand_has_its_number_its_time_and_what_came(anna):
    made = anna.logs(caller="+49 30 / 123 456", note="She came to the counter.")
    assert made.status_code == 201
    case = made.get_json()
    assert (case["number"], case["state"], case["owner"], case["caller"]) == ("100001", "open", "anna", "+4930123456")
    assert case["due_at"] == "2026-11-26T17:00:00.000Z"  # Tuesday at ten, two working days on, when the office closes
    [contact] = case["contacts"]
    assert (contact["channel"], contact["note"]) == ("visit", "She came to the counter.")
    assert made.headers["ETag"] == f'"{case["version"]}"'
    again = anna.logs(caller="somebody else")
    assert (again.status_code, again.get_json()) == (200, case)


def test_an_order_is_reckoned_exactly_and_a_claim_shows_the_difference(anna):
    lines = {"items.1.article": "Kettle", "items.1.quantity": "3", "items.1.price": "0,10", "deliver_to": "Ann"}
    order = anna.logs("order", fields={**lines, "items.4.article": "Pot", "items.4.price": "1.234,50"}).get_json()
    assert order["fields"]["items.2.article"] == "Pot"
    [items] = order["items"]
    assert [(it["quantity"], it["price"], it["amount"]) for it in items["lines"]] == [
        ("3", "0.10", "0.30"),
        ("1", "1234.50", "1234.50"),
    ]
    assert (items["total"], order["currency"]) == ("1234.80", "EUR")
    prices = {"order_number": "1", "cause": "other_price", "price_agreed": "20", "price_charged": "19,95"}
    [difference] = anna.logs(form="f2", fields=prices).get_json()["differences"]
    assert difference == {"field": "price_charged", "against": "price_agreed", "amount": "-0.05"}


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("claim", {"order_number": "4711"}, "cause"),
        ("claim", {"order_number": "4711", "cause": "rain"}, "cause"),
        ("claim", {"order_number": "1", "cause": "too_slow", "price_agreed": "cheap"}, "price_agreed"),
        ("claim", {"order_number": "1", "cause": "too_slow", "weather": "rain"}, "weather"),
        ("order", {"deliver_to": "Ann"}, "items.1.article"),
        ("order", {"deliver_to": "Ann", "items.1.quantity": "2"}, "items.1.article"),
        ("order", {"deliver_to": "Ann", "items.1.article": "Pot", "items.1.quantity": "many"}, "items.1.quantity"),
        ("order", {"deliver_to": "Ann", "items.1.article": "Pot", "items.1.price": "free"}, "items.1.price"),
        ("order", {"deliver_to": "Ann", "items.31.article": "Pot"}, "items.31.article"),
        ("weather", {}, "kind"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_made(anna, kind, fields, field):
    refused = anna.logs(kind, fields=fields)
    assert (refused.status_code, refused.get_json()["field"]) == (422, field)
    assert anna.get("cases").get_json()["cases"] == []


def test_a_case_lives_and_an_illegal_move_says_what_would_be_legal(anna):
    number = anna.logs().get_json()["number"]
    for move, state in (
        ("wait_for_customer", "waiting_for_customer"),
        ("wait_for_us", "waiting_for_us"),
        ("settle", "settled"),
    ):
        assert anna.post(f"cases/{number}/move", move=move).get_json()["state"] == state
    refused = anna.post(f"cases/{number}/move", move="settle")
    assert refused.status_code == 409
    told = {"error": "a case that is settled cannot do that", "hint": "it can: reopen, merge"}
    assert refused.get_json() == told
    assert anna.post(f"cases/{number}/move", move="reopen").get_json()["state"] == "reopened"
    assert anna.post(f"cases/{number}/move", move="merge").status_code == 422


def test_who_is_late_is_told_so_and_changes_nothing(anna, boss):
    case = anna.logs().get_json()
    number, version = case["number"], case["version"]
    anna.post(f"cases/{number}/fields", version, fields={"note": "first"})
    late = boss.post(f"cases/{number}/fields", version, fields={"note": "second"})
    assert (late.status_code, late.get_json()["error"]) == (409, "somebody has changed this case meanwhile")
    assert boss.post(f"cases/{number}/move", version, move="settle").status_code == 409
    case = boss.get(f"cases/{number}").get_json()
    assert (case["fields"]["note"], case["state"]) == ("first", "open")
    changes = [it["detail"]["fields"] for it in case["history"] if it["what"] == "amended"]
    assert changes == [{"note": ["", "first"]}]
    assert anna.post(f"cases/{number}/move", "x", move="settle").status_code == 422


def test_a_stranger_s_case_is_none_whatever_is_asked_of_it(anna, bert, boss):
    number = anna.logs().get_json()["number"]
    own = bert.logs(form="f2").get_json()["number"]
    bodies = {
        "move": {"move": "settle"},
        "owner": {"owner": "bert"},
        "due": {"due_at": "2027-01-01"},
        "fields": {"fields": {"note": "x"}},
        "notes": {"text": "x"},
        "contacts": {"channel": "visit", "note": "x"},
        "merge": {"into": own},
    }
    nowhere = bert.get("cases/999999")
    for answer in (bert.get(f"cases/{number}"), *(bert.post(f"cases/{number}/{it}", **bodies[it]) for it in bodies)):
        assert (answer.status_code, answer.get_json()) == (404, nowhere.get_json())
    assert bert.post(f"cases/{own}/merge", into=number).status_code == 422
    assert bert.get("cases", text="4711").get_json()["count"] == 1  # his own
    assert bert.page(f"/cases/{number}").status_code == 404
    assert [it["what"] for it in anna.get(f"cases/{number}").get_json()["history"]] == ["logged", "contact"]
    assert boss.get("cases").get_json()["count"] == 2
    for odd in ("x", "-1", "1e5", "٣", "²", "100001 ", "0" * 40, "9" * 40):
        assert bert.get(f"cases/{odd}").status_code == 404
        assert bert.post(f"cases/{own}/merge", into=odd).status_code == 422


def test_a_case_may_be_given_away_but_not_taken_from_somebody(world, anna, bert, boss):
    number = anna.logs().get_json()["number"]
    anna.post(f"cases/{number}/owner", owner="bert")
    assert bert.get(f"cases/{number}").get_json()["owner"] == "bert"
    refused = anna.post(f"cases/{number}/owner", owner="anna")  # she logged it, so she still sees it
    assert (refused.status_code, refused.get_json()["error"]) == (409, "somebody else sees to this case")
    assert bert.post(f"cases/{number}/owner", owner="dora").get_json()["field"] == "owner"
    assert boss.post(f"cases/{number}/owner", owner="anna").get_json()["owner"] == "anna"
    assert anna.post(f"cases/{number}/owner", owner="").get_json()["owner"] is None


def test_while_somebody_is_on_the_line_all_their_cases_may_be_seen(world, anna):
    with world.store.transaction() as tx:
        number = tx.cases.log("claim", {"order_number": "1"}, "f9", "bert", tx.now, caller=CALLER).number
        hidden = tx.cases.log("claim", {}, "f8", "bert", tx.now, caller="anonymous").number
    assert anna.get(f"cases/{number}").status_code == 404
    world.caller_waits()
    anna.seat.post("ready")
    contact = anna.seat.accepts()
    world.leg_answers(contact)
    assert anna.get(f"cases/{number}").status_code == 200
    assert anna.get(f"cases/{hidden}").status_code == 404
    linked = anna.post(f"cases/{number}/contacts", channel="call", contact=contact).get_json()
    assert linked["contacts"][-1]["contact"] == contact
    world.caller_hangs_up(contact)
    world.later(3600)
    anna.seat.log_in()
    assert anna.get(f"cases/{number}").status_code == 200  # she talked about it


def test_two_callers_who_hide_their_numbers_are_not_one(world, anna):
    with world.store.transaction() as tx:
        hidden = tx.cases.log("claim", {}, "f8", "bert", tx.now, caller="anonymous").number
    world.caller_waits(caller="anonymous")
    anna.seat.post("ready")
    world.leg_answers(anna.seat.accepts())
    assert anna.get(f"cases/{hidden}").status_code == 404


def test_overdue_cases_and_words_are_found_by_the_address(world, anna):
    number = anna.logs(fields={"order_number": "4711", "cause": "too_slow", "note": "Жалба!"}).get_json()["number"]
    anna.logs("suggestion", "f2", fields={"suggestion": "Longer hours"})
    world.now += timedelta(days=5)
    anna.seat.log_in()
    for query in (
        {"text": "zalba"},
        {"text": "100 001"},
        {"kind": "claim"},
        {"overdue": "1"},
        {"field": "order_number", "value": "4711"},
        {"order": "due", "kind": "claim"},
        {"owner": "anna", "text": "4711"},
    ):
        assert [it["number"] for it in anna.get("cases", **query).get_json()["cases"]] == [number], query
    assert anna.get("cases", owner="-").get_json()["count"] == 0
    assert anna.get("cases", until="2026-11-23").get_json()["count"] == 0
    assert anna.get("cases", since="2026-11-24", until="2026-11-24").get_json()["count"] == 2
    for query in ({"state": "lost"}, {"since": "soon"}, {"before": "x"}, {"order": "size"}, {"field": "a b"}):
        refused = anna.get("cases", **query)
        assert (refused.status_code, refused.get_json()["field"]) == (422, next(iter(query)))


def test_pages_show_everything_and_escape_what_was_typed(world, anna):
    evil = "<img src=x onerror=alert(1)>"
    fields = {"order_number": "4711", "cause": "other_price", "price_agreed": "20", "price_charged": "25", "note": evil}
    number = anna.logs(fields=fields, note=evil, caller=evil).get_json()["number"]
    anna.post(f"cases/{number}/notes", text=evil)
    anna.post(f"cases/{number}/fields", fields={"note": evil + "2"})
    for path in (
        f"/cases/{number}",
        "/cases",
        f"/cases?text={evil}",
        "/cases/mine",
        f"/cases?owner={evil}&state={evil}",
    ):
        page = anna.page(path).get_data(as_text=True)
        assert "<img" not in page
        assert "100 001" in page or evil[:4] in path
    page = anna.page(f"/cases/{number}").get_data(as_text=True)
    assert "+€5.00" in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 4


def test_a_form_on_a_page_does_it_or_says_why_not_and_keeps_what_was_typed(anna, boss):
    typed = {"what": "acme claim", "form": "p1", "channel": "email", "caller": "ann@example.org", "note": "Dear Acme"}
    wrong = anna.page("/cases/new", **typed, **{"field.order_number": "4711"})
    assert wrong.status_code == 422
    assert 'value="4711"' in wrong.get_data(as_text=True)
    assert "This must be filled in." in wrong.get_data(as_text=True)
    fine = {**typed, "field.order_number": "4711", "field.cause": "too_slow"}
    assert anna.page("/cases/new", **fine).location == "/cases/100001"
    assert anna.page("/cases/new", **fine).location == "/cases/100001"
    version = anna.get("cases/100001").get_json()["version"]
    moved = anna.page("/cases/100001/move", move="settle", version=version)
    assert (moved.status_code, moved.location) == (303, "/cases/100001")
    late = boss.page("/cases/100001/move", move="reopen", version=version)
    assert late.status_code == 409
    assert "Somebody has changed this case meanwhile." in late.get_data(as_text=True)
    due = anna.page("/cases/100001/due", due_at="2026-12-01T09:30", version=version + 1)
    assert due.status_code == 303
    assert anna.get("cases/100001").get_json()["due_at"] == "2026-12-01T08:30:00.000Z"
    assert anna.page("/cases/100001/due", due_at="soon", version=version + 2).status_code == 422
    assert anna.page("/cases/100001/merge", into="999 999", version=version + 2).status_code == 422
    assert anna.seat.browser.post("/cases/100001/move", data={"move": "settle"}).status_code == 403
