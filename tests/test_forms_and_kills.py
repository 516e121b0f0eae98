"""Forms posted while the program is killed again and again: one case a form, and no draft that was kept is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from ivr.simulator.desk_client import DeskAnswer, DeskClient
from ivr.simulator.transport import FetchFailed, HttpApp
from ivr.store import Store
from routing.contact import Contact, ContactState, Outcome
from routing.store.rows import columns
from routing.store.tables import case_history, case_links, cases, contacts, drafts, events
from tests import real_process
from tests.real_process import PASSWORD

WORKERS = 4
DRAFT, FORMS_A_DRAFT = "draft-", 20
"""For each so many forms that are logged one is begun only."""

CHUNK = 500
WAIT_S = 0.05
PATIENCE_S = 60


def talked_to(store: Store, names: list[str]) -> None:
    """Contacts whom claims-1 has talked to, and whose cases are to be logged."""
    began = datetime.now(UTC) - timedelta(hours=1)
    made = []
    for seq, name in enumerate(names, 1):
        contact = Contact(name, "claims", case_kind="claim")
        contact.stand(began, seq, 600)
        contact.state, contact.outcome, contact.last_agent = ContactState.DONE, Outcome.SERVED, "claims-1"
        contact.talking_at, contact.ended_at = began, began + timedelta(minutes=3)
        made.append(columns(contact))
    for first in range(0, len(made), CHUNK):
        with store.transaction() as tx:  # the program begins meanwhile, and has to write, too
            tx.connection.execute(insert(contacts), made[first : first + CHUNK])


class Poster:
    """One representative's browser: types a draft for each contact and logs it, asking again until it is answered."""

    def __init__(self, url: str, todo: list[str], done: Counter[str]) -> None:
        self._desk = DeskClient(HttpApp(), url)
        self._todo, self._done = todo, done
        self.drafts: dict[str, str] = {}

    def run(self) -> None:
        """Everything that is to be done."""
        self._until_answered(lambda: self._desk.login("claims-1", PASSWORD))
        for contact in self._todo:
            fields = {"order_number": contact, "cause": "too_slow"}
            draft = {"kind": "claim", "fields": {**fields, "note": f"half a sentence about {contact}"}}
            self._until_answered(lambda: self._desk.post(f"/desk/api/contacts/{contact}/draft", draft))  # noqa: B023
            if contact.startswith(DRAFT):
                self.drafts[contact] = draft["fields"]["note"]
            else:
                form = {"kind": "claim", "fields": fields, "form": f"{contact}-1"}
                self._until_answered(lambda: self._desk.post(f"/desk/api/contacts/{contact}/case", form))  # noqa: B023
            self._done["posts"] += 1

    def _until_answered(self, ask: Callable[[], DeskAnswer]) -> None:
        """As the page does: whoever hears nothing asks again, with the same form."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                answer = ask()
            except (OSError, FetchFailed):
                self._done["unheard"] += 1
                time.sleep(WAIT_S)
                continue
            assert answer.fine, answer.why
            return
        raise TimeoutError("the program did not come back")


@pytest.mark.parametrize(
    ("forms", "kills"),
    [pytest.param(120, 2, id="few"), pytest.param(10_000, 200, id="many", marks=pytest.mark.deep)],
)
def test_each_form_is_one_case_and_no_draft_is_lost_however_often_the_program_is_killed(
    tmp_path: Path, forms: int, kills: int
) -> None:
    with real_process.world(tmp_path) as world:
        logged = [f"form-{n}" for n in range(forms)]
        begun = [f"{DRAFT}{n}" for n in range(forms // FORMS_A_DRAFT)]
        todo = [name for n in range(len(begun)) for name in (*logged[n * FORMS_A_DRAFT :][:FORMS_A_DRAFT], begun[n])]
        with world.store() as store:
            talked_to(store, todo)
        done: Counter[str] = Counter()
        posters = [Poster(world.program.url, todo[n::WORKERS], done) for n in range(WORKERS)]
        failed = _post_and_kill(world, posters, done, kills, len(todo) // (kills + 1))
        assert not failed, failed[0]
        assert done["unheard"] > 0
        with world.store() as store:
            kept = {it: note for poster in posters for it, note in poster.drafts.items()}
            assert set(kept) == set(begun)
            _all_there(store, logged, kept)


def _post_and_kill(
    world: real_process.World, posters: list[Poster], done: Counter[str], kills: int, every: int
) -> list[Exception]:
    failed: list[Exception] = []

    def work(poster: Poster) -> None:
        try:
            poster.run()
        except Exception as error:  # a thread tells nobody else
            failed.append(error)

    threads = [threading.Thread(target=work, args=(poster,), daemon=True) for poster in posters]
    for thread in threads:
        thread.start()
    for number in range(1, kills + 1):
        while done["posts"] < number * every and not failed and any(thread.is_alive() for thread in threads):
            time.sleep(0.001)
        if failed:
            return failed
        world.program.kill()
        world.program.start()
    for thread in threads:
        thread.join()
    return failed


def _all_there(store: Store, logged: list[str], kept: dict[str, str]) -> None:
    with store.look() as tx:
        made = tx.connection.execute(select(cases.c.contact, cases.c.number, cases.c.fields, cases.c.form)).all()
        assert len(made) == len(logged)
        assert {row.contact: row.form for row in made} == {contact: f"{contact}-1" for contact in logged}
        assert all(row.fields["order_number"] == row.contact for row in made)
        assert sorted(row.number for row in made) == list(range(100001, 100001 + len(logged)))
        found = tx.connection.execute(select(drafts.c.contact, drafts.c.fields)).all()
        assert {row.contact: row.fields["note"] for row in found} == kept
        for table, column in ((case_history, case_history.c.case_number), (case_links, case_links.c.case_number)):
            numbers = Counter(tx.connection.execute(select(column).select_from(table)).scalars())
            assert set(numbers.values()) == {1}
            assert len(numbers) == len(logged)
        told = tx.connection.execute(select(events.c.about).where(events.c.what == "case logged")).scalars()
        assert sorted(told) == sorted(logged)
