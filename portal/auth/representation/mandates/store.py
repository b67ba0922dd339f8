"""Mandates in their table: read under a lock, changed by the rules, and their use in sessions ended at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, or_, select, update

from portal.access.rights import OPEN, RightRow, RightState
from portal.auth import sessions
from portal.auth.representation.mandates.rules import SOURCE, Fault, Mandate, NotPossible, Side, Terms
from portal.db import Transaction
from portal.identity import RightKind

MOST_OPEN = 20
"""So many offers and requests of one person may wait at a time."""


def mandate_of(row: Any) -> Mandate:
    """Give the mandate that a row tells of."""
    return Mandate(
        row.id,
        row.who["grantor"][0],
        row.who["holder"][0],
        Side(row.begun_by),
        Terms(frozenset(row.scope), row.last_day),
        RightState(row.state),
        row.ended_by,
    )


async def locked(tx: Transaction, mandate_id: UUID) -> Any:
    """Give a mandate's row, which nobody else changes before this transaction ends; None when there is none."""
    mine = select(RightRow).where(RightRow.id == mandate_id, RightRow.source == SOURCE)
    return (await tx.execute(mine.with_for_update())).first()


async def add(tx: Transaction, mandate: Mandate, now: datetime, **known: Any) -> bool:
    """Enter a new mandate; False when it is there already. Raises `NotPossible` for a second one of the same two."""
    pair = _pair(mandate)
    await tx.execute(
        update(RightRow)
        .where(RightRow.pair == pair, RightRow.valid_until <= now)
        .values(state=RightState.EXPIRED, pair=None, ended_at=RightRow.valid_until, ended_by="time")
    )
    if await locked(tx, mandate.id) is not None:
        return False
    if await tx.scalar(select(RightRow.id).where(RightRow.pair == pair)) is not None:
        raise NotPossible(Fault.ALREADY)
    began = mandate.grantor if mandate.begun_by is Side.GRANTOR else mandate.holder
    if await _waiting(tx, began) >= MOST_OPEN:
        raise NotPossible(Fault.TOO_MANY)
    row = {
        "id": mandate.id,
        "source": SOURCE,
        "kind": RightKind.MANDATE,
        "pair": pair,
        "grantor": mandate.grantor,
        "holder": mandate.holder,
        "begun_by": mandate.begun_by,
        "begun_at": now,
        "notices": False,
    }
    await tx.execute(insert(RightRow), {**row, **_changing(mandate), **known})
    return True


async def change(tx: Transaction, before: Any, mandate: Mandate, now: datetime, **known: Any) -> None:
    """Write down what has become of a mandate; what ends it ends its use in every session."""
    values = {**_changing(mandate), **known}
    if mandate.state is RightState.ACTIVE and before.accepted_at is None:
        values["accepted_at"] = now
    if mandate.state not in OPEN:
        over = mandate.terms.valid_until if mandate.state is RightState.EXPIRED else now
        values |= {"pair": None, "ended_at": over, "ended_by": mandate.ended_by, "notices": False}
        await sessions.end_right(tx, now, right_id=mandate.id)
    await tx.execute(update(RightRow).where(RightRow.id == mandate.id).values(**values))


async def late(tx: Transaction, now: datetime, limit: int = 100) -> list[Any]:
    """Give the rights whose time is over and which say otherwise."""
    found = await tx.execute(
        select(RightRow)
        .where(RightRow.valid_until <= now, RightRow.state.in_(OPEN))
        .order_by(RightRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(found.all())


async def lapse(tx: Transaction, row: Any, now: datetime) -> None:
    """Write down that a right's time is over."""
    await sessions.end_right(tx, now, right_id=row.id)
    await tx.execute(
        update(RightRow)
        .where(RightRow.id == row.id)
        .values(state=RightState.EXPIRED, pair=None, ended_at=row.valid_until, ended_by="time", notices=False)
    )


def _changing(mandate: Mandate) -> dict[str, Any]:
    return {
        "state": mandate.state,
        "scope": sorted(mandate.terms.scope),
        "last_day": mandate.terms.last_day,
        "valid_until": mandate.terms.valid_until,
    }


def _pair(mandate: Mandate) -> str:
    return f"{SOURCE}:{mandate.grantor}:{mandate.holder}"


async def _waiting(tx: Transaction, code: str) -> int:
    began = or_(
        (RightRow.grantor == code) & (RightRow.begun_by == Side.GRANTOR),
        (RightRow.holder == code) & (RightRow.begun_by == Side.HOLDER),
    )
    states = (RightState.UNCHECKED, RightState.OFFERED, RightState.ASKED)
    open_ones = select(func.count()).select_from(RightRow).where(began, RightRow.state.in_(states))
    return await tx.scalar(open_ones) or 0
