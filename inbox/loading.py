"""Loading the matter that a page is about: two statements, and somebody else's does not exist."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from inbox import queries
from portal import audit
from portal.db import Database
from portal.ui import NotFound, Visit


async def load(visit: Visit, db: Database) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """Give the matter of the address and what happened in it; raises `NotFound`."""
    async with db.read() as session:
        matter = await queries.matter(session, visit.actor, visit.id())
        if matter is None:
            raise NotFound
        entries = await queries.entries(session, visit.actor, matter)
    await seen_for_another(visit, db, "matter-read", matter.id)
    return matter, entries


async def seen_for_another(visit: Visit, db: Database, act: str, about: UUID) -> None:
    """Write down that somebody looked for another, who may see that they did (design § 5)."""
    if not visit.actor.for_self:
        async with db.write() as tx:
            await audit.record(tx, visit.actor, act, about=about, at=visit.now)


def one(entries: Sequence[Row[Any]], kind: str, entry_id: UUID) -> Row[Any]:
    """Find an entry of the matter; raises `NotFound`."""
    for entry in entries:
        if entry.id == entry_id and entry.kind == kind:
            return entry
    raise NotFound
