"""Exports by HTTP: for supervisors, a row a case, a call and a shift, with the columns that docs/exports.md tells."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from ivr import brought_rows, call_rows, case_rows, shift_rows
from ivr.accounts import Accounts
from ivr.counter import Counter, Visitor
from ivr.mail_room import MailRoom
from ivr.role import Role
from tests.ivr.mail.letters import letter
from tests.ivr.web.desk_world import CALLER, World

PAGE = Path(__file__).parents[3] / "docs" / "exports.md"


@pytest.fixture
def world(tmp_path):
    """A claim that was talked about, a message that was left, and a supervisor."""
    world = World(tmp_path)
    world.boss = world.at_desk("boss")
    Accounts(world.store).set_role("boss", Role.SUPERVISOR, "console")
    world.anna = world.at_desk("anna")
    world.anna.post("ready")
    contact = world.caller_waits()
    world.later(12)
    assert world.anna.accepts() == contact
    world.leg_answers(contact)
    prices = {"price_agreed": "20", "price_charged": "25,5", "note": '=HYPERLINK("http://x")'}
    fields = {"order_number": "4711", "cause": "other_price", **prices}
    assert world.anna.post(f"contacts/{contact}/case", kind="claim", fields=fields, form="f1").status_code == 201
    world.later(60)
    world.talk_ends(contact)
    world.caller_hangs_up(contact)
    world.message_is_left()
    yield world
    world.close()


def rows(world, what, **query):
    answer = world.boss.browser.get(f"/api/v1/exports/{what}.csv", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    text = answer.get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=query.get("separator", ",")))


def test_a_case_is_a_row(world):
    left, claim = rows(world, "cases")
    assert (claim["number"], claim["kind"], claim["state"], claim["owner"]) == ("100001", "claim", "open", "anna")
    assert (claim["day"], claim["due_at"]) == ("2026-11-24", "2026-11-26T17:00:00Z")
    assert (claim["difference"], claim["currency"], claim["field.price_charged"]) == ("5.50", "EUR", "25.50")
    assert claim["field.note"] == '\'=HYPERLINK("http://x")'
    assert json.loads(claim["fields"])["note"] == '=HYPERLINK("http://x")'
    assert (claim["caller"], claim["contacts"], len(claim["calls"])) == (f"'{CALLER}", "1", 34)
    assert (left["kind"], left["owner"], left["created_by"]) == ("suggestion", "", "caller")


def test_a_call_is_a_row_from_which_figures_can_be_recomputed(world):
    call, message = rows(world, "calls")
    assert (call["queue"], call["agent"], call["waited_s"], call["talked_s"]) == ("claims", "anna", "12.0", "60.0")
    assert (call["offers"], call["missed"], call["cases"], call["way"]) == ("1", "0", "100001", "welcome:2")
    [passage] = json.loads(call["passages"])
    assert (passage["outcome"], passage["answered_at"]) == ("served", "2026-11-24T09:00:12.000000Z")
    assert (message["queue"], message["waited_s"], message["passages"], message["cases"]) == ("", "", "[]", "100002")


def test_a_spreadsheet_of_another_country_gets_its_own_marks(world):
    raw = world.boss.browser.get("/api/v1/exports/cases.csv?separator=;&bom=1").get_data()
    assert raw.startswith(b"\xef\xbb\xbfnumber;hotline;")
    assert rows(world, "cases", separator=";", bom="1")[1]["difference"] == "5,50"


def test_json_has_the_same_rows_exactly(world):
    told = world.boss.browser.get("/api/v1/exports/cases.json").get_json()
    assert [it["number"] for it in told] == [100002, 100001]
    assert (told[1]["difference"], told[1]["caller"]) == ("5.50", CALLER)
    calls = world.boss.browser.get("/api/v1/exports/calls.json").get_json()
    assert list(calls[0]) == list(call_rows.COLUMNS)


def test_days_are_those_of_the_hotline_and_more_rows_than_a_page_come_all(world):
    with world.store.transaction() as tx:
        for number in range(250):
            tx.cases.log("suggestion", {"suggestion": str(number)}, f"m{number}", "caller", tx.now)
    assert [int(row["number"]) for row in rows(world, "cases")] == list(range(100252, 100000, -1))
    assert len(rows(world, "cases", since="2026-11-24", until="2026-11-24")) == 252
    assert rows(world, "cases", until="2026-11-23") == rows(world, "calls", since="2026-11-25") == []


def test_an_e_mail_and_a_visitor_are_a_row_each(world):
    MailRoom(world.switchboard).take(letter(From='"=cmd()" <erika@customer.example>'))
    visitor = Visitor("acme", "claims", "de", "Erika", "+49 151 12345678", "", "f1")
    Counter(world.switchboard).take_in("boss", visitor)
    world.anna.post("wrap-up/end")
    contact = world.anna.accepts()
    world.anna.post(f"contacts/{contact}/hang-up")
    mail, visit = rows(world, "contacts")
    assert (mail["by"], mail["state"], mail["agent"], mail["ticket"]) == ("email", "open", "", "")
    told = (visit["by"], visit["state"], visit["agent"], visit["ticket"], visit["caller"], visit["waited_s"])
    assert told == ("visit", "served", "anna", "1", f"'{CALLER}", "0.0")
    assert list(visit) == list(brought_rows.COLUMNS)


def test_a_shift_is_a_row_and_its_occupancy_can_be_worked_out_by_hand(world):
    world.later(45)
    (anna,) = [row for row in rows(world, "shifts") if row["agent"] == "anna"]
    spent = {name: float(anna[name]) for name in shift_rows.COLUMNS if name.endswith("_s")}
    assert anna["day"] == "2026-11-24"
    assert spent["talking_s"] == 60
    assert spent["wrap_up_s"] > 0
    assert sum(spent.values()) == pytest.approx(2 * spent["logged_in_s"])
    at_work_s = spent["logged_in_s"] - spent["paused_s"]
    assert float(anna["occupancy"]) == pytest.approx((spent["talking_s"] + spent["wrap_up_s"]) / at_work_s)
    told = world.boss.browser.get("/api/v1/exports/shifts.json?since=2026-11-24&until=2026-11-24").get_json()
    assert [it["agent"] for it in told] == sorted(it["agent"] for it in told)
    assert world.boss.browser.get("/api/v1/exports/shifts.json?since=2025-01-01").status_code == 422
    assert rows(world, "shifts", until="2026-11-23") == []


def test_the_report_tells_supervisors_alone_how_everybodys_time_was_spent(world):
    page = world.boss.browser.get("/reports").get_data(as_text=True)
    assert "Occupancy" in page
    assert "1:00" in page.split('id="people-title"')[1]
    assert "Of at most 92 days" in world.boss.browser.get("/reports?from=2026-01-01&to=2026-11-24").get_data(
        as_text=True
    )
    assert world.anna.browser.get("/reports").status_code == 403


def test_only_supervisors_export_and_it_is_written_down(world):
    assert world.anna.browser.get("/api/v1/exports/cases.csv").status_code == 403
    assert world.app.wsgi.test_client().get("/api/v1/exports/calls.json").status_code == 401
    for path in ("cases.xls", "people.csv", "cases.csv?separator=x", "cases.csv?since=soon"):
        assert world.boss.browser.get(f"/api/v1/exports/{path}").status_code in (404, 422)
    rows(world, "calls")
    with world.store.look() as tx:
        audited = tx.connection.exec_driver_sql("SELECT * FROM audit ORDER BY seq DESC LIMIT 1").mappings().first()
    assert (audited["who"], audited["what"], audited["about"]) == ("boss", "exported", "calls")


@pytest.mark.parametrize(
    ("title", "columns"),
    [
        ("case", case_rows.COLUMNS),
        ("call", call_rows.COLUMNS),
        ("shift", shift_rows.COLUMNS),
        ("contact", brought_rows.COLUMNS),
    ],
)
def test_the_page_tells_every_column(title, columns):
    section = PAGE.read_text("utf-8").split(f"## One row a {title}")[1].split("\n## ")[0]
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)) == columns
