"""What the pages on representation ask: always about the person who is signed in, whomever they act for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, bindparam, or_, select

from portal.access.parties import PartyRow
from portal.access.rights import RightRow
from portal.audit import AuditRow
from portal.db import Session
from portal.identity import Actor

MOST: Final = 200
A_PAGE: Final = 50

_MINE: Final = or_(RightRow.grantor == bindparam("code"), RightRow.holder == bindparam("code"))
_KEPT: Final = select(RightRow).where(_MINE).order_by(RightRow.begun_at.desc()).limit(MOST)
_ONE: Final = select(RightRow).where(_MINE, RightRow.id == bindparam("right_id"))
_ACTS: Final = (
    select(AuditRow.id, AuditRow.at, AuditRow.act, AuditRow.result, AuditRow.content, PartyRow.name)
    .outerjoin(PartyRow, PartyRow.id == AuditRow.person_id)
    .where(
        AuditRow.party_id == bindparam("me"),
        AuditRow.person_id != bindparam("me"),
        AuditRow.at < bindparam("before"),
    )
    .order_by(AuditRow.at.desc(), AuditRow.id.desc())
    .limit(A_PAGE + 1)
)


async def kept(session: Session, actor: Actor) -> Sequence[Row[Any]]:
    """List the rights kept here that the person has given or holds, the newest first."""
    return (await session.execute(_KEPT, {"code": actor.person.code})).all()


async def one(session: Session, actor: Actor, right_id: UUID) -> Row[Any] | None:
    """Find a right that the person has given or holds; another's does not exist."""
    return (await session.execute(_ONE, {"code": actor.person.code, "right_id": right_id})).first()


async def done_for(session: Session, actor: Actor, before: datetime) -> Sequence[Row[Any]]:
    """List what others did for the person, the newest first; one more than a page shows if there is more."""
    return (await session.execute(_ACTS, {"me": actor.person.id, "before": before})).all()
