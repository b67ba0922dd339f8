"""Forgetting what may not be kept: drafts 90 days after their last change."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from journeys.drafts import forget_files
from journeys.events import OnDraftGone
from journeys.tables import DraftRow
from portal import audit
from portal.db import Database
from portal.files import Files

_AT_ONCE: Final = 50


async def forget_old_drafts(db: Database, files: Files, now: datetime, *, on_draft_gone: OnDraftGone) -> int:
    """Delete drafts whose time has run out, with their files; tells how many, at most a batch."""
    async with db.read() as session:
        found = await session.execute(select(DraftRow.id).where(DraftRow.expires_at <= now).limit(_AT_ONCE))
        old = found.scalars().all()
    forgotten = 0
    for draft_id in old:
        async with db.write() as tx:
            # The person may have saved it a moment ago: only what is still over its time goes.
            gone = await tx.execute(
                delete(DraftRow).where(DraftRow.id == draft_id, DraftRow.expires_at <= now)
            )
            if gone.rowcount != 1:
                continue
            await forget_files(tx, draft_id, files)
            await audit.record(tx, None, "draft-expired", about=draft_id, at=now)
            await on_draft_gone(tx, draft_id)
            forgotten += 1
    return forgotten
