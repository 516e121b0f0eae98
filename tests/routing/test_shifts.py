"""What agents' time is spent on, told by the events; worked out by hand for one morning, and held by rule 28 on any."""

from __future__ import annotations

from datetime import timedelta

from routing import distributor as d
from routing.figures import shift_figures
from routing.queue import Queue
from routing.shifts import shifts_of_events
from tests.routing.centre import Centre


def test_a_morning_adds_up():
    centre = Centre({"claims": Queue("claims", wrap_up_s=30)})
    centre.come("anna")  # ready at 1 s
    centre.wait(59)
    centre.call("c1")  # offered at 60 s
    centre.wait(5)
    centre.talk("c1")  # talks from 65 s
    centre.wait(100)
    centre.do(d.talk_ended, "c1")  # wraps up from 165 s to 195 s
    centre.wait(45)
    centre.do(d.pause, "anna", "lunch")  # at 210 s
    centre.wait(90)
    centre.do(d.log_out, "anna")  # at 300 s
    centre.wait(60)
    with centre.floor() as floor:
        shift = shifts_of_events(floor.events, centre.now)["anna"]
    assert {str(state): spent.total_seconds() for state, spent in shift.spent.items()} == {
        "available": 59 + 15, "offered": 5, "talking": 100, "wrap_up": 30, "paused": 90, "logged_out": 60,
    }  # fmt: skip
    assert shift.logged_in_s == 299
    assert shift_figures(shift.spent) == {
        "logged_in": 299, "paused": 90, "available": 74, "offered": 5, "talking": 100, "wrap_up": 30,
        "occupancy": 130 / 209,
    }  # fmt: skip
    hour = shift.within(centre.now - timedelta(seconds=200), centre.now)  # from 160 s: 5 s of talk are left
    assert shift_figures(hour)["talking"] == 5
    assert shift_figures(hour)["occupancy"] == 35 / 50


def test_who_was_never_at_work_has_no_occupancy():
    assert shift_figures({})["occupancy"] is None
