"""The worker's side: a mandate that waits for the population register goes on when the register answers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.access.rights import RightRow
from portal.auth.representation.kept import Capable
from portal.auth.representation.mandates import acts
from portal.auth.representation.sources import Silent
from portal.clock import Clock
from portal.db import Database, Transaction
from portal.outbox import Delivery, NotYet, Settle


@dataclass(frozen=True, slots=True)
class Checks:
    """Asks the register about the one who gives a mandate, until it answers."""

    db: Database
    clock: Clock
    capable: Capable

    async def handle(self, delivery: Delivery) -> Settle:
        """Ask once; a silent register is asked again later."""
        mandate_id = UUID(delivery.payload["mandate"])
        async with self.db.read() as session:
            who: Any = await session.scalar(select(RightRow.who).where(RightRow.id == mandate_id))
        if who is None:
            return _nothing
        try:
            capacity = await self.capable(who["grantor"][0])
        except Silent as error:
            raise NotYet("the population register is silent") from error

        async def settle(tx: Transaction) -> None:
            await acts.check(tx, mandate_id, self.clock.now(), able=capacity.full)

        return settle


async def _nothing(_tx: Transaction) -> None:
    return
