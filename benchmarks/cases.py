"""Cases: how long lists, searches, single cases and exports take with 10,000 cases, beside the same with 100.

Everything is asked of the whole application, in this process and in turns, so that a busy machine slows both: the ratio
means something, the milliseconds only here. A median over the target is exit code 1.
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import insert

from ivr.accounts import Accounts
from ivr.role import Role
from ivr.settings import Settings
from ivr.web.app import Application, create_app
from routing.agent import Agent
from routing.store.tables import case_history, case_links, cases

HOUSE = Path(__file__).resolve().parent.parent
PASSWORD = "seven quiet lamps"  # noqa: S105 - of accounts that live as long as the measurement
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WORDS = "kettle lamp broken late parcel wrong colour missing screw invoice twice refund handle lid scratch".split()
TARGET_MS = {"an export": 10_000.0}
TARGET_ELSE_MS = 250.0

ASKED = {
    "the list": ("boss", "/cases"),
    "the list, for a representative": ("anna", "/cases"),
    "one's own, for the desk": ("anna", "/cases/mine"),
    "the desk": ("anna", "/desk/parts"),
    "a word": ("boss", "/api/v1/cases?text=kettle"),
    "two words, for a representative": ("anna", "/api/v1/cases?text=kettle+lamp"),
    "a word that is nowhere": ("boss", "/api/v1/cases?text=zeppelin"),
    "a field's value": ("boss", "/api/v1/cases?field=order_number&value=47110050"),
    "what is overdue": ("boss", "/api/v1/cases?overdue=1&order=due"),
    "a day": ("boss", "/api/v1/cases?since=2026-11-01&until=2026-11-01"),
    "one case": ("boss", "/cases/100050"),
    "an export": ("boss", "/api/v1/exports/cases.csv"),
}


@click.command()
@click.option("--cases", "many", default=10_000, show_default=True, help="How many cases there are.")
@click.option("--rounds", default=7, show_default=True, help="How often each thing is asked for.")
def main(many: int, rounds: int) -> None:
    """Measure; exit code 1 when something takes longer than it may."""
    over = []
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        floors = [_Floor(Path(small), 100), _Floor(Path(large), many)]
        click.echo(f"{'median of ' + str(rounds):<34}{'100 cases':>12}{f'{many} cases':>16}{'x':>8}")
        for name, (who, path) in ASKED.items():
            taken: list[list[float]] = [[], []]
            for _ in range(rounds if name != "an export" else 2):
                for floor, its in zip(floors, taken, strict=True):
                    its.append(floor.ms(who, path))
            few, lots = map(statistics.median, taken)
            click.echo(f"{name:<34}{few:>9.1f} ms{lots:>13.1f} ms{lots / few:>8.1f}")
            if lots > TARGET_MS.get(name, TARGET_ELSE_MS):
                over.append(name)
        for floor in floors:
            floor.app.close()
    if over:
        click.echo(f"over the target: {', '.join(over)}", err=True)
        sys.exit(1)


class _Floor:
    """An application with so many cases, a supervisor and a representative who sees to a tenth of them."""

    def __init__(self, folder: Path, many: int) -> None:
        settings = Settings("AC" + "1" * 32, "t" * 32, "http://localhost", folder, HOUSE / "menus", simulated=True)
        ids = itertools.count(1)
        self.app: Application = create_app(settings, clock=lambda: NOW, new_id=lambda: f"{next(ids):032x}")
        store = self.app.switchboard.store
        with store.transaction() as tx:
            tx.floor.add(Agent("anna", "Anna", "client:anna", skills={"en": 3}))
            for table, rows in zip((cases, case_history, case_links), _rows(many), strict=True):
                tx.connection.execute(insert(table), rows)
        quick = Accounts(store, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self._browsers: dict[str, FlaskClient] = {}
        for name, role in (("anna", Role.REPRESENTATIVE), ("boss", Role.SUPERVISOR)):
            quick.set_password(name, PASSWORD, role)
            self._browsers[name] = self.app.wsgi.test_client()
            self._browsers[name].post("/login", data={"name": name, "password": PASSWORD})

    def ms(self, who: str, path: str) -> float:
        """How many milliseconds it takes until the whole answer is there."""
        start = time.perf_counter()
        with self._browsers[who].get(path) as answer:
            answer.get_data()
            assert answer.status_code == 200, (path, answer.status_code)
        return (time.perf_counter() - start) * 1000


def _rows(many: int) -> tuple[list[dict], list[dict], list[dict]]:
    """Cases of the last hundred days, with three lines of history and one letter each."""
    dice = random.Random(1)  # noqa: S311 - cases that look like cases, the same each time
    made: tuple[list[dict], list[dict], list[dict]] = ([], [], [])
    for n in range(many):
        number, words = 100_001 + n, " ".join(dice.choices(WORDS, k=8))
        at = NOW - timedelta(days=100) * (many - n) / many
        fields = {"order_number": str(47_110_000 + n), "cause": "too_slow", "note": words}
        state, caller = dice.choice(("open", "settled", "waiting_for_us")), f"+4930{dice.randrange(10**6):06}"
        about = {"created_at": at, "changed_at": at, "created_by": "anna" if n % 10 == 0 else "bert"}
        its = {"kind": "claim", "state": state, "fields": fields, "form": f"f{n}", "hotline": "acme", "caller": caller}
        due = {"due_at": at + timedelta(days=2), "version": 3, "found_by": f"{number} {fields['order_number']} {words}"}
        made[0].append({"number": number, "owner": about["created_by"], **about, **its, **due})
        for what in ("logged", "given", "noted"):
            detail = {"text": words} if what == "noted" else {}
            made[1].append({"case_number": number, "at": at, "who": "bert", "what": what, "detail": detail})
        made[2].append({"case_number": number, "at": at, "who": "bert", "channel": "letter", "note": words})
    return made


if __name__ == "__main__":
    main()
