"""The change feed: everything the core has said, in order, for good."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Row, func, insert, select

from core_bridge.wire import ChangesPage, Event, EventData, event, freeze

from .database import Session, Transaction
from .tables import ChangeRow

_PAGE_BYTES = 4 * 1024 * 1024


async def say(tx: Transaction, source: str, subject: str, data: EventData, at: datetime) -> None:
    """Append an event to its stream; it is said if and only if `tx` commits."""
    last = select(func.coalesce(func.max(ChangeRow.sequence), 0)).where(ChangeRow.subject == subject)
    sequence = int(await tx.scalar(last) or 0) + 1
    said = event(data, event_id=str(uuid4()), source=source, subject=subject, sequence=sequence, time=at)
    await tx.execute(insert(ChangeRow).values(subject=subject, sequence=sequence, body=freeze(said)))


async def changes(session: Session, after: int, limit: int) -> ChangesPage:
    """Return the events after a cursor, fewer than the limit if they are long, and whether more follow."""
    found = await session.execute(
        select(ChangeRow.number, ChangeRow.body)
        .where(ChangeRow.number > after)
        .order_by(ChangeRow.number)
        .limit(limit + 1)
    )
    rows = found.all()
    page: list[Row[int, bytes]] = []
    size = 0
    for row in rows[:limit]:
        size += len(row.body)
        if page and size > _PAGE_BYTES:
            break
        page.append(row)
    return ChangesPage(
        events=tuple(Event.model_validate_json(row.body) for row in page),
        next=str(page[-1].number if page else after),
        more=len(rows) > len(page),
    )


async def last_change(session: Session) -> int:
    """Return the newest cursor."""
    return int(await session.scalar(select(func.coalesce(func.max(ChangeRow.number), 0))) or 0)
