"""What the next turn needs, kept beside the events, so that no turn reads the whole history."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dialogue_states",
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_dialogue_states"),
    )


def downgrade() -> None:
    op.drop_table("dialogue_states")
