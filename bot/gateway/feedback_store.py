"""What shoppers think of the bot's answers, in the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.db.schema import feedback, messages
from bot.gateway.errors import MessageUnknown
from bot.gateway.model import Sender
from bot.gateway.session_store import find_session


@dataclass(frozen=True, slots=True)
class Vote:
    """Whether one answer helped."""

    message_id: str
    helpful: bool


def store_vote(connection: Connection, session_id: str, vote: Vote, *, now: datetime) -> None:
    """Store a vote; the last one of a message counts, and the same again changes nothing.

    Raises:
        NotSignedIn: the session is not good.
        MessageUnknown: the message is not an answer of the bot in the session's conversation.
    """
    session = find_session(connection, session_id, now=now)
    answer = connection.execute(
        select(messages.c.id).where(
            messages.c.id == vote.message_id,
            messages.c.conversation_id == session.conversation_id,
            messages.c.sender == Sender.BOT,
            messages.c.reply_to.is_not(None),
        )
    ).first()
    if answer is None:
        raise MessageUnknown("The bot gave no such answer in this conversation.")
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(feedback)
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[feedback.c.message_id],
            set_={"helpful": new.excluded.helpful, "at": new.excluded.at},
            where=feedback.c.helpful != new.excluded.helpful,
        ),
        {
            "message_id": vote.message_id,
            "conversation_id": session.conversation_id,
            "helpful": vote.helpful,
            "at": now,
        },
    )
