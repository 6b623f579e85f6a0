import asyncio

import pytest

from bot.brain.lock_store import ConversationLockStore


async def hold(store: ConversationLockStore, name: str, seen: list[str]) -> None:
    async with store.lock("conversation"):
        seen.append(f"{name} in")
        await asyncio.sleep(0)
        seen.append(f"{name} out")


async def test_turns_of_a_conversation_run_one_after_the_other_in_order() -> None:
    store, seen = ConversationLockStore(), list[str]()
    await asyncio.gather(*(hold(store, name, seen) for name in "abc"))
    assert seen == ["a in", "a out", "b in", "b out", "c in", "c out"]


async def test_the_next_turn_begins_without_waiting_for_a_poll() -> None:
    store, seen = ConversationLockStore(), list[str]()
    loop = asyncio.get_running_loop()
    turns = [loop.create_task(hold(store, str(number), seen)) for number in range(50)]
    for _ in range(500):
        await asyncio.sleep(0)
    assert all(turn.done() for turn in turns)


async def test_other_conversations_do_not_wait() -> None:
    store = ConversationLockStore()
    async with store.lock("one"), store.lock("other"):
        assert set(store._locks) == {"one", "other"}


async def test_a_finished_conversation_leaves_nothing_behind() -> None:
    store, seen = ConversationLockStore(), list[str]()
    await asyncio.gather(*(hold(store, name, seen) for name in "abc"))
    assert (store._locks, store._waiting) == ({}, {})


async def test_a_failed_turn_lets_the_next_one_in() -> None:
    store, seen = ConversationLockStore(), list[str]()
    with pytest.raises(RuntimeError):
        async with store.lock("conversation"):
            raise RuntimeError
    await hold(store, "next", seen)
    assert seen == ["next in", "next out"]
    assert store._locks == {}


async def test_a_turn_that_gave_up_waiting_is_forgotten() -> None:
    store, seen = ConversationLockStore(), list[str]()
    async with store.lock("conversation"):
        waiting = asyncio.create_task(hold(store, "impatient", seen))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert seen == []
    assert store._locks == {}
