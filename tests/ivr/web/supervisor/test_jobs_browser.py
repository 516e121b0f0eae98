"""What supervisors do on their pages, by keyboard alone: each page's main job, from the first key to the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ivr.mail import MailState
from ivr.mail_room import MailRoom
from ivr.role import Role
from tests.ivr.mail.letters import letter
from tests.ivr.web.browser import MARKS, log_in, new_page, shot, tab_to
from tests.ivr.web.morning import HEAD, NAMES, Morning, fill
from tests.ivr.web.served import Served

pytestmark = MARKS


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("jobs"))
    yield served
    served.stop()


@pytest.fixture(scope="module")
def morning(world: Served) -> Morning:
    return fill(world)


@pytest.fixture(scope="module")
def window(one_chromium: Any, world: Served, morning: Morning) -> Iterator[Any]:
    context = one_chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    page = new_page(context)
    log_in(page, world, Role.ADMINISTRATOR, HEAD)
    yield page
    context.close()


@pytest.fixture
def page(window: Any) -> Iterator[Any]:
    window.complaints.clear()
    yield window
    assert window.complaints == []


def says(page: Any, text: str) -> None:
    page.get_by_text(text).locator("visible=true").first.wait_for()


def goes_to(page: Any, selector: str, key: str = "Enter") -> None:
    """Go there by Tab and press it, up to the page that follows."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_floor_a_figure_is_explained_and_a_limit_makes_an_alarm(page: Any, world: Served) -> None:
    page.goto(world.url + "/floor")
    page.locator("#live[data-state=on]").wait_for()
    tab_to(page, "#board .tile:nth-child(3)")
    page.keyboard.press("Enter")
    page.locator("#explained-close:focus").wait_for()
    page.keyboard.press("Enter")
    page.locator("#board .tile:nth-child(3):focus").wait_for()
    assert page.locator(".alarms").count() == 0
    tab_to(page, "#limits summary")
    page.keyboard.press("Enter")
    tab_to(page, "#limit-claims")
    page.keyboard.type("90")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(".alarms .timer").first.wait_for()
    shot(page, "floor-alarm")


def test_floor_what_is_fetched_anew_stays_as_one_has_it(page: Any, world: Served) -> None:
    page.goto(world.url + "/floor")
    page.locator("#live[data-state=on]").wait_for()
    tab_to(page, "#board details summary")
    page.keyboard.press("Enter")
    tab_to(page, "#board td a")
    page.evaluate("document.getElementById('board').dataset.old = 'yes'")
    focused = page.evaluate("document.activeElement.href")
    world.now += timedelta(seconds=1)
    world.app.changes.announce()
    page.locator("#board:not([data-old])").wait_for()
    assert page.evaluate("document.activeElement.href") == focused
    assert page.locator("#board details[open]").count() == 1


def test_waiting_somebody_gets_a_head_start_and_another_queue(page: Any, world: Served, morning: Morning) -> None:
    page.goto(world.url + "/waiting")
    goes_to(page, f"a[href$='{morning.waiting}']")
    tab_to(page, "[name=head_start_s]")
    page.keyboard.type("300")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    says(page, "300 s")
    tab_to(page, "select[name=queue]")
    page.keyboard.press("ArrowDown")
    goes_to(page, "form[action$='/move'] button")
    with world.store.look() as tx:
        moved = tx.floor.contact(morning.waiting)
    assert (moved.queue, moved.head_start_s) == ("service", 300)
    page.goto(world.url + "/waiting")
    goes_to(page, "form[action*='/queues/claims'] button")
    says(page, "paused")


def test_people_somebody_new_gets_a_code(page: Any, world: Served) -> None:
    page.goto(world.url + "/agents")
    tab_to(page, "details.card summary")
    page.keyboard.press("Enter")
    tab_to(page, "#new-name")
    page.keyboard.type("mira")
    tab_to(page, "details #display_name")
    page.keyboard.type(NAMES[2])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("code.secret").wait_for()
    assert page.get_by_role("row", name="mira").get_by_text(NAMES[2]).is_visible()
    shot(page, "agents-made")


