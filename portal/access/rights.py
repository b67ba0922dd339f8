"""The rights of representation kept here; sessions copy them, and every other table knows one only by its id."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.access.privacy import may_know
from portal.db import Base, EncryptedJson, Lookup, Session
from portal.identity import Ability, Right, RightKind


class RightState(StrEnum):
    """Where in its life a right stands; only an active one lets anybody act."""

    UNCHECKED = "unchecked"
    """The one who gives it has said yes, and the population register has not been asked yet."""
    OFFERED = "offered"
    ASKED = "asked"
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"
    EXPIRED = "expired"


OPEN: Final = frozenset({RightState.UNCHECKED, RightState.OFFERED, RightState.ASKED, RightState.ACTIVE})


class RightRow(Base):
    """A right given in Uks, told by a core, or copied from a register for the sake of notices.

    `grantor` is who is represented and `holder` who represents; each is known by code before they ever sign in.
    `pair` is what there may be only once, while it lasts. `notices` is the holder's own wish to be told by mail.
    """

    __tablename__ = "kept_right"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12))
    pair: Mapped[str | None] = mapped_column(Lookup(), unique=True)
    grantor: Mapped[str] = mapped_column(Lookup(), index=True)
    holder: Mapped[str] = mapped_column(Lookup(), index=True)
    party_id: Mapped[UUID | None] = mapped_column(index=True)
    person_id: Mapped[UUID | None]
    who: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("kept_right.who"))
    scope: Mapped[list[str]] = mapped_column(EncryptedJson("kept_right.scope"))
    begun_by: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    last_day: Mapped[date | None]
    valid_until: Mapped[datetime | None] = mapped_column(index=True)
    notices: Mapped[bool]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(12))


_TOLD: Final = select(
    RightRow.person_id, RightRow.source, RightRow.kind, RightRow.scope, RightRow.valid_until
).where(
    RightRow.party_id == bindparam("party_id"),
    RightRow.state == RightState.ACTIVE,
    RightRow.notices.is_(True),
    or_(RightRow.valid_until.is_(None), RightRow.valid_until > bindparam("at")),
)


def right_of(row: Any) -> Right:
    """Give the right that a row tells of."""
    return Right(RightKind(row.kind), row.source, frozenset(row.scope), row.valid_until)


async def told_for(
    session: Session,
    party_id: UUID,
    at: datetime,
    *,
    matter_id: UUID,
    journey: str | None = None,
    only_for: UUID | None = None,
) -> Sequence[UUID]:
    """List who represents a party and is to be told of a matter: both the right and they themselves say so."""
    rows = (await session.execute(_TOLD, {"party_id": party_id, "at": at})).all()
    found = {
        row.person_id
        for row in rows
        if row.person_id
        and (right := right_of(row)).allows(Ability.NOTICES)
        and right.covers(matter_id, journey)
        and may_know(row.person_id, party_id=party_id, only_for=only_for)
    }
    return sorted(found)
