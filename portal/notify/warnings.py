"""Planning the mail that tells of a sign-in from somewhere new."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal import outbox
from portal.db import Transaction
from portal.notify.tables import ContactRow

SIGN_IN_WARNING: Final = "notify.sign-in"


async def plan_sign_in_warning(tx: Transaction, *, person_id: UUID, session_id: UUID, at: datetime) -> None:
    """Plan the mail, if the person has confirmed an address and mail still reaches it."""
    reached = await tx.scalar(
        select(ContactRow.person_id).where(
            ContactRow.person_id == person_id,
            ContactRow.confirmed_at.is_not(None),
            ContactRow.failing_since.is_(None),
        )
    )
    if reached is not None:
        payload = {"person": str(person_id)}
        await outbox.plan(tx, SIGN_IN_WARNING, stream=f"mail:{session_id}", payload=payload, at=at)
