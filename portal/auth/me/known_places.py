"""A sign-in seen beside those before it: when the last one was, and a mail when this one comes from somewhere new."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from portal import notify
from portal.auth.me.browsers import Place
from portal.auth.tables import KnownPlaceRow, SessionRow
from portal.db import Session, Transaction, new_id

REMEMBERED: Final = timedelta(days=365)


async def entered(tx: Transaction, session_id: UUID, person_id: UUID, place: Place, now: datetime) -> None:
    """Write down where a session that has just begun came from; every way of signing in ends with this.

    A place where the person has never been is told by mail, unless the person has never been anywhere.
    """
    mine = KnownPlaceRow.person_id == person_id
    before = await tx.scalar(select(func.max(KnownPlaceRow.last_at)).where(mine))
    # Every mark is noted, hence no generator in any().
    new = any([await _is_new(tx, person_id, mark, now) for mark in place.marks])
    told = asdict(place) | {"before": before and before.isoformat()}
    await tx.execute(update(SessionRow).where(SessionRow.id == session_id).values(place=told))
    if new and before is not None:
        await notify.plan_warning(tx, "sign-in", person_id=person_id, about=session_id, at=now)


async def last_sign_in(session: Session, session_id: UUID) -> datetime | None:
    """Tell when the person of a session had signed in before it; None at the first time."""
    place = await session.scalar(select(SessionRow.place).where(SessionRow.id == session_id))
    return datetime.fromisoformat(place["before"]) if place and place.get("before") else None


async def forget_old_places(tx: Transaction, now: datetime) -> None:
    """Forget the places where somebody has not been for a year."""
    await tx.execute(delete(KnownPlaceRow).where(KnownPlaceRow.last_at < now - REMEMBERED))


async def _is_new(tx: Transaction, person_id: UUID, mark: str, now: datetime) -> bool:
    own = f"{person_id} {mark}"
    upsert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    # Of two sign-ins at once from one new place only one enters it, so only one mail is sent.
    entered = await tx.execute(
        upsert(KnownPlaceRow)
        .values(id=new_id(), person_id=person_id, mark=own, first_at=now, last_at=now)
        .on_conflict_do_nothing(index_elements=[KnownPlaceRow.mark])
    )
    if entered.rowcount:
        return True
    await tx.execute(update(KnownPlaceRow).where(KnownPlaceRow.mark == own).values(last_at=now))
    return False
