"""What the worker asks, for nobody in particular; no page may import this."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from inbox.tables import EntryRow, InteractionRow
from portal.access.sight import shared_or_of
from portal.db import Session
from portal.files import FileRow


async def proceeding_of(session: Session, matter_id: UUID) -> str | None:
    """Give the core's id of a matter's proceeding, once the core has opened one."""
    found: str | None = await session.scalar(
        select(InteractionRow.core_proceeding_id).where(InteractionRow.id == matter_id)
    )
    return found


async def expected_document(session: Session, entry_id: UUID) -> Row[Any] | None:
    """Give a document that is not here yet, with its party and what it came with."""
    found = await session.execute(
        select(EntryRow.content, EntryRow.of_id, EntryRow.interaction_id, InteractionRow.party_id)
        .join(InteractionRow, InteractionRow.id == EntryRow.interaction_id)
        .where(EntryRow.id == entry_id, EntryRow.file_id.is_(None))
    )
    return found.first()


async def scan_of(session: Session, file_id: UUID) -> str | None:
    """Tell what the scanner said of a file."""
    found: str | None = await session.scalar(select(FileRow.scan).where(FileRow.id == file_id))
    return found


async def owner_of(session: Session, person_id: UUID, matter_id: UUID) -> UUID | None:
    """Tell whose a draft, application or matter is, so that somebody who may act for that party is shown the way.

    What is only for another of those who act for the party does not exist.
    """
    found: UUID | None = await session.scalar(
        select(InteractionRow.party_id).where(
            InteractionRow.id == matter_id, shared_or_of(InteractionRow, person_id)
        )
    )
    return found
