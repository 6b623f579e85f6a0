from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.db.engine import open_engine, reading, writing
from bot.db.upgrade import upgrade
from bot.db.webhook_deliveries import Event, claim_due, give_up, list_unsettled, note_event
from tests.cli.conftest import SECRET, RunBot

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"BOT_STATE_DIR": str(tmp_path), "BOT_SECRET_KEY": SECRET}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    upgrade(engine)
    return engine


@pytest.fixture
def given_up(engine: Engine) -> None:
    with writing(engine) as connection:
        note_event(connection, Event("msg_1", "seller_message.created", "{}"), now=NOW)
        claim_due(connection, now=NOW, lease=timedelta(minutes=1), limit=1)
        give_up(connection, "msg_1", now=NOW, problem="HTTP 410")


def test_nothing_waiting_is_said(bot: RunBot, engine: Engine) -> None:
    assert bot("webhooks").lines == ["everything has arrived"]


def test_what_did_not_arrive_is_listed_with_the_reason(bot: RunBot, given_up: None) -> None:
    out = " ".join(bot("webhooks").out.split())
    assert "msg_1" in out
    assert "given up" in out
    assert "HTTP 410" in out


def test_all_can_be_tried_again(bot: RunBot, engine: Engine, given_up: None) -> None:
    assert bot("webhooks", "--retry").lines == ["1 will be tried now"]
    with reading(engine) as connection:
        (waiting,) = list_unsettled(connection, limit=9)
    assert waiting.due_at is not None
