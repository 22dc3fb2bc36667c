"""Which slide each room shows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of rooms."""
    op.create_table(
        "room",
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("story_id", sa.String(length=64), nullable=False),
        sa.Column("slide", sa.Integer(), nullable=False),
        sa.Column("narrowed", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room")),
    )
    op.create_index(op.f("ix_room_said_at"), "room", ["said_at"], unique=False)


def downgrade() -> None:
    """Take the table of rooms away."""
    op.drop_index(op.f("ix_room_said_at"), table_name="room")
    op.drop_table("room")
