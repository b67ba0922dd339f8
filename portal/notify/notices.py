"""Planning notices, in the transaction of what they tell about."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from portal import outbox
from portal.access.rights import told_for
from portal.db import Session, Transaction
from portal.identity import Actor
from portal.notify.tables import ContactRow
from portal.texts import Language

OfMatter = Literal["your-turn", "message", "decision"]
OfRight = Literal["right-asked", "right-given", "right-ended", "acted"]
Kind = Literal[OfMatter, OfRight]
NOTICE: Final = "notify.mail"


async def plan_notice(
    tx: Transaction,
    *,
    party_id: UUID,
    kind: OfMatter,
    matter_id: UUID,
    at: datetime,
    only_for: UUID | None = None,
    journey: str | None = None,
) -> None:
    """Plan a notice to the party and to those who represent it and are to be told; each has an address of their own.

    Of a matter that is `only_for` one person nobody else but the party itself is told, whoever acts for it.
    """
    told = await told_for(tx, party_id, at, matter_id=matter_id, journey=journey, only_for=only_for)
    for person_id in await _reached(tx, {party_id, *told}):
        # One box that is full for a while keeps nobody else's letter waiting.
        stream = f"mail:{matter_id}" if person_id == party_id else f"mail:{matter_id}:{person_id.hex}"
        await _plan(tx, person_id, kind, matter_id, stream, at)


async def plan_told(tx: Transaction, *, person_id: UUID, kind: OfRight, about: UUID, at: datetime) -> None:
    """Plan a notice to one person about a right that concerns them."""
    for each in await _reached(tx, {person_id}):
        await _plan(tx, each, kind, about, f"mail:{about}:{person_id.hex}", at)


async def plan_acted(tx: Transaction, actor: Actor, *, about: UUID, at: datetime) -> None:
    """Plan a notice to somebody for whom another has just acted, unless they want none."""
    if actor.for_self or actor.party.is_legal_entity:
        return
    for each in await _reached(tx, {actor.party.id}, ContactRow.acts.is_(True)):
        await _plan(tx, each, "acted", about, f"mail:{about}:{actor.person.id.hex}", at)


async def is_told_of_acts(session: Session, actor: Actor) -> bool | None:
    """Tell whether the person wants to know when somebody acts for them; None when no mail reaches them."""
    found = await session.execute(
        select(ContactRow.acts, ContactRow.confirmed_at).where(ContactRow.person_id == actor.person.id)
    )
    row = found.first()
    return row.acts if row and row.confirmed_at else None


async def tell_of_acts(tx: Transaction, actor: Actor, language: Language, *, wanted: bool) -> None:
    """Write the person's wish down."""
    upsert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    fresh = upsert(ContactRow).values(person_id=actor.person.id, language=language, mails=0)
    await tx.execute(fresh.on_conflict_do_nothing())
    await tx.execute(update(ContactRow).where(ContactRow.person_id == actor.person.id).values(acts=wanted))


async def _reached(tx: Transaction, people: Iterable[UUID], *also: Any) -> list[UUID]:
    """Give those who have confirmed an address that mail still reaches."""
    found = await tx.scalars(
        select(ContactRow.person_id)
        .where(
            ContactRow.person_id.in_(list(people)),
            ContactRow.confirmed_at.is_not(None),
            ContactRow.failing_since.is_(None),
            *also,
        )
        .order_by(ContactRow.person_id)
    )
    return list(found.all())


async def _plan(tx: Transaction, person_id: UUID, kind: Kind, about: UUID, stream: str, at: datetime) -> None:
    payload = {"person": str(person_id), "kind": kind, "matter": str(about)}
    await outbox.plan(tx, NOTICE, stream=stream, payload=payload, at=at)
