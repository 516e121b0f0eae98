"""Two at once: whoever comes second is told so, and nothing happens twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from routing import distributor as d
from routing.agent import AgentState
from routing.contact import ContactState
from routing.effect import Accepted, Connected, Offered
from routing.offer import OfferState
from routing.queue import Queue
from routing.refusal import Refused
from tests.routing.centre import MORNING, Centre, at_once

ROUNDS = 15


def opened(engine) -> Centre:
    centre = Centre({"claims": Queue("claims", wrap_up_s=0)}, engine)
    centre.come("anna")
    return centre


def test_of_four_tabs_that_accept_at_once_exactly_one_wins(engine):
    centre = opened(engine)
    for number in range(ROUNDS):
        [offered] = centre.call(f"c{number}")
        answers = at_once(*[lambda: centre.do(d.accept, offered.offer.id, "anna")] * 4)  # noqa: B023 - run at once
        assert sum(isinstance(answer, list) and isinstance(answer[0], Accepted) for answer in answers) == 1
        assert sum(answer == Refused("already taken", hint="it is yours") for answer in answers) == 3
        centre.do(d.caller_gone, f"c{number}")


def test_an_agents_leg_that_answers_while_the_caller_hangs_up_leaves_no_ghost(engine):
    centre = opened(engine)
    for number in range(ROUNDS):
        contact = f"c{number}"
        [offered] = centre.call(contact)
        centre.do(d.accept, offered.offer.id, "anna")
        answer, _ = at_once(
            lambda: centre.do(d.leg_answered, offered.offer.id),  # noqa: B023 - run at once
            lambda: centre.do(d.caller_gone, contact),  # noqa: B023 - run at once
        )
        offer = centre.offer(offered.offer.id)
        met = isinstance(answer, list) and isinstance(answer[0], Connected)
        assert offer.state is (OfferState.ACCEPTED if met else OfferState.CALLER_GONE)
        assert centre.contact(contact).state is ContactState.DONE
        assert centre.state("anna") is AgentState.AVAILABLE


def test_accepting_declining_and_missing_in_the_same_moment_have_one_end(engine):
    centre = opened(engine)
    for number in range(ROUNDS):
        [offered] = centre.call(f"c{number}")
        centre.now = offered.offer.expires_at
        at_once(
            lambda: centre.do(d.accept, offered.offer.id, "anna"),  # noqa: B023 - run at once
            lambda: centre.do(d.decline, offered.offer.id, "anna"),  # noqa: B023 - run at once
            lambda: centre.do(d.tick),
        )
        ended = (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.MISSED)
        assert centre.offer(offered.offer.id).state in ended
        centre.do(d.caller_gone, f"c{number}")
        centre.do(d.ready, "anna")
        centre.now += timedelta(seconds=1)


def test_of_callers_who_enter_at_once_one_gets_the_only_agent(engine):
    centre = opened(engine)
    results = at_once(*[lambda name=name: centre.call(name) for name in ("c1", "c2", "c3", "c4")])
    assert sum(isinstance(effect, Offered) for effects in results for effect in effects) == 1
    assert sorted(centre.position(name) for name in ("c1", "c2", "c3", "c4")) == [1, 2, 3, 4]


def test_two_tickers_do_what_is_due_once(engine):
    centre = opened(engine)
    centre.come("bert")
    centre.call("c1")
    centre.now = MORNING + timedelta(seconds=60)
    results = at_once(*[lambda: centre.do(d.tick)] * 3)
    kinds = [type(effect).__name__ for effects in results for effect in effects]
    assert kinds == ["Closed", "Returned", "Offered"]


ACCEPT = """
import sys, time
from pathlib import Path
from datetime import datetime
from routing import distributor
from routing.queue import Queue
from routing.store import SqlFloor, open_engine
url, gate, now = sys.argv[1:]
engine = open_engine(url)
engine.connect().close()
print("ready", flush=True)
while not Path(gate).exists():
    pass
with engine.begin() as connection:
    floor = SqlFloor(connection, {"claims": Queue("claims")}, lambda: "o9")
    print(type(distributor.accept(floor, "o1", "anna", datetime.fromisoformat(now))).__name__)
"""


def test_of_two_processes_that_accept_at_once_exactly_one_wins(engine, tmp_path):
    centre = opened(engine)
    centre.call("c1")
    gate = tmp_path / "gate"
    arguments = [engine.url.render_as_string(), str(gate), centre.now.isoformat()]
    home = Path(__file__).parents[3]
    workers = [
        subprocess.Popen([sys.executable, "-c", ACCEPT, *arguments], stdout=subprocess.PIPE, text=True, cwd=home)
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    gate.touch()
    assert sorted(worker.communicate(timeout=20)[0].strip() for worker in workers) == ["Refused", "list"]
    assert centre.offer("o1").state is OfferState.ACCEPTED
