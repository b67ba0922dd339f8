"""Hurrying the portal up: new events are pushed once, and a lost push is found in the feed."""

import logging
from dataclasses import dataclass

from core_bridge.calls import Calls
from core_bridge.errors import CoreError
from core_bridge.inbound import EVENTS_PATH
from core_bridge.ways import Outgoing
from core_bridge.wire import freeze_batch
from core_bridge.wire.event import MEDIA_TYPE

from . import ledger
from .database import CoreDatabase

_BATCH = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pusher:
    """Pushes each event that is committed while it runs."""

    db: CoreDatabase
    calls: Calls

    async def run(self, after: int) -> None:
        """Push for ever, from a cursor on."""
        while True:
            await self.db.changed.wait()
            self.db.changed.clear()
            after = await self._push_all(after)

    async def _push_all(self, after: int) -> int:
        more = True
        while more:
            async with self.db.read() as session:
                page = await ledger.changes(session, after, _BATCH)
            if page.events:
                call = Outgoing(EVENTS_PATH, freeze_batch(page.events))
                try:
                    await self.calls.send("POST", call, media_type=MEDIA_TYPE, at_most=65536)
                except CoreError as error:
                    log.info("a push was lost: %s", error)
            after, more = int(page.next), page.more
        return after