def test_menus_a_fault_is_told_while_typing_and_words_are_published_and_taken_back(page: Any, world: Served) -> None:
    def live() -> str:
        return world.switchboard.hotlines.current()[0].version

    before = live()
    page.goto(world.url + "/menus/acme")
    goes_to(page, "form[action$='/begin'] button.primary")
    tab_to(page, ".file[data-name='tree.yaml'] textarea")  # of all files this one is open already
    page.keyboard.press("Control+Home")
    page.keyboard.type("nodes [")
    says(page, "tree.yaml:1")
    shot(page, "editor-fault")
    tab_to(page, "#faults button")
    page.keyboard.press("Enter")
    page.locator(".file[data-name='tree.yaml'] textarea:focus").wait_for()
    page.keyboard.press("Control+Home")
    for _ in "nodes [":
        page.keyboard.press("Delete")
    page.evaluate(
        "it => it.setSelectionRange(it.value.indexOf('Welcome to Acme'), it.value.indexOf('Welcome to Acme') + 7)",
        page.locator(":focus").element_handle(),
    )
    page.keyboard.type("Good day, this is")
    says(page, "Nothing is wrong.")
    goes_to(page, "button[value=compare]")
    says(page, "Good day, this is")
    shot(page, "compare-changed")
    goes_to(page, "form[action$='/publish'] button.primary")
    assert live() != before
    shot(page, "menu-published")
    goes_to(page, "form[action$='/roll-back'] button")
    assert live() == before
    says(page, "rolled back")


def test_emergency_is_put_on_and_off(page: Any, world: Served) -> None:
    page.goto(world.url + "/emergency")
    goes_to(page, "button.danger")
    says(page, "on until")
    shot(page, "emergency-on")
    goes_to(page, "button.primary")
    assert page.locator(".sign.good").inner_text().strip().endswith("off")


def test_recordings_who_listens_is_written_down(page: Any, world: Served) -> None:
    page.goto(world.url + "/recordings")
    tab_to(page, "audio")
    with page.expect_response("**/recordings/*") as heard:
        page.keyboard.press("Space")
    assert heard.value.status in (200, 206)
    page.goto(world.url + "/recordings")
    assert page.locator("td bdi").inner_text() == HEAD


def test_audit_is_searched_and_its_chain_checked(page: Any, world: Served) -> None:
    page.goto(world.url + "/audit")
    tab_to(page, "input[name=who]")
    page.keyboard.type("moshe")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert {row.inner_text() for row in page.locator("tbody tr td:nth-child(3)").all()} == {"moshe"}
    goes_to(page, "button[name=checked]")
    says(page, "rows are as they were written")


def test_reports_and_results_are_chosen_by_day_and_taken_along(page: Any, world: Served) -> None:
    page.goto(world.url + "/reports?from=2026-11-24&to=2026-11-24")
    goes_to(page, "form.filter button")
    tab_to(page, "a.button[href*='reports.csv']")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert "claims" in Path(taken.value.path()).read_text("utf-8")
    page.goto(world.url + "/results")
    tab_to(page, "#by")
    page.keyboard.press("ArrowDown")
    goes_to(page, "form.filter button")
    assert "by=queue" not in page.url
    page.locator("#results-title").wait_for()


def test_a_visitor_is_given_a_number_and_an_e_mail_is_put_into_its_queue(page: Any, world: Served) -> None:
    page.goto(world.url + "/counter")
    tab_to(page, "#name")
    page.keyboard.type("Mira")
    tab_to(page, "#caller")
    page.keyboard.type("+49 151 12345678")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".slip .ticket-number").inner_text() == "2", "the second one of this morning"
    says(page, "Mira")
    MailRoom(world.switchboard).take(letter(From="claims@acme.example", Subject="From ourselves"))
    page.goto(world.url + "/mails")
    goes_to(page, "form[action$='let-in'] button")
    with world.store.look() as tx:
        mail = tx.mails.latest([MailState.OPEN, MailState.KEPT], 5)[0]
    assert (mail.subject, mail.state) == ("From ourselves", MailState.OPEN)


def test_cases_are_found_and_exported_with_names_as_they_are_written(page: Any, world: Served) -> None:
    page.goto(world.url + "/cases")
    tab_to(page, "#text")
    page.keyboard.type(NAMES[2])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#found tbody tr").count() == 1
    tab_to(page, "a.button[href*='cases.csv']")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    written = Path(taken.value.path()).read_text("utf-8")
    assert all(name in written for name in NAMES)


def test_webhooks_a_program_is_told_and_no_more(page: Any, world: Served) -> None:
    page.goto(world.url + "/webhooks")
    tab_to(page, "#url")
    page.keyboard.type("https://crm.example/dialtree")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("code.secret").wait_for()
    goes_to(page, "form[action$='/end'] button")
    assert page.locator("tr.over").count() == 1
