"""The desk in a real browser: what a representative sees, hears of and types, whatever happens around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import MARKS, new_page
from tests.ivr.web.browser import come_in, is_too_wide, shot
from tests.ivr.web.desk_world import a_sound
from tests.ivr.web.served import Served

pytestmark = MARKS


@pytest.fixture
def chromium(one_chromium: object) -> object:
    return one_chromium


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Served]:
    world = Served(tmp_path)
    world.representative()
    yield world
    world.stop()


@pytest.fixture
def page(chromium: object, world: Served) -> Iterator[object]:
    """A page on which claims-1 has logged in; whatever the browser complains of fails the test."""
    context = chromium.new_context(locale="en-GB")
    page = new_page(context)
    log_in(page, world)
    yield page
    context.close()
    assert page.complaints == []


def log_in(page: object, world: Served, name: str = "claims-1") -> None:
    come_in(page, world.url, name)
    page.goto(f"{world.url}/desk")
    page.locator("#live[data-state=on]").wait_for()


def says(page: object, text: str) -> None:
    """Wait until the page says it."""
    page.get_by_text(text, exact=False).locator("visible=true").first.wait_for()


def until(page: object, expression: str) -> None:
    """Wait until it is true on the page; Playwright's own way is refused by the page's policy, as it should be."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never was: {expression}")


def rung(page: object, world: Served) -> str:
    page.get_by_role("button", name="Ready for calls").click()
    says(page, "The next call will ring here.")
    contact = world.caller_waits()
    says(page, "A caller for you")
    return contact


def talking(page: object, world: Served) -> str:
    contact = rung(page, world)
    page.get_by_role("button", name="Accept").click()
    says(page, "You are being put through")
    world.leg_answers(contact)
    page.get_by_role("button", name="Hang up").wait_for()
    page.get_by_text("You are being put through").wait_for(state="hidden")
    return contact


def test_a_complaint_from_ring_to_the_next_call(page: object, world: Served) -> None:
    contact = rung(page, world)
    alert = page.get_by_role("alert").filter(has_text="A caller for you").inner_text()
    for told in ("+4915112345678", "Claim", "English", "a complaint", "47110815", "claims"):
        assert told in alert
    until(page, "document.title.startsWith('☎ claims')")
    shot(page, "offer")
    page.get_by_role("button", name="Accept").click()
    says(page, "You are being put through")
    world.leg_answers(contact)
    order_number = page.get_by_label("Order number").locator("visible=true")
    assert order_number.input_value() == "47110815"
    page.get_by_role("button", name="Log the claim").click()
    says(page, "Please fill this in: What went wrong.")
    assert page.evaluate("document.activeElement.name") == "cause"
    page.get_by_label("What went wrong").select_option("too_slow")
    charged = page.get_by_label("Price charged")
    charged.fill("a lot")
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("F8")  # the field has the focus already, and is brought into view all the same
    says(page, "This is no amount of money; write 12.50.")
    until(page, "document.activeElement.getBoundingClientRect().bottom < innerHeight")
    charged.fill("")
    page.get_by_label("In the caller's words").fill("Nobody came on Tuesday.")
    shot(page, "conversation")
    page.get_by_role("button", name="Log the claim").click()
    says(page, "Logged: Claim")
    says(page, "100 001")
    with page.expect_response("**/hang-up"):
        page.get_by_role("button", name="Hang up").click()
    assert any(order.get("Status") == "completed" for _, order in world.carrier.orders)
    world.talk_ends(contact)
    says(page, "Wrap-up ends in")
    shot(page, "wrap-up")
    page.get_by_role("button", name="End wrap-up").click()
    says(page, "The next call will ring here.")
    assert page.title() == "Desk – Dialtree"
    with world.store.look() as tx:
        case = tx.cases.by_number("100001")
    assert dict(case.fields) == {
        "order_number": "47110815",
        "cause": "too_slow",
        "note": "Nobody came on Tuesday.",
    }


def test_what_happens_elsewhere_takes_neither_the_text_nor_the_focus(page: object, world: Served) -> None:
    contact = talking(page, world)
    note = page.get_by_label("In the caller's words")
    note.press_sequentially("She was promised ")
    world.caller_waits(queue="service")
    says(page, "In conversation")
    page.get_by_role("row", name="service 1").wait_for()
    page.keyboard.type("Tuesday ")
    world.talk_ends(contact)
    says(page, "Wrap-up ends in")
    page.keyboard.type("and nobody came.")
    assert note.input_value() == "She was promised Tuesday and nobody came."


def test_a_form_half_filled_outlives_a_reload_and_a_browser_that_is_killed(
    page: object, world: Served, chromium: object
) -> None:
    talking(page, world)
    page.get_by_label("In the caller's words").fill("half a sen")
    says(page, "Draft saved")
    page.get_by_label("Price agreed").fill("12.50")
    page.reload()  # at once: the last field was not saved yet
    assert page.get_by_label("Price agreed").input_value() == "12.50"
    assert page.get_by_label("In the caller's words").input_value() == "half a sen"
    page.get_by_text("Order", exact=True).click()
    page.get_by_label("Article 1", exact=True).fill("a lamp")
    page.get_by_label("Quantity 1", exact=True).press("Tab")
    says(page, "Draft saved")
    page.close()
    context = chromium.new_context(locale="en-GB")
    another = new_page(context)
    log_in(another, world)
    assert another.get_by_label("Article 1", exact=True).input_value() == "a lamp"
    another.get_by_text("Claim", exact=True).locator("visible=true").last.click()
    assert another.get_by_label("In the caller's words").input_value() == "half a sen"
    assert another.get_by_label("Price agreed").input_value() == "12.50"
    context.close()


