from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, func, select

from actions.lookup_limits import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_ORDER,
    FAILURES_PER_SESSION,
    FAILURES_WHILE_LOCKED,
    LOCK,
    InMemoryLookupLimiter,
    LookupAttempt,
    LookupLimiter,
    Reservation,
)
from actions.orders.store import OrderStoreUnavailable
from bot.brain.lookup_limits import DatabaseLookupLimiter
from bot.db.engine import open_engine
from bot.db.schema import lookup_failures
from bot.db.upgrade import upgrade
from tests.brain.conftest import LIMITER_KEY, ManualClock
from tests.conftest import PostgresDatabase

ATTEMPT = LookupAttempt("session", "8100240002", "address")


@pytest.fixture(scope="module")
def engines(
    tmp_path_factory: pytest.TempPathFactory, new_postgres_database: PostgresDatabase
) -> Iterator[Mapping[str, Engine]]:
    file = tmp_path_factory.mktemp("limits") / "bot.sqlite3"
    with new_postgres_database() as url:
        engines = {"sqlite": open_engine(f"sqlite:///{file}"), "postgresql": open_engine(url)}
        for engine in engines.values():
            upgrade(engine)
        yield engines
        for engine in engines.values():
            engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, engines: Mapping[str, Engine]) -> Engine:
    return engines[request.param]


@pytest.fixture
def database_limiter(engine: Engine, clock: ManualClock) -> DatabaseLookupLimiter:
    return _fresh(engine, clock)


@pytest.fixture(params=["in memory", "sqlite", "postgresql"])
def limiter(
    request: pytest.FixtureRequest, engines: Mapping[str, Engine], clock: ManualClock
) -> LookupLimiter:
    if request.param == "in memory":
        return InMemoryLookupLimiter(clock)
    return _fresh(engines[request.param], clock)


def _fresh(engine: Engine, clock: ManualClock) -> DatabaseLookupLimiter:
    with engine.begin() as connection:
        connection.execute(delete(lookup_failures))
    return DatabaseLookupLimiter(engine, key=LIMITER_KEY, clock=clock)


def fail(limiter: LookupLimiter, times: int) -> None:
    for number in range(times):
        limiter.reserve(LookupAttempt("session", f"order {number}", ""))


def guess(limiter: LookupLimiter, order: str, times: int, address: str = "") -> None:
    """Fail with one order in many sessions."""
    for number in range(times):
        limiter.reserve(LookupAttempt(f"session {address} {number}", order, address))


def test_a_session_is_locked_after_five_failures(limiter: LookupLimiter) -> None:
    fail(limiter, FAILURES_PER_SESSION - 1)
    assert limiter.check(ATTEMPT) == 0
    fail(limiter, 1)
    assert limiter.check(ATTEMPT) == LOCK.total_seconds()


def test_other_sessions_go_on(limiter: LookupLimiter) -> None:
    fail(limiter, FAILURES_PER_SESSION)
    assert limiter.check(LookupAttempt("another", "8100240002", "address")) == 0


def test_an_order_is_locked_across_sessions(limiter: LookupLimiter) -> None:
    guess(limiter, "8100240002", FAILURES_PER_ORDER)
    assert limiter.check(LookupAttempt("fresh", "8100240002", "")) == 900
    assert limiter.check(LookupAttempt("fresh", "8100240003", "")) == 0


def test_an_address_is_locked_across_sessions_and_orders(limiter: LookupLimiter) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        limiter.reserve(LookupAttempt(f"session {number}", f"order {number}", "address"))
    assert limiter.check(LookupAttempt("fresh", "fresh", "address")) == 900
    assert limiter.check(LookupAttempt("fresh", "fresh", "")) == 0


def test_what_is_refused_is_not_counted(limiter: LookupLimiter, clock: ManualClock) -> None:
    fail(limiter, FAILURES_PER_SESSION)
    clock.advance(timedelta(minutes=10))
    assert limiter.reserve(ATTEMPT) == Reservation(300)
    clock.advance(timedelta(minutes=5))
    assert limiter.reserve(ATTEMPT).wait_s == 0


def test_a_look_up_that_found_its_order_is_taken_back(limiter: LookupLimiter) -> None:
    for _ in range(3 * FAILURES_PER_SESSION):
        reservation = limiter.reserve(ATTEMPT)
        assert reservation.wait_s == 0
        limiter.release(reservation)
    assert limiter.check(ATTEMPT) == 0


def test_only_that_one_is_taken_back(limiter: LookupLimiter) -> None:
    fail(limiter, FAILURES_PER_SESSION - 1)
    limiter.release(limiter.reserve(ATTEMPT))
    fail(limiter, 1)
    assert limiter.check(ATTEMPT) == 900


def test_a_lock_by_strangers_leaves_other_addresses_a_typing_error_and_its_correction(
    limiter: LookupLimiter,
) -> None:
    guess(limiter, "8100240002", FAILURES_PER_ORDER, address="strangers")
    for _ in range(FAILURES_WHILE_LOCKED):
        assert limiter.reserve(ATTEMPT).wait_s == 0
    assert limiter.reserve(ATTEMPT).wait_s == 900


def test_strangers_who_go_on_guessing_never_lock_the_owner_out(
    limiter: LookupLimiter, clock: ManualClock
) -> None:
    for day in range(20):
        guess(limiter, "8100240002", 2 * FAILURES_PER_ORDER, address=f"strangers {day % 3}")
        owner = limiter.reserve(LookupAttempt(f"owner {day}", "8100240002", "owner"))
        assert owner.wait_s == 0
        limiter.release(owner)
        clock.advance(timedelta(minutes=5))


