from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, func, select

from actions.lookup_limits import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_ORDER,
    FAILURES_PER_SESSION,
    LOCK,
    LookupAttempt,
)
from actions.orders.store import OrderStoreUnavailable
from bot.brain.lookup_limits import DatabaseLookupLimiter
from bot.db.engine import open_engine
from bot.db.schema import lookup_failures
from tests.brain.conftest import LIMITER_KEY, ManualClock

ATTEMPT = LookupAttempt("session", "8100240002", "address")


@pytest.fixture
def limiter(engine: Engine, clock: ManualClock) -> DatabaseLookupLimiter:
    with engine.begin() as connection:
        connection.execute(delete(lookup_failures))
    return DatabaseLookupLimiter(engine, key=LIMITER_KEY, clock=clock)


def fail(limiter: DatabaseLookupLimiter, times: int) -> None:
    for number in range(times):
        limiter.record_failure(LookupAttempt("session", f"order {number}", ""))


def test_a_session_is_locked_after_five_failures(limiter: DatabaseLookupLimiter) -> None:
    fail(limiter, FAILURES_PER_SESSION - 1)
    assert limiter.check(ATTEMPT) == 0
    fail(limiter, 1)
    assert limiter.check(ATTEMPT) == LOCK.total_seconds()


def test_other_sessions_go_on(limiter: DatabaseLookupLimiter) -> None:
    fail(limiter, FAILURES_PER_SESSION)
    assert limiter.check(LookupAttempt("another", "8100240002", "address")) == 0


def test_an_order_is_locked_across_sessions(limiter: DatabaseLookupLimiter) -> None:
    for number in range(FAILURES_PER_ORDER):
        limiter.record_failure(LookupAttempt(f"session {number}", "8100240002", ""))
    assert limiter.check(LookupAttempt("fresh", "8100240002", "")) == 900
    assert limiter.check(LookupAttempt("fresh", "8100240003", "")) == 0


def test_an_address_is_locked_across_sessions_and_orders(limiter: DatabaseLookupLimiter) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        limiter.record_failure(LookupAttempt(f"session {number}", f"order {number}", "address"))
    assert limiter.check(LookupAttempt("fresh", "fresh", "address")) == 900
    assert limiter.check(LookupAttempt("fresh", "fresh", "")) == 0


def test_the_lock_runs_from_the_fifth_failure(
    limiter: DatabaseLookupLimiter, clock: ManualClock
) -> None:
    for _ in range(FAILURES_PER_SESSION):
        clock.advance(timedelta(minutes=3))
        fail(limiter, 1)
    assert limiter.check(ATTEMPT) == 900
    clock.advance(timedelta(minutes=14))
    assert limiter.check(ATTEMPT) == 60


def test_after_the_lock_the_count_begins_again(
    limiter: DatabaseLookupLimiter, clock: ManualClock
) -> None:
    fail(limiter, FAILURES_PER_SESSION)
    clock.advance(LOCK)
    assert limiter.check(ATTEMPT) == 0
    fail(limiter, FAILURES_PER_SESSION - 1)
    assert limiter.check(ATTEMPT) == 0


def test_failures_far_apart_never_lock(limiter: DatabaseLookupLimiter, clock: ManualClock) -> None:
    for _ in range(3 * FAILURES_PER_SESSION):
        fail(limiter, 1)
        clock.advance(timedelta(minutes=4))
    assert limiter.check(ATTEMPT) == 0


def test_a_restart_forgets_nothing(
    limiter: DatabaseLookupLimiter, engine: Engine, clock: ManualClock
) -> None:
    fail(limiter, FAILURES_PER_SESSION)
    again = open_engine(engine.url.render_as_string(hide_password=False))
    restarted = DatabaseLookupLimiter(again, key=LIMITER_KEY, clock=clock)
    assert restarted.check(ATTEMPT) == 900
    again.dispose()


def test_what_no_longer_counts_is_deleted(
    limiter: DatabaseLookupLimiter, engine: Engine, clock: ManualClock
) -> None:
    fail(limiter, 4)
    clock.advance(2 * LOCK)
    fail(limiter, 1)
    with engine.connect() as connection:
        rows = connection.scalar(select(func.count()).select_from(lookup_failures))
    assert rows == len(list(LookupAttempt("session", "order", "").limits()))


def test_what_was_typed_is_not_stored(limiter: DatabaseLookupLimiter, engine: Engine) -> None:
    limiter.record_failure(LookupAttempt("talk of Ana", "8100240002", "198.51.100.7"))
    with engine.connect() as connection:
        stored = str(connection.execute(select(lookup_failures)).all())
    assert not any(typed in stored for typed in ("Ana", "8100240002", "198.51.100.7"))


def test_without_a_count_there_is_no_look_up(clock: ManualClock) -> None:
    away = open_engine("sqlite:////nowhere/at/all/bot.sqlite3")
    limiter = DatabaseLookupLimiter(away, key=LIMITER_KEY, clock=clock)
    with pytest.raises(OrderStoreUnavailable):
        limiter.check(ATTEMPT)
    with pytest.raises(OrderStoreUnavailable):
        limiter.record_failure(ATTEMPT)
