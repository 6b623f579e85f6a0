"""What shoppers think of answers and of whole conversations, in the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.db.schema import conversations, feedback, messages, ratings
from bot.gateway.errors import MessageUnknown, NothingToRate, RatingOver
from bot.gateway.model import Rating, Sender
from bot.gateway.session_store import find_session

RATE_AFTER_CLOSE = timedelta(days=1)


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
    new = _insert(connection, feedback)
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


def store_rating(connection: Connection, session_id: str, rating: Rating, *, now: datetime) -> None:
    """Store the rating of a session's conversation, in place of an earlier one.

    It may be given and changed from the first answer until a day after the conversation was closed;
    the same again changes nothing.

    Raises:
        NotSignedIn: the session is not good.
        NothingToRate: nobody has answered yet.
        RatingOver: the conversation was closed more than a day ago.
    """
    session = find_session(connection, session_id, now=now)
    _demand_time_to_rate(connection, session.conversation_id, now=now)
    new = _insert(connection, ratings)
    changed = (ratings.c.stars != new.excluded.stars) | ratings.c.comment.is_distinct_from(
        new.excluded.comment
    )
    connection.execute(
        new.on_conflict_do_update(
            index_elements=[ratings.c.conversation_id],
            set_={name: new.excluded[name] for name in ("stars", "comment", "at")},
            where=changed,
        ),
        {
            "conversation_id": session.conversation_id,
            "stars": rating.stars,
            "comment": rating.comment,
            "at": now,
        },
    )


def find_rating(connection: Connection, conversation_id: str) -> Rating | None:
    """Return what the shopper gave the conversation, if anything yet."""
    row = connection.execute(
        select(ratings.c.stars, ratings.c.comment).where(
            ratings.c.conversation_id == conversation_id
        )
    ).first()
    return None if row is None else Rating(stars=row.stars, comment=row.comment)


def _demand_time_to_rate(connection: Connection, conversation_id: str, *, now: datetime) -> None:
    closed_at = connection.execute(
        select(conversations.c.closed_at).where(conversations.c.id == conversation_id)
    ).scalar_one()
    if closed_at is not None and closed_at + RATE_AFTER_CLOSE < now:
        raise RatingOver("This conversation was closed more than a day ago: its rating stays.")
    answered = connection.execute(
        select(messages.c.seq)
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.sender != Sender.SHOPPER,
        )
        .limit(1)
    ).first()
    if answered is None:
        raise NothingToRate("Nobody has answered in this conversation yet.")


def _insert(connection: Connection, table: Table) -> Any:
    """Return an insert that can settle conflicts; both databases have their own, alike in use."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(table)
