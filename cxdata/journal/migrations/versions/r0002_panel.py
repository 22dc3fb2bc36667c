"""Views and decisions name the picture of their page; "" is all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = ("saved_view", "decision")


def upgrade() -> None:
    """Add the picture; what was kept before is of a whole page."""
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(
                sa.Column("panel", sa.String(length=200), nullable=False, server_default="")
            )


def downgrade() -> None:
    """Take the picture away."""
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.drop_column("panel")
