"""The first tables: conversations with their sessions, messages and choices; the brain's record."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_PENDING = sa.text("turn_state = 'pending'")


def upgrade() -> None:
    _create_conversations()
    _create_sessions()
    _create_messages()
    _create_choices()
    _create_tracker_events_and_turns()
    _create_lookup_failures()


def downgrade() -> None:
    for table in (
        "lookup_failures",
        "turns",
        "tracker_events",
        "choices",
        "messages",
        "sessions",
        "conversations",
    ):
        op.drop_table(table)


def _instant(name: str, *, nullable: bool) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_conversation(table: str) -> tuple[sa.Column[str], sa.ForeignKeyConstraint]:
    return (
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=f"fk_{table}_conversation_id_conversations",
        ),
    )


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("customer_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False, server_default="bot"),
        sa.Column("last_seq", sa.Integer, nullable=False, server_default="0"),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
        sa.Column("shopper_read_seq", sa.Integer, nullable=False, server_default="0"),
        sa.Column("shop_read_seq", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_owner", sa.Text),
        _instant("lease_until", nullable=True),
        _instant("created_at", nullable=False),
        _instant("closed_at", nullable=True),
        sa.CheckConstraint(
            "state IN ('bot', 'waiting', 'agent', 'closed')", name=op.f("ck_conversations_state")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_customer_id", "conversations", ["customer_id"])


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text, nullable=False),
        *_of_conversation("sessions"),
        sa.Column("customer_id", sa.Text),
        sa.Column("customer_name", sa.Text),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        _instant("created_at", nullable=False),
        _instant("expires_at", nullable=False),
        _instant("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_conversation_id", "sessions", ["conversation_id"])


def _create_messages() -> None:
    op.create_table(
        "messages",
        *_of_conversation("messages"),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("name", sa.Text),
        _instant("at", nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("reply_to", sa.Text),
        sa.Column("turn_state", sa.Text),
        sa.Column("turn_input", sa.JSON),
        sa.Column("turn_failures", sa.Integer, nullable=False, server_default="0"),
        _instant("delay_told_at", nullable=True),
        sa.CheckConstraint(
            "sender IN ('shopper', 'bot', 'agent', 'system')", name=op.f("ck_messages_sender")
        ),
        sa.CheckConstraint(
            "turn_state IN ('pending', 'done', 'failed')", name=op.f("ck_messages_turn_state")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_messages"),
        sa.UniqueConstraint("id", name="uq_messages_id"),
        sa.UniqueConstraint(
            "conversation_id", "client_id", name="uq_messages_conversation_id_client_id"
        ),
    )
    op.create_index(
        "ix_messages_pending",
        "messages",
        ["conversation_id", "seq"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )


def _create_choices() -> None:
    op.create_table(
        "choices",
        sa.Column("id", sa.Text, nullable=False),
        *_of_conversation("choices"),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("used_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_choices"),
    )
    op.create_index("ix_choices_conversation_id", "choices", ["conversation_id"])


def _create_tracker_events_and_turns() -> None:
    op.create_table(
        "tracker_events",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Text),
        sa.Column("event", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_tracker_events"),
    )
    op.create_table(
        "turns",
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("replies", sa.JSON, nullable=False),
        sa.Column("understood", sa.JSON, nullable=False),
        sa.Column("model_id", sa.Text, nullable=False),
        _instant("created_at", nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_turns"),
    )
    op.create_index("ix_turns_conversation_id", "turns", ["conversation_id"])


def _create_lookup_failures() -> None:
    op.create_table(
        "lookup_failures",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key_hash", sa.Text, nullable=False),
        _instant("at", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lookup_failures"),
    )
    op.create_index(
        "ix_lookup_failures_kind_key_hash_at", "lookup_failures", ["kind", "key_hash", "at"]
    )
