import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from threading import Event, current_thread

import pytest

from actions.order_desk import StoreCalls
from actions.orders.deadline import require_somebody_waits
from actions.orders.store import OrderStoreUnavailable
from tests.actions.conversation import Conversation
from tests.actions.stores import TroubledStore

AMPLE_S = 30.0
SHORT_S = 0.02


@pytest.fixture
def thread() -> Iterator[Executor]:
    with ThreadPoolExecutor(1, thread_name_prefix="order-store") as threads:
        yield threads


async def test_a_call_runs_on_the_threads_it_was_given(thread: Executor) -> None:
    calls = StoreCalls(thread, call_deadline_s=AMPLE_S, turn_deadline_s=AMPLE_S)
    assert (await calls.run(lambda: current_thread().name)).startswith("order-store")


async def test_a_store_that_hangs_holds_up_no_other_thread(thread: Executor) -> None:
    answer = Event()
    calls = StoreCalls(thread, call_deadline_s=SHORT_S, turn_deadline_s=AMPLE_S)
    for _ in range(2):
        with pytest.raises(OrderStoreUnavailable):
            await calls.run(answer.wait)
    assert await asyncio.to_thread(lambda: "free") == "free"
    answer.set()


async def test_a_call_that_never_began_in_time_is_not_made_later(thread: Executor) -> None:
    answer, made = Event(), Event()
    calls = StoreCalls(thread, call_deadline_s=SHORT_S, turn_deadline_s=AMPLE_S)
    for call in (answer.wait, made.set):
        with pytest.raises(OrderStoreUnavailable):
            await calls.run(call)
    answer.set()
    thread.shutdown()
    assert not made.is_set()


async def test_all_calls_of_a_turn_share_one_deadline(thread: Executor) -> None:
    answer, made = Event(), Event()
    calls = StoreCalls(thread, call_deadline_s=AMPLE_S, turn_deadline_s=SHORT_S)
    with pytest.raises(OrderStoreUnavailable):
        await calls.run(answer.wait)
    answer.set()
    with pytest.raises(OrderStoreUnavailable, match="used up"):
        await calls.run(made.set)
    assert not made.is_set()


async def test_the_calls_of_an_action_run_on_the_threads_of_the_store(
    ana: Conversation, store: TroubledStore
) -> None:
    seen: list[str] = []
    store.before_listing = lambda: seen.append(current_thread().name)
    await ana.says("cancel_order")
    assert seen[0].startswith("order-store")


async def test_a_change_under_way_learns_how_long_somebody_waits(thread: Executor) -> None:
    answer, told = Event(), Event()

    def change() -> None:
        answer.wait()
        try:
            require_somebody_waits()
        except OrderStoreUnavailable:
            told.set()

    calls = StoreCalls(thread, call_deadline_s=SHORT_S, turn_deadline_s=AMPLE_S)
    with pytest.raises(OrderStoreUnavailable):
        await calls.run(change)
    answer.set()
    thread.shutdown()
    assert told.is_set()
