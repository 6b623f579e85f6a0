from datetime import timedelta

import pytest

from actions.lookup_limits import (
    FAILURES_PER_ADDRESS,
    FAILURES_PER_ORDER,
    FAILURES_PER_SESSION,
    InMemoryLookupLimiter,
    LookupAttempt,
)
from tests.actions.orders.worlds import ManualClock


@pytest.fixture
def limiter(clock: ManualClock) -> InMemoryLookupLimiter:
    return InMemoryLookupLimiter(clock)


def test_a_session_is_locked_after_five_failures(limiter: InMemoryLookupLimiter) -> None:
    for number in range(FAILURES_PER_SESSION):
        limiter.record_failure(LookupAttempt("s", str(number), ""))
    assert limiter.check(LookupAttempt("s", "other", "")) == 900
    assert limiter.check(LookupAttempt("t", "other", "")) == 0


def test_an_order_is_locked_across_sessions(limiter: InMemoryLookupLimiter) -> None:
    for number in range(FAILURES_PER_ORDER):
        limiter.record_failure(LookupAttempt(str(number), "8100240003", ""))
    assert limiter.check(LookupAttempt("fresh", "8100240003", "")) == 900


def test_an_address_is_locked_across_sessions_and_orders(limiter: InMemoryLookupLimiter) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        limiter.record_failure(LookupAttempt(str(number), str(number), "address"))
    assert limiter.check(LookupAttempt("fresh", "fresh", "address")) == 900


def test_an_unknown_address_is_not_an_address(limiter: InMemoryLookupLimiter) -> None:
    for number in range(FAILURES_PER_ADDRESS):
        limiter.record_failure(LookupAttempt(str(number), str(number), ""))
    assert limiter.check(LookupAttempt("fresh", "fresh", "")) == 0


def test_failures_are_forgotten_after_a_quarter_of_an_hour(
    limiter: InMemoryLookupLimiter, clock: ManualClock
) -> None:
    attempt = LookupAttempt("s", "n", "")
    for _ in range(FAILURES_PER_SESSION - 1):
        limiter.record_failure(attempt)
    clock.advance(timedelta(minutes=15))
    limiter.record_failure(attempt)
    assert limiter.check(attempt) == 0


def test_a_lock_ends_after_a_quarter_of_an_hour(
    limiter: InMemoryLookupLimiter, clock: ManualClock
) -> None:
    attempt = LookupAttempt("s", "n", "")
    for _ in range(FAILURES_PER_SESSION):
        limiter.record_failure(attempt)
    clock.advance(timedelta(minutes=14, seconds=30))
    assert limiter.check(attempt) == 30
    clock.advance(timedelta(seconds=30))
    assert limiter.check(attempt) == 0
