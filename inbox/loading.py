"""Loading the matter that a page is about: two statements, and somebody else's does not exist."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from inbox import queries
from portal.db import Database
from portal.ui import NotFound, Visit


async def load(visit: Visit, db: Database) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """Give the matter of the address and what happened in it; raises `NotFound`."""
    async with db.read() as session:
        matter = await queries.matter(session, visit.actor, visit.id())
        if matter is None:
            raise NotFound
        return matter, await queries.entries(session, visit.actor, matter)


def one(entries: Sequence[Row[Any]], kind: str, entry_id: UUID) -> Row[Any]:
    """Find an entry of the matter; raises `NotFound`."""
    for entry in entries:
        if entry.id == entry_id and entry.kind == kind:
            return entry
    raise NotFound
