import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from actions.orders.circuit_breaker import CircuitBreaker, CircuitOpen

REST_S = 10.0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(failures=3, rest_s=REST_S, clock=clock)


def fail(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(OSError, match="down"), breaker.guarding(OSError):
            raise OSError("down")


def succeed(breaker: CircuitBreaker) -> None:
    with breaker.guarding(OSError):
        pass


def test_it_opens_after_failures_in_a_row(breaker: CircuitBreaker) -> None:
    fail(breaker, 3)
    with pytest.raises(CircuitOpen):
        succeed(breaker)


def test_an_answer_in_between_starts_the_count_anew(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    succeed(breaker)
    fail(breaker, 2)
    succeed(breaker)


def test_an_error_of_another_kind_is_an_answer(breaker: CircuitBreaker) -> None:
    fail(breaker, 2)
    with pytest.raises(KeyError), breaker.guarding(OSError):
        raise KeyError
    fail(breaker, 2)
    succeed(breaker)


def test_after_the_rest_an_answer_closes_it(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now = REST_S
    succeed(breaker)
    fail(breaker, 2)
    succeed(breaker)


def test_after_the_rest_one_failure_opens_it_again(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now = REST_S
    fail(breaker)
    clock.now = 2 * REST_S - 1
    with pytest.raises(CircuitOpen):
        succeed(breaker)


def test_while_the_probe_runs_nobody_else_is_let_through(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 3)
    clock.now = REST_S
    inside, finish = Event(), Event()

    def probe() -> None:
        with breaker.guarding(OSError):
            inside.set()
            assert finish.wait(20)

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(probe)
        assert inside.wait(20)
        with pytest.raises(CircuitOpen):
            succeed(breaker)
        finish.set()
        running.result()
    succeed(breaker)


def test_a_probe_that_never_ends_is_followed_by_another(
    breaker: CircuitBreaker, clock: Clock
) -> None:
    fail(breaker, 3)
    clock.now = REST_S
    with breaker.guarding(OSError):
        clock.now = 2 * REST_S
        succeed(breaker)


def test_calls_do_not_wait_for_each_other(breaker: CircuitBreaker) -> None:
    with breaker.guarding(OSError), ThreadPoolExecutor(1) as thread:
        thread.submit(succeed, breaker).result(timeout=20)


def test_opening_and_closing_are_logged_once(
    breaker: CircuitBreaker, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fail(breaker, 3)
    clock.now = REST_S
    fail(breaker)
    clock.now = 2 * REST_S
    succeed(breaker)
    succeed(breaker)
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
