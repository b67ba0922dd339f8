"""A person's own sessions as they are shown to that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select

from portal.auth.me.browsers import Place
from portal.auth.sessions import why_over
from portal.auth.tables import SessionRow
from portal.db import Session
from portal.identity import Assurance

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class MySession:
    """One sign-in: where, by what means, when begun and last used; `over` is why it has ended, None while it is on."""

    id: UUID
    place: Place
    means: str
    begun_at: datetime
    last_at: datetime
    over: str | None


async def sessions_of(
    session: Session, person_id: UUID, idle: timedelta, now: datetime
) -> Sequence[MySession]:
    """List the person's sessions, the newest first; ended ones stay for a day (`portal.auth.retention`)."""
    mine = select(SessionRow).where(SessionRow.person_id == person_id)
    rows = await session.execute(mine.order_by(SessionRow.created_at.desc()).limit(_MOST))
    return [_told(row, idle, now) for row in rows]


def _told(row: Row[Any], idle: timedelta, now: datetime) -> MySession:
    place = row.place or {}
    return MySession(
        row.id,
        Place(*(str(place.get(part, "")) for part in ("browser", "system", "address"))),
        "passkey" if row.assurance == Assurance.PASSKEY else (row.amr or "").lower(),
        row.created_at,
        row.last_activity_at,
        why_over(row, idle, now),
    )
