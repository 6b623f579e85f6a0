from datetime import timedelta

from sqlalchemy import Engine, select, update

from bot.db.database import Database
from bot.db.engine import reading, writing
from bot.db.schema import conversations, sessions
from bot.gateway.cleanup import Cleanup
from bot.gateway.clock import utc_now
from bot.gateway.model import Session
from bot.gateway.session_store import Opening, open_session


async def test_sessions_that_ended_long_ago_are_deleted_and_nothing_else(
    engine: Engine, session: Session
) -> None:
    now = utc_now()
    opening = Opening(None, "en", "UTC", now=now, expires_at=now - timedelta(days=29))
    with writing(engine) as connection:
        connection.execute(update(sessions).values(expires_at=now - timedelta(days=31)))
        kept = open_session(connection, opening)
    database = Database(engine)
    await Cleanup(database, lambda: now).clear_up()
    database.close()
    with reading(engine) as connection:
        assert list(connection.execute(select(sessions.c.id)).scalars()) == [kept.id]
        found = set(connection.execute(select(conversations.c.id)).scalars())
    assert found == {session.conversation_id, kept.conversation_id}
