"""Writing down a line of the list, and what happened in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from inbox.tables import EntryRow, InteractionRow
from portal.db import Transaction, new_id, prepared

# Built once: composing a statement costs more than running it.
_ENTER: Final = {
    "sqlite": prepared(insert_sqlite(EntryRow).on_conflict_do_nothing()),
    "postgresql": prepared(insert_postgresql(EntryRow).on_conflict_do_nothing()),
}
_OPEN: Final = {
    "sqlite": insert_sqlite(InteractionRow).on_conflict_do_nothing(),
    "postgresql": insert_postgresql(InteractionRow).on_conflict_do_nothing(),
}


async def open_line(tx: Transaction, line: Mapping[str, Any]) -> bool:
    """Open a line under an id that its form gave; False when it is there already."""
    done = await tx.execute(_OPEN[tx.dialect.name], {"closed": False, "unread": 0, **line})
    return done.rowcount == 1


async def enter(
    tx: Transaction,
    matter_id: UUID,
    kind: str,
    what: str,
    at: datetime,
    content: Mapping[str, Any] | None = None,
    *,
    entry_id: UUID | None = None,
    **columns: Any,
) -> UUID | None:
    """Write an entry down; None when the core's thing of that id, or the entry itself, is there already."""
    made = entry_id or new_id()
    row = {
        "id": made,
        "interaction_id": matter_id,
        "kind": kind,
        "what": what,
        "at": at,
        "content": dict(content or {}),
    }
    done = await tx.execute(_ENTER[tx.dialect.name], row | columns)
    return made if done.rowcount == 1 else None


async def stamp(tx: Transaction, entry_id: UUID, **stamps: Any) -> None:
    """Add stamps to an entry."""
    await tx.execute(update(EntryRow).where(EntryRow.id == entry_id).values(**stamps))
