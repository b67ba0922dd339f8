"""Keeping events as they came, before anything is made of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from core_bridge.wire import Event, Unrecognised
from inbox.tables import ReceivedEventRow, StreamRow
from portal.db import Transaction, new_id


async def store(tx: Transaction, core: str, events: Iterable[Event], at: datetime) -> list[str]:
    """Store events, each once, and give the streams they belong to; the same event twice is harmless."""
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    # In one order for everybody: two takings of the same events must not wait for each other in a circle.
    came = sorted(events, key=lambda event: (event.subject, event.sequence))
    subjects = sorted({event.subject for event in came})
    if not came:
        return subjects
    rows = [
        {
            "id": new_id(),
            "core": core,
            "event_id": event.id,
            "subject": event.subject,
            "sequence": event.sequence,
            "raw": raw(event),
            "received_at": at,
        }
        for event in came
    ]
    await tx.execute(insert(ReceivedEventRow).on_conflict_do_nothing(), rows)
    streams = [{"core": core, "subject": subject, "applied": 0} for subject in subjects]
    await tx.execute(insert(StreamRow).on_conflict_do_nothing(), streams)
    return subjects


def raw(event: Event) -> dict[str, Any]:
    """Give the event as it came; what we could not read stays as it was, for a later version that can."""
    told = event.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(event.data, Unrecognised):
        told["data"] = event.data.raw
    return told