def test_trying_a_locked_order_does_not_make_its_lock_longer(
    limiter: LookupLimiter, clock: ManualClock
) -> None:
    guess(limiter, "8100240002", FAILURES_PER_ORDER, address="strangers")
    clock.advance(timedelta(minutes=10))
    guess(limiter, "8100240002", FAILURES_WHILE_LOCKED, address="others")
    assert limiter.check(LookupAttempt("fresh", "8100240002", "strangers")) == 300


@pytest.mark.parametrize(
    ("most", "attempt"),
    [
        (FAILURES_PER_SESSION, lambda n: LookupAttempt("session", f"order {n}", f"address {n}")),
        (FAILURES_PER_ORDER, lambda n: LookupAttempt(f"session {n}", "8100240002", "")),
        (FAILURES_PER_ORDER, lambda n: LookupAttempt(f"session {n}", "8100240002", "address")),
        (FAILURES_PER_ADDRESS, lambda n: LookupAttempt(f"session {n}", f"order {n}", "address")),
    ],
)
def test_of_many_guesses_at_one_instant_no_more_than_the_limit_are_let_through(
    limiter: LookupLimiter, most: int, attempt: Callable[[int], LookupAttempt]
) -> None:
    guesses = 40
    with ThreadPoolExecutor(8) as threads:
        reserved = list(threads.map(lambda n: limiter.reserve(attempt(n)), range(guesses)))
    assert sum(reservation.wait_s == 0 for reservation in reserved) == most


def test_the_lock_runs_from_the_fifth_failure(limiter: LookupLimiter, clock: ManualClock) -> None:
    for _ in range(FAILURES_PER_SESSION):
        clock.advance(timedelta(minutes=3))
        fail(limiter, 1)
    assert limiter.check(ATTEMPT) == 900
    clock.advance(timedelta(minutes=14))
    assert limiter.check(ATTEMPT) == 60


def test_after_the_lock_the_count_begins_again(limiter: LookupLimiter, clock: ManualClock) -> None:
    fail(limiter, FAILURES_PER_SESSION)
    clock.advance(LOCK)
    assert limiter.check(ATTEMPT) == 0
    fail(limiter, FAILURES_PER_SESSION - 1)
    assert limiter.check(ATTEMPT) == 0


def test_failures_far_apart_never_lock(limiter: LookupLimiter, clock: ManualClock) -> None:
    for _ in range(3 * FAILURES_PER_SESSION):
        fail(limiter, 1)
        clock.advance(timedelta(minutes=4))
    assert limiter.check(ATTEMPT) == 0


def test_a_restart_forgets_nothing(
    database_limiter: DatabaseLookupLimiter, engine: Engine, clock: ManualClock
) -> None:
    fail(database_limiter, FAILURES_PER_SESSION)
    again = open_engine(engine.url.render_as_string(hide_password=False))
    restarted = DatabaseLookupLimiter(again, key=LIMITER_KEY, clock=clock)
    assert restarted.check(ATTEMPT) == 900
    again.dispose()


def test_what_no_longer_counts_is_deleted(
    database_limiter: DatabaseLookupLimiter, engine: Engine, clock: ManualClock
) -> None:
    fail(database_limiter, 4)
    clock.advance(2 * LOCK)
    fail(database_limiter, 1)
    with engine.connect() as connection:
        rows = connection.scalar(select(func.count()).select_from(lookup_failures))
    assert rows == len(LookupAttempt("session", "order", "").limits)


def test_what_was_typed_is_not_stored(
    database_limiter: DatabaseLookupLimiter, engine: Engine
) -> None:
    database_limiter.reserve(LookupAttempt("talk of Ana", "8100240002", "198.51.100.7"))
    with engine.connect() as connection:
        stored = str(connection.execute(select(lookup_failures)).all())
    assert not any(typed in stored for typed in ("Ana", "8100240002", "198.51.100.7"))


@pytest.mark.parametrize("number", ["1" * 10_000, "8100\x00", "\ud800", ""])
def test_whatever_is_typed_as_a_number_is_counted(limiter: LookupLimiter, number: str) -> None:
    for _ in range(FAILURES_PER_SESSION):
        assert limiter.reserve(LookupAttempt("session", number, "address")).wait_s == 0
    assert limiter.reserve(LookupAttempt("session", number, "address")).wait_s == 900


def test_without_a_count_there_is_no_look_up(clock: ManualClock) -> None:
    away = open_engine("sqlite:////nowhere/at/all/bot.sqlite3")
    limiter = DatabaseLookupLimiter(away, key=LIMITER_KEY, clock=clock)
    with pytest.raises(OrderStoreUnavailable):
        limiter.check(ATTEMPT)
    with pytest.raises(OrderStoreUnavailable):
        limiter.reserve(ATTEMPT)
    with pytest.raises(OrderStoreUnavailable):
        limiter.release(Reservation(0, ("1",)))


def test_a_look_up_does_not_wait_for_ever_for_another_one(
    engines: Mapping[str, Engine], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite's own busy time-out is set where its connections are made.
    engine = engines["postgresql"]
    limiter = _fresh(engine, clock)
    monkeypatch.setattr("bot.brain.lookup_limits.LOCK_TIMEOUT", "50ms")
    with engine.begin() as connection:
        limiter.lock(connection, ATTEMPT.limits)
        with pytest.raises(OrderStoreUnavailable):
            limiter.reserve(ATTEMPT)
