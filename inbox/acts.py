"""What every act in a matter shares: the matter is the person's and held, and a repeat is recognised."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from inbox.tables import EntryRow, InteractionRow
from inbox.turns import Matter, held
from portal.access.sight import shared_or_of
from portal.db import Transaction
from portal.identity import Actor


class Closed(Exception):
    """The act is not possible any more: somebody or something was faster."""


class Repeated(Exception):
    """The same form came before; what it did stands."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: who does it, when, and the once-only id of its form."""

    actor: Actor
    at: datetime
    id: UUID


async def own_matter(tx: Transaction, actor: Actor, matter_id: UUID) -> Matter:
    """Hold the actor's own matter; raises `Closed` when there is none, or it is not sent yet."""
    mine = InteractionRow.party_id == actor.party.id
    matter = await held(
        tx, InteractionRow.id == matter_id, mine, shared_or_of(InteractionRow, actor.person.id)
    )
    if matter is None or matter.kind == "draft" or not actor.right.covers(matter.id, matter.journey):
        raise Closed
    return matter


async def first_time(tx: Transaction, act: Act) -> None:
    """Raise `Repeated` when the form has been here; the matter is held, so two do not pass at once."""
    if await tx.scalar(select(EntryRow.id).where(EntryRow.id == act.id)) is not None:
        raise Repeated


async def entry_of(tx: Transaction, matter: Matter, kind: str, entry_id: UUID) -> Row[Any]:
    """Find an entry of a held matter; raises `Closed`."""
    found = await tx.execute(
        select(EntryRow).where(
            EntryRow.id == entry_id, EntryRow.interaction_id == matter.id, EntryRow.kind == kind
        )
    )
    row = found.first()
    if row is None:
        raise Closed
    return row
