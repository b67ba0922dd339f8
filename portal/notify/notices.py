"""Planning a notice, in the transaction of what it tells about."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select

from portal import outbox
from portal.access.privacy import may_know
from portal.db import Transaction
from portal.notify.tables import ContactRow

Kind = Literal["your-turn", "message", "decision"]
NOTICE: Final = "notify.mail"


async def plan_notice(
    tx: Transaction,
    *,
    party_id: UUID,
    kind: Kind,
    matter_id: UUID,
    at: datetime,
    only_for: UUID | None = None,
) -> None:
    """Plan a notice to the person, if they have confirmed an address and mail still reaches it.

    Of a matter that is `only_for` one person nobody else but the party itself is told, whoever acts for it.
    """
    reached = await tx.scalar(
        select(ContactRow.person_id).where(
            ContactRow.person_id == party_id,
            ContactRow.confirmed_at.is_not(None),
            ContactRow.failing_since.is_(None),
        )
    )
    if reached is None or not may_know(reached, party_id=party_id, only_for=only_for):
        return
    payload = {"person": str(party_id), "kind": kind, "matter": str(matter_id)}
    await outbox.plan(tx, NOTICE, stream=f"mail:{matter_id}", payload=payload, at=at)
