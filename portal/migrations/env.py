"""How Alembic reaches the database: over the connection that `portal.migrations` hands it."""

from alembic import context

from portal.migrations import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
