"""What a person sees of their own passkeys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from portal.auth.passkeys.tables import PasskeyHolderRow, PasskeyRow
from portal.db import Session
from portal.identity import Actor


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None
    refused_at: datetime | None
    backed_up: bool


async def passkeys(session: Session, actor: Actor) -> Sequence[Passkey]:
    """List the person's passkeys, the oldest first."""
    found = await session.execute(_OWN.where(PasskeyRow.person_id == actor.person.id).order_by(PasskeyRow.id))
    return [_passkey(row) for row in found]


async def passkey(session: Session, actor: Actor, passkey_id: UUID) -> Passkey | None:
    """Give one of the person's passkeys; another's does not exist."""
    mine = (PasskeyRow.id == passkey_id) & (PasskeyRow.person_id == actor.person.id)
    row = (await session.execute(_OWN.where(mine))).first()
    return row and _passkey(row)


async def vouched_at(session: Session, actor: Actor) -> datetime | None:
    """Tell when GovSSO last vouched for the person, as their passkeys count it; None for who has none."""
    found: datetime | None = await session.scalar(
        select(PasskeyHolderRow.govsso_at).where(PasskeyHolderRow.person_id == actor.person.id)
    )
    return found


def _passkey(row: Any) -> Passkey:
    return Passkey(row.id, row.name, row.created_at, row.last_used_at, row.refused_at, row.backed_up)


_OWN: Final = select(
    PasskeyRow.id,
    PasskeyRow.name,
    PasskeyRow.created_at,
    PasskeyRow.last_used_at,
    PasskeyRow.refused_at,
    PasskeyRow.backed_up,
)