def test_a_form_that_is_being_filled_stays_when_wrap_up_ends_by_itself(page: object, world: Served) -> None:
    contact = talking(page, world)
    note = page.get_by_label("In the caller's words")
    note.press_sequentially("still wri")
    world.talk_ends(contact)
    says(page, "Wrap-up ends in")
    world.later(61)
    says(page, "Available")
    page.keyboard.type("ting")
    assert note.input_value() == "still writing"
    page.get_by_label("What went wrong").select_option("impolite")
    page.get_by_role("button", name="Log the claim").click()
    says(page, "The next call will ring here.")
    assert page.get_by_role("listitem").filter(has_text="100 001").count() == 1


def test_a_form_put_aside_waits_among_the_unfinished(page: object, world: Served) -> None:
    contact = talking(page, world)
    page.get_by_label("In the caller's words").fill("later")
    world.caller_hangs_up(contact)
    page.get_by_role("button", name="End wrap-up").click()
    page.get_by_role("button", name="Put aside").click()
    says(page, "The next call will ring here.")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_label("In the caller's words").input_value() == "later"


def test_an_offer_that_goes_away_stops_ringing(page: object, world: Served) -> None:
    contact = rung(page, world)
    world.caller_hangs_up(contact)
    says(page, "The next call will ring here.")
    until(page, "document.title === 'Desk – Dialtree'")


def test_missing_calls_pauses_and_the_page_says_so(page: object, world: Served) -> None:
    rung(page, world)
    world.later(45)
    says(page, "You missed calls")
    says(page, "On a break")


def test_two_tabs_show_the_same_and_the_slower_one_is_told(page: object, world: Served) -> None:
    second = new_page(page.context)
    second.goto(f"{world.url}/desk")
    contact = rung(page, world)
    says(second, "A caller for you")
    with world.store.look() as tx:
        offer = tx.floor.live_offer(contact)
    # The second tab is frozen: it still shows the offer when the first has taken it.
    second.route("**/desk/parts*", lambda route: route.abort())
    page.get_by_role("button", name="Accept").click()
    says(page, "You are being put through")
    second.get_by_role("button", name="Accept").click()
    says(second, "Somebody else has already taken this call.")
    assert offer.agent == "claims-1"


def test_logging_out_in_another_tab_keeps_what_was_typed_here(page: object, world: Served) -> None:
    here = new_page(page.context)
    here.clock.install()
    here.goto(f"{world.url}/desk")
    here.locator("#live[data-state=on]").wait_for()
    talking(page, world)
    note = here.get_by_label("In the caller's words")
    note.fill("half a sen")
    says(here, "Draft saved")
    page.get_by_role("button", name="Log out").click()
    says(here, "Your session has ended.")
    here.locator("#live[data-state=off]").wait_for()
    note.press_sequentially("tence")
    says(here, "Not saved yet")
    with page.context.expect_page() as opened:
        here.get_by_role("link", name="Log in again").click()
    log_in(opened.value, world)
    here.clock.fast_forward(5_000)  # what it waits before it tries again
    here.locator("#live[data-state=on]").wait_for()
    here.get_by_text("Your session has ended.").wait_for(state="hidden")
    says(here, "Draft saved")
    assert note.input_value() == "half a sentence"
    assert here.complaints == []


def test_a_callers_message_is_played_on_the_page(page: object, world: Served) -> None:
    world.message_is_left(a_sound(1.0))
    world.app.changes.announce()
    says(page, "Message, 0:08")
    page.evaluate("document.querySelector('audio').play()")
    until(page, "document.querySelector('audio').ended")
    assert page.evaluate("document.querySelector('audio').duration") == pytest.approx(1.0, abs=0.05)


def test_nothing_runs_out_of_the_page_at_any_width(chromium: object, world: Served) -> None:
    context = chromium.new_context(locale="de-DE")
    page = new_page(context)
    log_in(page, world)
    page.keyboard.press("F9")
    page.locator("[data-act=pause]").wait_for()
    world.message_is_left()
    contact = world.caller_waits()
    page.locator(".offer").wait_for()
    faults = unfit(page, "offer")
    page.keyboard.press("F2")
    page.locator(".case-form").wait_for()
    world.leg_answers(contact)
    page.locator("[data-act=hold]").wait_for()
    assert faults + unfit(page, "conversation") == []
    context.close()


def unfit(page: object, stage: str) -> list[str]:
    """What of a stage cannot be read, at some width or in some light."""
    faults = []
    for width in (320, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            shot(page, f"{stage}-{scheme}-{width}")
            faults += [f"{stage} {scheme} {width}: {each}" for each in contrast_faults(page)]
        faults += [f"{stage} is wider than {width}"] if is_too_wide(page) else []
    return faults


def contrast_faults(page: object) -> list[str]:
    """Texts with less than 4.5:1 against the nearest plain background behind them (WCAG 1.4.3)."""
    return page.evaluate(
        """() => {
        const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map((v) => { v /= 255;
            return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const behind = (it) => { for (; it; it = it.parentElement) { const c = getComputedStyle(it).backgroundColor;
            if (!/, 0\\)$|transparent/.test(c)) return c; } return "rgb(255, 255, 255)"; };
        const faults = [];
        for (const it of document.querySelectorAll("body *")) {
            if (!it.checkVisibility() || ![...it.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
            const [a, b] = [light(getComputedStyle(it).color), light(behind(it))].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) faults.push(it.textContent.trim() + " " + getComputedStyle(it).color);
        }
        return faults; }"""
    )
