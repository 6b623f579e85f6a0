import pytest

from actions.orders.deadline import Deadline, current_deadline, within


def test_without_one_a_call_may_take_any_time() -> None:
    assert current_deadline() is None


def test_of_two_deadlines_the_earlier_counts() -> None:
    soon, later = Deadline.after(1), Deadline.after(100)
    with within(later) as outer:
        with within(soon) as inner:
            assert inner == current_deadline() == soon
        assert outer == current_deadline() == later
        with within(Deadline.after(1000)) as inner:
            assert inner == later
    assert current_deadline() is None


def test_it_ends_with_the_call_that_fails() -> None:
    with pytest.raises(KeyError), within(Deadline.after(1)):
        raise KeyError
    assert current_deadline() is None


def test_what_is_left_of_one_that_has_passed_is_nothing() -> None:
    assert Deadline.after(-1).remaining_s < 0
