"""Runs migrations on the connection that the journal hands over."""

from alembic import context

from cxdata.journal.tables import JOURNAL

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=JOURNAL,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
