"""Taking events in: pushed by a core or read from its feed, both go the same way."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from core_bridge.wire import Event
from inbox.receive.news import RightChanged
from inbox.receive.store import store
from inbox.receive.streams import Stream, advance
from inbox.tables import ReceivedEventRow, StreamRow
from portal.clock import Clock
from portal.db import Database

_RETRIED = 200
_WAITING = (
    select(StreamRow.subject)
    .where(StreamRow.core == bindparam("core"), StreamRow.waiting_since.is_not(None))
    .order_by(StreamRow.waiting_since)
    .limit(_RETRIED)
)
_LEFT_OVER = (
    select(ReceivedEventRow.subject)
    .join(
        StreamRow, (StreamRow.core == ReceivedEventRow.core) & (StreamRow.subject == ReceivedEventRow.subject)
    )
    .where(ReceivedEventRow.core == bindparam("core"), ReceivedEventRow.applied_at.is_(None))
    .where(StreamRow.waiting_since.is_(None))
    .distinct()
    .limit(_RETRIED)
)


@dataclass(frozen=True, slots=True)
class Intake:
    """Where the cores' news comes in; `right_changed` is another feature's part in it."""

    db: Database
    clock: Clock
    right_changed: RightChanged | None = None

    async def pushed(self, core: str, events: Iterable[Event], raw: bytes = b"") -> None:
        """Take a push: it has been stored when this returns."""
        async with self.db.write() as tx:
            subjects = await store(tx, core, events, self.clock.now())
        await self.apply(core, subjects)

    async def apply(self, core: str, subjects: Iterable[str]) -> None:
        """Bring streams as far as they go."""
        for subject in subjects:
            await advance(self.db, Stream(core, subject), self.clock.now(), self.right_changed)

    async def retry(self, core: str) -> None:
        """Try again the streams that wait, and those that a process took in and did not live to apply."""
        async with self.db.read() as session:
            waiting = await session.scalars(_WAITING, {"core": core})
            left_over = await session.scalars(_LEFT_OVER, {"core": core})
            subjects = [*waiting, *left_over]
        await self.apply(core, subjects)
