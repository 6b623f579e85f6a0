"""The tables of the bot's own database.

The gateway writes sessions, conversations, messages, choices and what shoppers think of the
answers; the brain writes tracker events and turns; the actions write lookup failures. Instants are
aware UTC everywhere (`UtcDateTime`).
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant; SQLite has no time zones, so it holds the UTC wall clock."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored: give it a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("customer_id", Text),
    Column("state", Text, nullable=False, server_default="bot"),
    # The number of the newest message: numbers are handed out by counting this up, so none is left
    # out and none is given twice.
    Column("last_seq", Integer, nullable=False, server_default="0"),
    # Counts every change that is not a message (state, read marks): event streams resume from it.
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("shopper_read_seq", Integer, nullable=False, server_default="0"),
    Column("shop_read_seq", Integer, nullable=False, server_default="0"),
    # Who runs this conversation's turns now. Free when null or in the past.
    Column("lease_owner", Text),
    Column("lease_until", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    CheckConstraint("state IN ('bot', 'waiting', 'agent', 'closed')", name="state"),
    Index(None, "customer_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("customer_id", Text),
    Column("customer_name", Text),
    Column("locale", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Index(None, "conversation_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("client_id", Text),
    Column("sender", Text, nullable=False),
    Column("name", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("body", JSON, nullable=False),  # {"text", "choices", "cards", "sources"}
    # The id of the shopper's message that this one answers.
    Column("reply_to", Text),
    # Only for the shopper's messages: the turn that answers it, and what the brain is to be sent.
    Column("turn_state", Text),
    Column("turn_input", JSON(none_as_null=True)),  # {"choice": …, "shopper": …}
    Column("turn_failures", Integer, nullable=False, server_default="0"),
    # When the shopper was told that the answer is late: told once, whoever runs the turn.
    Column("delay_told_at", UtcDateTime),
    UniqueConstraint("id"),
    UniqueConstraint("conversation_id", "client_id"),
    CheckConstraint("sender IN ('shopper', 'bot', 'agent', 'system')", name="sender"),
    CheckConstraint("turn_state IN ('pending', 'done', 'failed')", name="turn_state"),
    # Answered messages leave this index, so looking for work costs the same for ever.
    Index(
        "ix_messages_pending",
        "conversation_id",
        "seq",
        sqlite_where=text("turn_state = 'pending'"),
        postgresql_where=text("turn_state = 'pending'"),
    ),
)

choices = Table(
    "choices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("used_by", Text),  # the message that chose it
    Index(None, "conversation_id"),
)

# Whether an answer of the bot helped: the last vote of a message.
feedback = Table(
    "feedback",
    metadata,
    Column("message_id", Text, ForeignKey("messages.id"), primary_key=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "at"),
)

# What the shopper thinks of a conversation as a whole.
ratings = Table(
    "ratings",
    metadata,
    Column("conversation_id", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("stars", Integer, nullable=False),
    Column("comment", Text),
    Column("at", UtcDateTime, nullable=False),
    CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
    Index(None, "at"),
)

# No foreign keys below: the brain also runs without a gateway (in a terminal, in tests), and then
# nobody has made the conversation.
tracker_events = Table(
    "tracker_events",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("message_id", Text),
    Column("event", Text, nullable=False),  # JSON
)

turns = Table(
    "turns",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("replies", JSON, nullable=False),
    Column("understood", JSON, nullable=False),
    Column("model_id", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "created_at"),
)

lookup_failures = Table(
    "lookup_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # "session", "order" or "address"
    Column("key_hash", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "kind", "key_hash", "at"),
)

dialogue_states = Table(
    "dialogue_states",
    metadata,
    Column("conversation_id", Text, primary_key=True),
    # The number of the conversation's newest tracker event. A writer states the number it started
    # from, so of two brains that run the same conversation only one can succeed.
    Column("last_seq", Integer, nullable=False),
    # Slots and the like: all that the next turn needs, however long the conversation is.
    Column("state", Text, nullable=False),  # JSON
)

# What the shop's webhook is told: the brain writes it in the turn that caused it, gateways send it.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Text, primary_key=True),  # follows from the event, so that it is noted once
    Column("event_type", Text, nullable=False),
    Column("payload", Text, nullable=False),  # JSON; empty once it was delivered
    Column("created_at", UtcDateTime, nullable=False),
    # When it is tried next; null once it is settled. A gateway that tries it moves this ahead.
    Column("due_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("settled_at", UtcDateTime),
    Column("outcome", Text),
    Column("last_problem", Text),
    CheckConstraint("outcome IN ('delivered', 'given_up')", name="outcome"),
    Index(None, "due_at"),
    Index(None, "settled_at"),
)
