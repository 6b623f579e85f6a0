import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from bot.brain.contract import ConversationMoved, FinishedTurn, TurnLogUnavailable
from bot.brain.turn_log import StoredState, TurnLog
from bot.db.engine import open_engine
from tests.brain.conftest import ManualClock

AWAY = ["sqlite:////nowhere/at/all/bot.sqlite3", "postgresql://bot@127.0.0.1:1/bot"]


@pytest.fixture
def log(engine: Engine, clock: ManualClock) -> TurnLog:
    return TurnLog(engine, clock)


@pytest.fixture
def conversation_id() -> str:
    return str(uuid.uuid4())


def event(name: str) -> str:
    return json.dumps({"event": name})


def finished(text: str = "Hello") -> FinishedTurn:
    return FinishedTurn(
        message_id=str(uuid.uuid4()),
        replies=[{"text": text, "choices": [], "cards": [], "sources": []}],
        understood={"intent": "greet", "confidence": 0.9, "entities": []},
        model_id="model",
    )


def append(
    log: TurnLog,
    conversation_id: str,
    *names: str,
    after_seq: int | None = None,
    turn: FinishedTurn | None = None,
) -> int:
    return log.append(
        conversation_id,
        after_seq=after_seq,
        events=[event(name) for name in names],
        state=json.dumps({"newest": names[-1] if names else None}),
        turn=turn,
    )


def test_a_new_conversation_has_no_past(log: TurnLog, conversation_id: str) -> None:
    assert log.find_state(conversation_id) is None
    assert log.list_events(conversation_id) == []
    assert log.find_turn("no such message") is None


def test_events_are_numbered_on_from_the_newest(log: TurnLog, conversation_id: str) -> None:
    first = append(log, conversation_id, "a", "b")
    second = append(log, conversation_id, "c", after_seq=first)
    assert (first, second) == (2, 3)
    assert [one["event"] for one in log.list_events(conversation_id)] == ["a", "b", "c"]
    assert log.find_state(conversation_id) == StoredState(3, '{"newest": "c"}')


def test_a_turn_is_found_by_its_message(log: TurnLog, conversation_id: str) -> None:
    turn = finished("Grüße 👋 \x00 \u2028")
    append(log, conversation_id, "a", turn=turn)
    assert log.find_turn(turn.message_id) == turn


def test_conversations_are_listed(log: TurnLog, conversation_id: str) -> None:
    append(log, conversation_id, "a")
    assert conversation_id in log.list_conversations()


def test_one_who_read_an_older_state_writes_nothing(log: TurnLog, conversation_id: str) -> None:
    newest = append(log, conversation_id, "a")
    append(log, conversation_id, "b", after_seq=newest)
    late = finished()
    with pytest.raises(ConversationMoved):
        append(log, conversation_id, "c", after_seq=newest, turn=late)
    assert [one["event"] for one in log.list_events(conversation_id)] == ["a", "b"]
    assert log.find_turn(late.message_id) is None


def test_two_cannot_both_begin_a_conversation(log: TurnLog, conversation_id: str) -> None:
    append(log, conversation_id, "a")
    with pytest.raises(ConversationMoved):
        append(log, conversation_id, "b")
    assert [one["event"] for one in log.list_events(conversation_id)] == ["a"]


def test_a_message_is_answered_once_and_its_second_answer_leaves_no_trace(
    log: TurnLog, conversation_id: str
) -> None:
    turn = finished("once")
    newest = append(log, conversation_id, "a", turn=turn)
    with pytest.raises(ConversationMoved):
        append(log, conversation_id, "b", after_seq=newest, turn=turn)
    assert log.find_state(conversation_id) == StoredState(newest, '{"newest": "a"}')
    assert [one["event"] for one in log.list_events(conversation_id)] == ["a"]


def test_of_many_writers_at_once_one_succeeds(log: TurnLog, conversation_id: str) -> None:
    newest = append(log, conversation_id, "a")

    def write(number: int) -> bool:
        try:
            append(log, conversation_id, f"writer {number}", after_seq=newest)
        except ConversationMoved:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(write, range(8)))
    assert sum(outcomes) == 1
    assert len(log.list_events(conversation_id)) == 2


def test_a_turn_without_events_keeps_the_number(log: TurnLog, conversation_id: str) -> None:
    newest = append(log, conversation_id, "a")
    assert append(log, conversation_id, after_seq=newest) == newest


@pytest.mark.parametrize("url", AWAY)
def test_a_database_that_is_away_is_said_to_be_away(url: str, clock: ManualClock) -> None:
    away = TurnLog(open_engine(url), clock)
    with pytest.raises(TurnLogUnavailable):
        away.find_turn("message")
    with pytest.raises(TurnLogUnavailable):
        append(away, "conversation", "a")
    with pytest.raises(TurnLogUnavailable):
        away.list_events("conversation")


def test_a_database_without_tables_is_no_empty_conversation(clock: ManualClock) -> None:
    with pytest.raises(TurnLogUnavailable):
        TurnLog(open_engine("sqlite://"), clock).find_state("conversation")
