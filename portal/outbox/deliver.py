"""Making planned effects happen: leased, with no transaction open meanwhile, retried without end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import uniform
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from portal.clock import Clock
from portal.db import Database, Transaction
from portal.outbox.tables import OutboxRow

# Short, and renewed while a handler works: what a killed worker had in its hands is soon taken up by another.
LEASE = timedelta(seconds=20)
_RENEWED_EVERY = 5.0
_FIRST, _LONGEST = timedelta(seconds=2), timedelta(minutes=5)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One planned effect, on its `attempt`-th try (the first is 1)."""

    id: UUID
    topic: str
    stream: str
    payload: Mapping[str, Any]
    attempt: int
    planned_at: datetime


Settle = Callable[[Transaction], Awaitable[None]]
Handler = Callable[[Delivery], Awaitable[Settle]]


class NotYet(Exception):
    """The effect cannot happen now; it is tried again later. The text is for operators: no personal data."""


async def deliver_next(db: Database, handlers: Mapping[str, Handler], clock: Clock) -> bool:
    """Make one due effect happen; tells whether there was one.

    Whatever a handler or its settling raises, the row stays and is tried again with a growing pause, without a last attempt.
    """
    leased = await _lease(db, handlers, clock.now())
    if leased is None:
        return False
    try:
        async with _held(db, leased, clock):
            settle = await handlers[leased.topic](leased)
        await _settle(db, leased, settle)
    except NotYet as reason:
        await _postpone(db, leased, clock.now(), str(reason))
    except Exception as error:
        _log.exception("outbox.failed", topic=leased.topic, id=str(leased.id), attempt=leased.attempt)
        await _postpone(db, leased, clock.now(), type(error).__name__)
    return True


async def _lease(db: Database, handlers: Mapping[str, Handler], now: datetime) -> Delivery | None:
    earlier = aliased(OutboxRow)
    free = (
        select(OutboxRow.id)
        .where(OutboxRow.due_at <= now, (OutboxRow.leased_until.is_(None)) | (OutboxRow.leased_until < now))
        .where(OutboxRow.topic.in_(list(handlers)))
        .where(~exists().where(earlier.stream == OutboxRow.stream, earlier.id < OutboxRow.id))
        .order_by(OutboxRow.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    async with db.write() as tx:
        row = (
            await tx.execute(
                update(OutboxRow)
                # Not `IN`: PostgreSQL may run that subquery more than once, and lease more than one row.
                .where(OutboxRow.id == free.scalar_subquery())
                .values(leased_until=now + LEASE, attempts=OutboxRow.attempts + 1, last_tried_at=now)
                .returning(
                    OutboxRow.id,
                    OutboxRow.topic,
                    OutboxRow.stream,
                    OutboxRow.payload,
                    OutboxRow.attempts,
                    OutboxRow.planned_at,
                )
            )
        ).first()
    if row is None:
        return None
    return Delivery(row.id, row.topic, row.stream, row.payload, row.attempts, row.planned_at)


async def _settle(db: Database, leased: Delivery, settle: Settle) -> None:
    async with db.write() as tx:
        # One that outlived its lease may have been delivered by another meanwhile: it is settled once.
        gone = await tx.execute(delete(OutboxRow).where(OutboxRow.id == leased.id))
        if gone.rowcount:
            await settle(tx)


@asynccontextmanager
async def _held(db: Database, leased: Delivery, clock: Clock) -> AsyncIterator[None]:
    done = asyncio.Event()
    renewing = asyncio.create_task(_renew(db, leased, clock, done))
    try:
        yield
    finally:
        # Told to stop, not cancelled: a statement that is cut off costs its connection.
        done.set()
        await renewing


async def _renew(db: Database, leased: Delivery, clock: Clock, done: asyncio.Event) -> None:
    while not done.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _RENEWED_EVERY)
            return
        # A database that is away for a moment only shortens the lease.
        with suppress(DBAPIError, OSError):
            async with db.write() as tx:
                longer = {"leased_until": clock.now() + LEASE}
                await tx.execute(update(OutboxRow).where(*_this(leased)).values(**longer))


def _this(leased: Delivery) -> tuple[ColumnElement[bool], ...]:
    # Its own try only: a row that another worker has taken up meanwhile is that one's.
    return OutboxRow.id == leased.id, OutboxRow.attempts == leased.attempt


async def _postpone(db: Database, leased: Delivery, now: datetime, reason: str) -> None:
    pause = min(_FIRST * 2 ** min(leased.attempt - 1, 10), _LONGEST) * uniform(0.8, 1.2)  # noqa: S311
    async with db.write() as tx:
        await tx.execute(
            update(OutboxRow)
            .where(*_this(leased))
            .values(leased_until=None, due_at=now + pause, last_error=reason[:200])
        )
