"""Planning an effect."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert

from portal.db import Transaction, new_id, prepared
from portal.outbox.tables import OutboxRow

# Built once: composing a statement costs more than running it.
_PLAN: Final = prepared(insert(OutboxRow))


async def plan(
    tx: Transaction,
    topic: str,
    *,
    stream: str,
    payload: Mapping[str, Any],
    at: datetime,
    due: datetime | None = None,
) -> UUID:
    """Plan an effect; those of one stream happen in the order they were planned, streams never wait for each other."""
    planned = new_id()
    await tx.execute(
        _PLAN,
        {
            "id": planned,
            "topic": topic,
            "stream": stream,
            "payload": dict(payload),
            "planned_at": at,
            "due_at": due or at,
            "attempts": 0,
        },
    )
    return planned
