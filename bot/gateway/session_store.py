"""Sessions in the database: open, look up, replace."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.db.schema import conversations, sessions
from bot.gateway.errors import NotSignedIn
from bot.gateway.model import Customer, Session

_ID_BYTES = 18
SESSION_GONE = "This session has ended: open a new one."


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new session starts with."""

    customer: Customer | None
    locale: str
    time_zone: str
    now: datetime
    expires_at: datetime


def new_id() -> str:
    """Return an id that cannot be guessed."""
    return secrets.token_urlsafe(_ID_BYTES)


def open_session(connection: Connection, opening: Opening) -> Session:
    """Make a conversation and the session that owns it."""
    customer_id = opening.customer.id if opening.customer else None
    session = Session(
        id=new_id(),
        conversation_id=new_id(),
        customer_id=customer_id,
        customer_name=opening.customer.name if opening.customer else None,
        locale=opening.locale,
        time_zone=opening.time_zone,
    )
    connection.execute(
        insert(conversations),
        {
            "id": session.conversation_id,
            "customer_id": customer_id,
            "created_at": opening.now,
        },
    )
    add_session(connection, session, opening)
    return session


def add_session(connection: Connection, session: Session, opening: Opening) -> None:
    """Store a session of a conversation that exists."""
    connection.execute(
        insert(sessions),
        {
            "id": session.id,
            "conversation_id": session.conversation_id,
            "customer_id": session.customer_id,
            "customer_name": session.customer_name,
            "locale": session.locale,
            "time_zone": session.time_zone,
            "created_at": opening.now,
            "expires_at": opening.expires_at,
        },
    )


def find_session(connection: Connection, session_id: str, *, now: datetime) -> Session:
    """Return a session that is good now.

    Raises:
        NotSignedIn: it is unknown, revoked or expired.
    """
    row = connection.execute(select(sessions).where(sessions.c.id == session_id)).first()
    return read_session(row, now=now)


def read_session(row: Any, *, now: datetime) -> Session:
    """Return the session of a row that may be missing.

    Raises:
        NotSignedIn: it is missing, revoked or expired.
    """
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        raise NotSignedIn(SESSION_GONE)
    return Session(
        id=row.id,
        conversation_id=row.conversation_id,
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        locale=row.locale,
        time_zone=row.time_zone,
    )


def replace_session(
    connection: Connection, session_id: str, *, now: datetime, expires_at: datetime
) -> Session:
    """Open a new conversation for the holder of a session.

    The old session can still read its conversation, so a shopper whose answer was lost on the way
    can ask again.
    """
    old = find_session(connection, session_id, now=now)
    customer = (
        Customer(id=old.customer_id, name=old.customer_name)
        if old.customer_id is not None
        else None
    )
    return open_session(
        connection,
        Opening(
            customer=customer,
            locale=old.locale,
            time_zone=old.time_zone,
            now=now,
            expires_at=expires_at,
        ),
    )
