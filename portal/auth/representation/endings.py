"""What ends rights without anybody's will: death, coming of age, the loss of legal capacity."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import or_, select, update

from portal import audit, notify
from portal.access.parties import party_id_of
from portal.access.rights import OPEN, RightRow, RightState
from portal.auth import sessions
from portal.auth.representation.register import Death
from portal.clock import Clock
from portal.db import Database, Transaction
from portal.identity import RightKind

Why = Literal["death", "capacity", "age", "source"]
OVER_MINORS: Final = frozenset({RightKind.PARENT, RightKind.CHILD_GUARDIAN, RightKind.FOSTER_PARENT})


@dataclass(frozen=True, slots=True)
class Endings:
    """Ends what a register's answer has ended, each finding in one transaction; a repeat changes nothing."""

    db: Database
    clock: Clock

    async def died(self, death: Death) -> None:
        """End every right of and over somebody who is dead."""
        await self._end(death.code, "death")

    async def lost_capacity(self, code: str) -> None:
        """End what somebody has given, and what they hold, who may not act alone any more."""
        await self._end(code, "capacity")

    async def came_of_age(self, code: str) -> None:
        """End the rights over a child who is one no more."""
        async with self.db.write() as tx:
            await end_over(tx, self.clock.now(), code)

    async def _end(self, code: str, why: Why) -> None:
        async with self.db.write() as tx:
            await end_all(tx, self.clock.now(), code, why)


async def end_all(tx: Transaction, now: datetime, code: str, why: Why) -> int:
    """End every right of the person of a code and over them, here and in all sessions; tells how many are kept here."""
    of_code = or_(RightRow.grantor == code, RightRow.holder == code)
    party_id = await party_id_of(tx, code)
    # Nobody writes to the dead.
    ended = await _ended(tx, now, of_code, why, but=party_id if why == "death" else None)
    if party_id is not None:
        using = await sessions.end_right(tx, now, party_id=party_id)
        if why == "death" or ended:
            using += await sessions.end_right(tx, now, person_id=party_id)
        if ended or using:
            await audit.record(tx, None, "rights-ended", about=party_id, at=now, detail={"why": why})
    return ended


async def end_over(
    tx: Transaction, now: datetime, code: str, kinds: Collection[RightKind] = OVER_MINORS
) -> int:
    """End the rights of these kinds over the person of a code, here and in all sessions."""
    ended = await _ended(tx, now, (RightRow.grantor == code) & RightRow.kind.in_(kinds), "age")
    party_id = await party_id_of(tx, code)
    if party_id is not None:
        # A minor gives no mandate: whatever is held over them is of these kinds.
        await sessions.end_right(tx, now, party_id=party_id)
    return ended


async def end_one(tx: Transaction, now: datetime, right_id: UUID, why: str) -> bool:
    """End one right that is kept here, and its use in all sessions; tells whether it was open until now."""
    return bool(await _ended(tx, now, RightRow.id == right_id, why))


async def _ended(tx: Transaction, now: datetime, which: Any, why: str, but: UUID | None = None) -> int:
    opened = await tx.execute(
        select(
            RightRow.id,
            RightRow.begun_by,
            RightRow.party_id,
            RightRow.person_id,
        )
        .where(which, RightRow.state.in_(OPEN))
        .order_by(RightRow.id)
        .with_for_update()
    )
    rows = opened.all()
    for row in rows:
        await tx.execute(
            update(RightRow)
            .where(RightRow.id == row.id)
            .values(state=RightState.ENDED, pair=None, ended_at=now, ended_by=why, notices=False)
        )
        await sessions.end_right(tx, now, right_id=row.id)
        for one in {row.party_id, row.person_id} - {None, but} if row.begun_by != "copy" else ():
            await notify.plan_told(tx, person_id=one, kind="right-ended", about=row.id, at=now)
    return len(rows)
