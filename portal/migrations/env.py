"""How Alembic reaches the database: over the connection that `portal.migrations` hands it."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from portal.migrations import metadata


def _plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    # A migration must not change when our own column types do: it names the database's type behind them.
    return f"sa.{item.impl_instance!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
    compare_type=True,
    render_item=_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
