"""Reading conversations, and the marks and states that shoppers set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.db.schema import conversations, feedback, messages
from bot.gateway.model import ConversationView, Message, ReadMarks
from bot.gateway.session_store import find_session

PAGE_SIZE = 200

_MESSAGES_WITH_VOTES = select(messages, feedback.c.helpful).outerjoin(
    feedback, feedback.c.message_id == messages.c.id
)


@dataclass(frozen=True, slots=True)
class News:
    """A conversation as it stands, with the messages after a given one."""

    conversation: ConversationView
    messages: Sequence[Message]


def read_message(row: Any, *, helpful: bool | None = None) -> Message:
    """Return the message of a row of `messages`, with the shopper's vote on it."""
    # Stored by us in this very shape, so it is not checked again.
    return Message.model_validate(
        {
            **row.body,
            "seq": row.seq,
            "id": row.id,
            "client_id": row.client_id,
            "sender": row.sender,
            "name": row.name,
            "at": row.at,
            "helpful": helpful,
        }
    )


def find_conversation(connection: Connection, conversation_id: str) -> ConversationView:
    row = connection.execute(
        select(conversations).where(conversations.c.id == conversation_id)
    ).one()
    return ConversationView(
        id=row.id,
        state=row.state,
        last_seq=row.last_seq,
        revision=row.revision,
        read=ReadMarks(shopper=row.shopper_read_seq, shop=row.shop_read_seq),
    )


def read_messages(
    connection: Connection, conversation_id: str, *, after: int, limit: int = PAGE_SIZE
) -> list[Message]:
    """Return the messages numbered above `after`, oldest first."""
    rows = connection.execute(
        _MESSAGES_WITH_VOTES.where(
            messages.c.conversation_id == conversation_id, messages.c.seq > after
        )
        .order_by(messages.c.seq)
        .limit(limit)
    )
    return [read_message(row, helpful=row.helpful) for row in rows]


def read_news(
    connection: Connection, session_id: str, *, after: int, now: datetime, limit: int = PAGE_SIZE
) -> News:
    """Return the conversation of a session and what was said after `after`.

    Raises:
        NotSignedIn: the session is not good.
    """
    session = find_session(connection, session_id, now=now)
    conversation = find_conversation(connection, session.conversation_id)
    # The marks are read first: a message that comes in between is in the list, and the marks are
    # at most a moment old.
    return News(conversation, read_messages(connection, conversation.id, after=after, limit=limit))


def find_replies(connection: Connection, conversation_id: str, message: Message) -> list[Message]:
    """Return the answers to a message that are stored so far."""
    rows = connection.execute(
        _MESSAGES_WITH_VOTES.where(
            messages.c.conversation_id == conversation_id,
            messages.c.seq > message.seq,
            messages.c.reply_to == message.id,
        ).order_by(messages.c.seq)
    )
    return [read_message(row, helpful=row.helpful) for row in rows]


def find_answer(
    connection: Connection, conversation_id: str, message: Message
) -> list[Message] | None:
    """Return the answers to a message once its turn is over, else nothing."""
    state = connection.execute(
        select(messages.c.turn_state).where(
            messages.c.conversation_id == conversation_id, messages.c.seq == message.seq
        )
    ).scalar_one()
    if state == "pending":
        return None
    return find_replies(connection, conversation_id, message)


def mark_read(connection: Connection, session_id: str, *, seq: int, now: datetime) -> bool:
    """Note that the shopper has seen the messages up to `seq`; tell whether that is news.

    Raises:
        NotSignedIn: the session is not good.
    """
    session = find_session(connection, session_id, now=now)
    result = connection.execute(
        update(conversations)
        .where(
            conversations.c.id == session.conversation_id,
            conversations.c.shopper_read_seq < seq,
            conversations.c.last_seq >= seq,
        )
        .values(shopper_read_seq=seq, revision=conversations.c.revision + 1)
    )
    return result.rowcount == 1


def close_conversation(connection: Connection, session_id: str, *, now: datetime) -> str:
    """Close the conversation of a session, if it is open; return its id.

    Messages that still wait are answered all the same: what the bot did for them must be told.

    Raises:
        NotSignedIn: the session is not good.
    """
    session = find_session(connection, session_id, now=now)
    connection.execute(
        update(conversations)
        .where(conversations.c.id == session.conversation_id, conversations.c.state != "closed")
        .values(state="closed", closed_at=now, revision=conversations.c.revision + 1)
    )
    return session.conversation_id
