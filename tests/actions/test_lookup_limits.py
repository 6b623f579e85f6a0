import pytest

from actions.lookup_limits import Decision, LookupAttempt, decide

ATTEMPT = LookupAttempt("session", "8100240002", "address")
UNKNOWN_ADDRESS = LookupAttempt("session", "8100240002", "")
SESSION, ADDRESS, ORDER, ORDER_AT = (
    "session:session",
    "address:address",
    "order:8100240002",
    "order_at:address:8100240002",
)


def decided(attempt: LookupAttempt, **waits_s: float) -> Decision:
    """Decide with the seconds that kinds of keys are still locked; the others are open."""
    return decide(attempt, {limit.key: waits_s.get(limit.kind, 0) for limit in attempt.limits})


def counted(decision: Decision) -> list[str]:
    return [limit.key for limit in decision.count]


def test_a_look_up_counts_for_session_address_order_and_the_order_at_that_address() -> None:
    assert counted(decided(ATTEMPT)) == [SESSION, ADDRESS, ORDER, ORDER_AT]


def test_an_unknown_address_is_not_an_address() -> None:
    assert counted(decided(UNKNOWN_ADDRESS)) == [SESSION, ORDER]


@pytest.mark.parametrize("kind", ["session", "address"])
def test_a_locked_session_or_address_must_wait_and_counts_no_more(kind: str) -> None:
    assert decided(ATTEMPT, **{kind: 12.1}) == Decision(13)


def test_the_longest_lock_is_told() -> None:
    assert decided(ATTEMPT, session=10, address=20, order=30, order_at=5) == Decision(30)


def test_a_locked_order_may_be_tried_from_an_address_that_has_not_guessed_at_it() -> None:
    assert counted(decided(ATTEMPT, order=60)) == [SESSION, ADDRESS, ORDER_AT]


def test_one_that_has_must_wait() -> None:
    assert decided(ATTEMPT, order=60, order_at=30) == Decision(60)


def test_one_that_is_not_known_must_wait() -> None:
    assert decided(UNKNOWN_ADDRESS, order=60) == Decision(60)


def test_an_open_order_does_not_ask_for_the_exception() -> None:
    assert decided(ATTEMPT, order_at=30).wait_s == 0
