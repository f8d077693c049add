"""How does Alembic reach the database? Through the connection that it is given."""

from __future__ import annotations

from alembic import context

from onboarding.adapters.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    transactional_ddl=True,  # SQLite can, once BEGIN is ours
)
with context.begin_transaction():
    context.run_migrations()
