"""Reading a core's change feed: the truth, of which a push is only a hurry-up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from core_bridge.errors import CoreError
from core_bridge.port import CaseworkCore
from inbox.receive.intake import Intake
from inbox.receive.store import store
from inbox.tables import FeedRow, StreamRow
from portal.db import Session, Transaction

ALARM: Final = timedelta(minutes=10)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Feed:
    """The change feed of one core."""

    core: CaseworkCore
    intake: Intake

    async def read(self) -> bool:
        """Read a page and apply it; tells whether there is more at once. An outage is written down."""
        cursor = await self._cursor()
        try:
            page = await self.core.changes(cursor or None)
        except CoreError as error:
            await self._failed(f"{type(error).__name__}: {error}")
            # What was heard before needs no answer to be applied.
            await self.intake.retry(self.core.name)
            return False
        now = self.intake.clock.now()
        async with self.intake.db.write() as tx:
            subjects = await store(tx, self.core.name, page.events, now)
            well = {"tried_at": now, "failing_since": None, "last_error": None}
            await _put(tx, self.core.name, well if page.more else {**well, "read_at": now})
            # Two workers may read the same page; whoever comes second must not move the cursor back.
            await tx.execute(
                update(FeedRow)
                .where(FeedRow.core == self.core.name, FeedRow.cursor == cursor)
                .values(cursor=page.next)
            )
        await self.intake.apply(self.core.name, subjects)
        await self.intake.retry(self.core.name)
        await self._alarm()
        return page.more

    async def _cursor(self) -> str:
        async with self.intake.db.read() as session:
            found = await session.scalar(select(FeedRow.cursor).where(FeedRow.core == self.core.name))
            return found or ""

    async def _failed(self, reason: str) -> None:
        now = self.intake.clock.now()
        async with self.intake.db.write() as tx:
            await _put(tx, self.core.name, {"tried_at": now, "last_error": reason[:200]})
            await tx.execute(
                update(FeedRow)
                .where(FeedRow.core == self.core.name, FeedRow.failing_since.is_(None))
                .values(failing_since=now)
            )

    async def _alarm(self) -> None:
        now = self.intake.clock.now()
        async with self.intake.db.read() as session:
            count, _oldest = await waiting_streams(session, self.core.name, before=now - ALARM)
        if count:
            _log.error("inbox.streams_wait", core=self.core.name, streams=count)


async def waiting_streams(session: Session, core: str, *, before: Any = None) -> tuple[int, Any]:
    """Count the streams of a core that wait, and since when the oldest does; for metrics and the alarm."""
    waiting = select(func.count(), func.min(StreamRow.waiting_since)).where(
        StreamRow.core == core, StreamRow.waiting_since.is_not(None)
    )
    if before is not None:
        waiting = waiting.where(StreamRow.waiting_since < before)
    row = (await session.execute(waiting)).one()
    return row[0], row[1]


async def _put(tx: Transaction, core: str, values: dict[str, Any]) -> None:
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    await tx.execute(
        insert(FeedRow)
        .values(core=core, cursor="", **values)
        .on_conflict_do_update(index_elements=[FeedRow.core], set_=values)
    )
