import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from sqlalchemy import Engine, event

from bot.brain.contract import ConversationMoved, FinishedTurn, TurnLogUnavailable
from bot.brain.tracker_store import TurnTrackerStore, finish_turn
from bot.brain.turn_log import TurnLog
from bot.db.engine import open_engine
from tests.brain.conftest import ManualClock

SLOT = {"type": "any", "mappings": [{"type": "custom"}]}


def domain(*slots: str) -> Domain:
    return Domain.from_dict({"intents": ["greet"], "slots": {name: dict(SLOT) for name in slots}})


@pytest.fixture
def store(engine: Engine, clock: ManualClock) -> TurnTrackerStore:
    return TurnTrackerStore(domain("flow", "proven"), log=TurnLog(engine, clock))


@pytest.fixture
def conversation_id() -> str:
    return str(uuid.uuid4())


async def take_turn(store: TurnTrackerStore, conversation_id: str, text: str) -> int:
    """Run a turn as Rasa's processor does; gives the number of events it had to look at."""
    tracker = await store.retrieve(conversation_id)
    assert tracker is not None
    events_before = len(tracker.events)
    for one in (
        UserUttered(text, intent={"name": "greet", "confidence": 1.0}),
        SlotSet("flow", text),
        BotUttered(f"you said {text}"),
        ActionExecuted("action_listen"),
    ):
        tracker.update(one)
    await store.save(tracker)
    store.forget(conversation_id)
    return events_before


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*details: object) -> None:
        statements.append(str(details[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def test_slots_are_carried_from_turn_to_turn(
    store: TurnTrackerStore, conversation_id: str
) -> None:
    await take_turn(store, conversation_id, "first")
    tracker = await store.retrieve(conversation_id)
    assert tracker is not None
    assert tracker.current_slot_values() == {"flow": "first", "proven": None} | {
        name: None for name in tracker.current_slot_values() if name not in ("flow", "proven")
    }
    assert tracker.latest_action_name == "action_listen"


async def test_a_long_conversation_costs_a_turn_no_more_than_a_short_one(
    store: TurnTrackerStore, conversation_id: str, engine: Engine
) -> None:
    costs = {}
    for number in range(1, 61):
        with counted_statements(engine) as statements:
            events = await take_turn(store, conversation_id, f"turn {number}")
        costs[number] = (len(statements), events)
    assert costs[60] == costs[3]


async def test_the_full_tracker_has_every_event(
    store: TurnTrackerStore, conversation_id: str
) -> None:
    for number in range(5):
        await take_turn(store, conversation_id, f"turn {number}")
    full = await store.retrieve_full_tracker(conversation_id)
    assert full is not None
    said = [one.text for one in full.events if isinstance(one, UserUttered)]
    assert said == [f"turn {number}" for number in range(5)]
    assert full.get_slot("flow") == "turn 4"


async def test_a_conversation_that_never_was_has_no_full_tracker(
    store: TurnTrackerStore, conversation_id: str
) -> None:
    assert await store.retrieve_full_tracker(conversation_id) is None
    assert not await store.exists(conversation_id)


async def test_conversations_know_nothing_of_each_other(store: TurnTrackerStore) -> None:
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    await take_turn(store, one, "mine")
    tracker = await store.retrieve(other)
    assert tracker is not None
    assert tracker.get_slot("flow") is None
    assert set(await store.keys()) & {one, other} == {one}


async def test_a_slot_that_a_new_model_no_longer_has_is_dropped(
    store: TurnTrackerStore, conversation_id: str
) -> None:
    await take_turn(store, conversation_id, "before the new model")
    store.domain = domain("proven")
    tracker = await store.retrieve(conversation_id)
    assert tracker is not None
    assert "flow" not in tracker.slots


async def test_of_two_brains_one_writes(
    store: TurnTrackerStore, conversation_id: str, engine: Engine, clock: ManualClock
) -> None:
    other = TurnTrackerStore(domain("flow"), log=TurnLog(engine, clock))
    await take_turn(store, conversation_id, "before")
    tracker = await store.retrieve(conversation_id)
    await take_turn(other, conversation_id, "meanwhile")
    assert tracker is not None
    tracker.update(SlotSet("flow", "too late"))
    with pytest.raises(ConversationMoved):
        await store.save(tracker)
    read_again = await store.retrieve(conversation_id)
    assert read_again is not None
    assert read_again.get_slot("flow") == "meanwhile"


async def test_a_turn_is_recorded_with_its_events(
    store: TurnTrackerStore, conversation_id: str, engine: Engine, clock: ManualClock
) -> None:
    turn = FinishedTurn(str(uuid.uuid4()), [{"text": "hi"}], {"intent": "greet"}, "model")
    token = finish_turn.set(lambda _: turn)
    await take_turn(store, conversation_id, "hello")
    finish_turn.reset(token)
    assert TurnLog(engine, clock).find_turn(turn.message_id) == turn


async def test_an_outage_is_no_new_conversation(clock: ManualClock) -> None:
    away = TurnLog(open_engine("sqlite:////nowhere/at/all/bot.sqlite3"), clock)
    store = TurnTrackerStore(domain("flow"), log=away)
    with pytest.raises(TurnLogUnavailable):
        await store.retrieve("conversation")
