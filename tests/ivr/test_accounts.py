"""Accounts: passwords, throttling and sessions, tried through the database they live in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from ivr import accounts as a
from ivr import throttle
from ivr.store import Store

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NAME, GOOD = "claims-1", "seven quiet lamps"
HERE, THERE = "192.0.2.1", "192.0.2.2"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'dialtree.db'}", clock, lambda: "id")
    yield store
    store.close()


@pytest.fixture
def accounts(store: Store) -> a.Accounts:
    accounts = a.Accounts(store, QUICK)
    accounts.set_password(NAME, GOOD)
    return accounts


def logged_in(accounts: a.Accounts) -> a.LoggedIn:
    answer = accounts.log_in(NAME, GOOD, HERE)
    assert isinstance(answer, a.LoggedIn)
    return answer


def test_the_right_password_opens_a_session(accounts: a.Accounts) -> None:
    answer = logged_in(accounts)
    session = accounts.session(answer.token)
    assert session is not None
    assert (session.account, session.csrf) == (NAME, answer.session.csrf)


def test_neither_passwords_nor_tokens_are_stored(accounts: a.Accounts, tmp_path: Path) -> None:
    answer = logged_in(accounts)
    accounts.log_in(GOOD, "typed into the wrong field", HERE)
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (GOOD, answer.token, "typed into the wrong field"):
        assert secret.encode() not in stored


@pytest.mark.parametrize(
    ("name", "password"),
    [(NAME, "something else"), ("nobody", GOOD), (NAME, ""), (NAME, GOOD + " "), ("", ""), (NAME, "x" * 100_000)],
)
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(accounts: a.Accounts, name: str, password: str) -> None:
    assert accounts.log_in(name, password, HERE) == a.NotLoggedIn("wrong")


def test_an_unknown_name_is_checked_as_slowly_as_a_known_one(store: Store) -> None:
    checked: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str, password: str) -> bool:
            checked.append(hash)
            return super().verify(hash, password)

    accounts = a.Accounts(store, Watched(time_cost=1, memory_cost=8, parallelism=1))
    accounts.log_in("nobody", "whatever", HERE)
    assert len(checked) == 1


def test_five_wrong_tries_are_free_and_then_each_costs_a_longer_wait(accounts: a.Accounts, clock: Clock) -> None:
    for _ in range(5):
        assert accounts.log_in(NAME, "wrong", HERE) == a.NotLoggedIn("wrong")
    waits = []
    for _ in range(8):
        refused = accounts.log_in(NAME, GOOD, THERE)
        assert refused.why == "wait"
        waits.append(refused.wait_s)
        clock.later(refused.wait_s)
        assert accounts.log_in(NAME, "wrong", HERE) == a.NotLoggedIn("wrong")
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_owner_gets_in_after_the_wait_and_the_count_begins_anew(accounts: a.Accounts, clock: Clock) -> None:
    for _ in range(6):
        accounts.log_in(NAME, "wrong", HERE)
    clock.later(60)
    logged_in(accounts)
    for _ in range(5):
        assert accounts.log_in(NAME, "wrong", HERE) == a.NotLoggedIn("wrong")


def test_one_address_has_thirty_wrong_tries_a_minute_over_all_names(accounts: a.Accounts, clock: Clock) -> None:
    for number in range(30):
        assert accounts.log_in(f"name-{number}", "wrong", HERE) == a.NotLoggedIn("wrong")
    assert accounts.log_in(NAME, GOOD, HERE) == a.NotLoggedIn("wait", 60)
    assert isinstance(accounts.log_in(NAME, GOOD, THERE), a.LoggedIn)
    clock.later(61)
    logged_in(accounts)


def test_wrong_tries_are_forgotten_and_do_not_pile_up(accounts: a.Accounts, store: Store, clock: Clock) -> None:
    for number in range(20):
        accounts.log_in(f"name-{number}", "wrong", HERE)
    clock.later(throttle.TRIES_FORGOTTEN_AFTER_S + 1)
    accounts.log_in("one more", "wrong", HERE)
    with store.look() as tx:
        assert len(tx.connection.execute(select(throttle.login_failures)).all()) == 2


def test_a_copied_cookie_opens_nothing_after_logging_out(accounts: a.Accounts) -> None:
    answer = logged_in(accounts)
    accounts.log_out(answer.session)
    assert accounts.session(answer.token) is None


def test_each_log_in_has_a_session_of_its_own(accounts: a.Accounts) -> None:
    first, second = logged_in(accounts), logged_in(accounts)
    accounts.log_out(first.session)
    assert accounts.session(second.token) is not None
    assert len({first.token, second.token, first.session.csrf, second.session.csrf}) == 4


def test_a_new_password_ends_every_session_of_the_old_one(accounts: a.Accounts) -> None:
    answer = logged_in(accounts)
    accounts.set_password(NAME, "eight loud doors")
    assert accounts.session(answer.token) is None
    assert accounts.log_in(NAME, GOOD, HERE) == a.NotLoggedIn("wrong")


def test_a_disabled_account_is_out_at_once_and_stays_out(accounts: a.Accounts) -> None:
    answer = logged_in(accounts)
    accounts.disable(NAME)
    assert accounts.session(answer.token) is None
    assert accounts.log_in(NAME, GOOD, HERE) == a.NotLoggedIn("wrong")


def test_a_session_ends_after_twelve_hours_however_busy_it_was(accounts: a.Accounts, clock: Clock) -> None:
    answer = logged_in(accounts)
    for _ in range(12):
        clock.later(3599)
        accounts.seen(accounts.session(answer.token))
    assert accounts.session(answer.token) is not None
    clock.later(13)
    assert accounts.session(answer.token) is None


def test_a_session_knows_how_long_nobody_touched_anything(accounts: a.Accounts, clock: Clock) -> None:
    answer = logged_in(accounts)
    clock.later(600)
    session = accounts.session(answer.token)
    assert session.idle_s == 600
    accounts.seen(session)
    assert accounts.session(answer.token).idle_s == 0


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "\0", "a" * 100_000])
def test_what_is_no_token_opens_nothing(accounts: a.Accounts, token: str) -> None:
    assert accounts.session(token) is None


@pytest.mark.parametrize(
    "password", ["short 1", "x" * 129, "password123", "PASSWORD123", "aabbaabb", "my claims-1 desk", ""]
)
def test_a_password_that_anybody_would_try_is_not_taken(accounts: a.Accounts, password: str) -> None:
    assert accounts.fault_of(NAME, password)


@pytest.mark.parametrize("password", [GOOD, "пет тихих лампи", "p" * 100 + "qrst", "Bär, Fluss & 7 €"])
def test_a_password_of_any_characters_is_taken_whole(accounts: a.Accounts, password: str) -> None:
    assert accounts.fault_of(NAME, password) is None
    accounts.set_password(NAME, password)
    assert accounts.log_in(NAME, password[:-1], HERE) == a.NotLoggedIn("wrong")
    assert isinstance(accounts.log_in(NAME, password, HERE), a.LoggedIn)
