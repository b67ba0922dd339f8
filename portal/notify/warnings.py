"""Planning the mail that tells of something that a stranger might have done: a way into somebody's account."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from portal import outbox
from portal.db import Transaction
from portal.notify.tables import ContactRow

Alarm = Literal["sign-in", "passkey"]
"""A sign-in from somewhere new; a passkey that was added."""

WARNING: Final = "notify.warning"


async def plan_warning(tx: Transaction, kind: Alarm, *, person_id: UUID, about: UUID, at: datetime) -> None:
    """Plan the mail, if the person has confirmed an address and mail still reaches it."""
    reached = await tx.scalar(
        select(ContactRow.person_id).where(
            ContactRow.person_id == person_id,
            ContactRow.confirmed_at.is_not(None),
            ContactRow.failing_since.is_(None),
        )
    )
    if reached is not None:
        payload = {"person": str(person_id), "kind": kind}
        await outbox.plan(tx, WARNING, stream=f"mail:{about}", payload=payload, at=at)
