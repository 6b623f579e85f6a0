"""Taking in a shopper's message: one transaction from the session check to the stored message.

The conversation's row is locked first, so numbers are given without gaps and a client id counts
once, whichever gateway is asked. Everything else is read after that, in statements of their own: a
statement that waited for the lock sees the rest of the database as it was before the wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import JsonValue
from sqlalchemy import Connection, bindparam, insert, select, update

from bot.db.schema import choices, conversations, messages, sessions
from bot.gateway.errors import ChoiceUnknown, ChoiceUsed, ConversationClosed
from bot.gateway.history import read_message
from bot.gateway.model import Draft, Lease, Message, Sender, Session, Turn
from bot.gateway.session_store import new_id, read_session

# The statements are built once, which costs more than running them.
_ARRIVAL_CONTEXT = (
    select(
        sessions,
        conversations.c.state,
        conversations.c.last_seq,
        conversations.c.lease_owner,
        conversations.c.lease_until,
    )
    .join(conversations, conversations.c.id == sessions.c.conversation_id)
    .where(sessions.c.id == bindparam("session_id"))
    .with_for_update(of=conversations)
)
_FIND_AGAIN = select(messages).where(
    messages.c.conversation_id == bindparam("in_id"),
    messages.c.client_id == bindparam("client_id"),
)
_COUNT_MESSAGE = (
    update(conversations)
    .where(conversations.c.id == bindparam("in_id"))
    .values(last_seq=bindparam("seq"))
)
_COUNT_MESSAGE_AND_HOLD = _COUNT_MESSAGE.values(
    lease_owner=bindparam("owner"), lease_until=bindparam("until")
)
_INSERT_MESSAGE = insert(messages)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it reaches the gateway."""

    session_id: str
    draft: Draft
    address_key: str
    now: datetime
    lease_owner: str
    lease_s: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of it."""

    message: Message
    answered: bool
    # Given when this call was the one to take the conversation; then its turns must be run.
    lease: Lease | None = None
    # The turn to begin with; unknown when older messages may be waiting.
    turn: Turn | None = None


def accept_message(connection: Connection, arrival: Arrival) -> Accepted:
    """Store a message, or find it when it was stored before.

    Raises:
        NotSignedIn: the session is not good.
        ConversationClosed: nothing can be added.
        ChoiceUnknown: no such choice here.
        ChoiceUsed: the choice was made by another message.
    """
    row = connection.execute(_ARRIVAL_CONTEXT, {"session_id": arrival.session_id}).first()
    session = read_session(row, now=arrival.now)
    assert row is not None  # noqa: S101 - read_session has refused a missing row
    stored = _find_again(connection, session.conversation_id, arrival.draft.client_id)
    if stored is not None:
        return stored
    if row.state == "closed":
        raise ConversationClosed("This conversation is closed: restart it to go on.")
    message_id = new_id()
    choice = _take_choice(connection, session.conversation_id, arrival.draft, message_id)
    text = choice["title"] if choice else arrival.draft.text or ""
    free = row.lease_owner is None or row.lease_until <= arrival.now
    message = Message(
        seq=row.last_seq + 1,
        id=message_id,
        client_id=arrival.draft.client_id,
        sender=Sender.SHOPPER,
        at=arrival.now,
        text=text,
    )
    turn = Turn(
        conversation_id=session.conversation_id,
        seq=message.seq,
        message_id=message_id,
        text=None if choice else text,
        choice=choice,
        shopper=_describe(session, arrival.address_key),
    )
    _store(connection, arrival, message, turn, take_lease=free)
    return Accepted(
        message=message,
        answered=False,
        lease=Lease(session.conversation_id, arrival.lease_owner) if free else None,
        turn=turn if row.lease_owner is None else None,
    )


def _find_again(connection: Connection, conversation_id: str, client_id: str) -> Accepted | None:
    row = connection.execute(
        _FIND_AGAIN, {"in_id": conversation_id, "client_id": client_id}
    ).first()
    if row is None:
        return None
    return Accepted(message=read_message(row), answered=row.turn_state != "pending")


def _take_choice(
    connection: Connection, conversation_id: str, draft: Draft, message_id: str
) -> dict[str, str] | None:
    if draft.choice_id is None:
        return None
    here = (choices.c.id == draft.choice_id) & (choices.c.conversation_id == conversation_id)
    taken = connection.execute(
        update(choices)
        .where(here, choices.c.used_by.is_(None))
        .values(used_by=message_id)
        .returning(choices.c.title, choices.c.payload)
    ).first()
    if taken is not None:
        return {"title": taken.title, "payload": taken.payload}
    if connection.execute(select(choices.c.id).where(here)).first() is None:
        raise ChoiceUnknown("No such choice was offered in this conversation.")
    raise ChoiceUsed("This choice was made before: each is good once.")


def _describe(session: Session, address_key: str) -> dict[str, JsonValue]:
    """Return what actions may know of the shopper: all of it verified, none of it typed."""
    return {
        "session_id": session.id,
        "customer_id": session.customer_id,
        "customer_name": session.customer_name,
        "address_key": address_key,
        "time_zone": session.time_zone,
        "locale": session.locale,
    }


def _store(
    connection: Connection, arrival: Arrival, message: Message, turn: Turn, *, take_lease: bool
) -> None:
    values: dict[str, object] = {"in_id": turn.conversation_id, "seq": message.seq}
    if take_lease:
        values["owner"] = arrival.lease_owner
        values["until"] = arrival.now + timedelta(seconds=arrival.lease_s)
    connection.execute(_COUNT_MESSAGE_AND_HOLD if take_lease else _COUNT_MESSAGE, values)
    connection.execute(
        _INSERT_MESSAGE,
        {
            "conversation_id": turn.conversation_id,
            "seq": message.seq,
            "id": message.id,
            "client_id": message.client_id,
            "sender": message.sender,
            "at": message.at,
            "body": {"text": message.text},
            "turn_state": "pending",
            "turn_input": {"choice": turn.choice, "shopper": turn.shopper},
        },
    )
