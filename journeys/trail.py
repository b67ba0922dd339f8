"""What a reading leaves in the audit trail: who looked at another's things, and when."""

from uuid import UUID

from portal import audit
from portal.db import Database
from portal.ui import Visit


async def note_reading(db: Database, visit: Visit, act: str, about: UUID) -> None:
    """Write down a reading for another party; one's own leaves no mark."""
    if not visit.actor.for_self:
        async with db.write() as tx:
            await audit.record(tx, visit.actor, act, about=about, at=visit.now)
