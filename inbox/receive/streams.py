"""Applying a stream: once, in order, from where it stands; a gap or an unknown matter makes it wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, select, update

from core_bridge.wire import Event, RepresentationChanged, Unrecognised
from inbox.receive.appliers import APPLY
from inbox.receive.news import News, RightChanged, Waits
from inbox.tables import InteractionRow, ReceivedEventRow, StreamRow
from portal.db import Database, Transaction

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of one core."""

    core: str
    subject: str


async def advance(db: Database, stream: Stream, at: datetime, right_changed: RightChanged | None) -> None:
    """Apply what can be applied, each event in its own transaction; say what the stream waits for."""
    while True:
        try:
            async with db.write() as tx:
                if not await _apply_next(tx, stream, at, right_changed):
                    return
        except Waits as reason:
            await _wait(db, stream, at, str(reason))
            return
        except Exception as error:
            # One event that we fail on stops its own stream, never the feed or the other matters.
            _log.exception("inbox.event_failed", core=stream.core, error=type(error).__name__)
            await _wait(db, stream, at, f"a failure: {type(error).__name__}")
            return


async def _apply_next(
    tx: Transaction, stream: Stream, at: datetime, right_changed: RightChanged | None
) -> bool:
    applied = await tx.scalar(select(StreamRow.applied).where(*_this(stream)).with_for_update())
    if applied is None:
        return False
    row = (
        await tx.execute(
            select(ReceivedEventRow)
            .where(ReceivedEventRow.core == stream.core, ReceivedEventRow.subject == stream.subject)
            .where(ReceivedEventRow.sequence > applied)
            .order_by(ReceivedEventRow.sequence)
            .limit(1)
        )
    ).first()
    if row is None:
        await _caught_up(tx, stream)
        return False
    if row.sequence != applied + 1:
        raise Waits(f"a gap before {row.sequence}")
    await _apply(tx, stream, row, at, right_changed)
    await tx.execute(update(StreamRow).where(*_this(stream)).values(applied=row.sequence))
    await tx.execute(update(ReceivedEventRow).where(ReceivedEventRow.id == row.id).values(applied_at=at))
    return True


async def _apply(
    tx: Transaction, stream: Stream, row: Row[Any], at: datetime, right_changed: RightChanged | None
) -> None:
    event = Event.model_validate(row.raw, context={"lenient": True})
    if isinstance(event.data, Unrecognised):
        raise Waits(f"an event we cannot read ({event.type}): {event.data.problem}"[:200])
    if isinstance(event.data, RepresentationChanged):
        if right_changed is None:
            raise Waits("nobody here keeps rights of representation")
        await right_changed(tx, stream.core, event.data)
        return
    await APPLY[event.type](tx, News(stream.core, event, at), event.data)


async def _caught_up(tx: Transaction, stream: Stream) -> None:
    waited = update(StreamRow).where(*_this(stream), StreamRow.waiting_since.is_not(None))
    if (await tx.execute(waited.values(waiting_since=None, waiting_for=None))).rowcount:
        await _mark(tx, stream, None)


async def _wait(db: Database, stream: Stream, at: datetime, reason: str) -> None:
    async with db.write() as tx:
        await tx.execute(update(StreamRow).where(*_this(stream)).values(waiting_for=reason[:200]))
        begun = update(StreamRow).where(*_this(stream), StreamRow.waiting_since.is_(None))
        if (await tx.execute(begun.values(waiting_since=at))).rowcount:
            await _mark(tx, stream, at)


async def _mark(tx: Transaction, stream: Stream, since: datetime | None) -> None:
    """Let the one matter say "as of"; the others go on."""
    kind, _, proceeding = stream.subject.partition("/")
    if kind == "proceedings":
        await tx.execute(
            update(InteractionRow)
            .where(InteractionRow.core == stream.core, InteractionRow.core_proceeding_id == proceeding)
            .values(behind_since=since)
        )


def _this(stream: Stream) -> tuple[Any, ...]:
    return StreamRow.core == stream.core, StreamRow.subject == stream.subject
