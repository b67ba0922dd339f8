"""Rights that are kept here as sources: mandates given in Uks, and what a core has told of an official's decision."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import anyio
from sqlalchemy import bindparam, select

from portal.access.rights import RightRow, RightState, right_of
from portal.auth.representation.mandates import rules
from portal.auth.representation.register import Capacity
from portal.auth.representation.sources import Asking, Representee, Silent
from portal.clock import Clock
from portal.db import Database, Transaction

OFFICIAL: Final = "official"
# The register is not the source of a mandate: the person does not wait long for it.
_PATIENCE: Final = 2.0

Capable = Callable[[str], Awaitable[Capacity]]
"""Asks the population register whether somebody may act for themselves; raises `Silent`."""
OnLoss = Callable[[str], Awaitable[None]]
"""Ends what somebody has given who may not give it any more."""

_HELD: Final = (
    select(RightRow)
    .where(
        RightRow.holder == bindparam("holder"),
        RightRow.source == bindparam("source"),
        RightRow.state == RightState.ACTIVE,
    )
    .order_by(RightRow.begun_at.desc())
)
_ONE: Final = select(
    RightRow.state, RightRow.kind, RightRow.source, RightRow.scope, RightRow.valid_until
).where(RightRow.id == bindparam("right_id"))


async def nobody_tells(_code: str) -> Capacity:
    """Stand in for a population register that is not there: it is always silent."""
    raise Silent("no population register is configured")


@dataclass(frozen=True, slots=True)
class KeptSource:
    """The rights of one source that stand in our own table."""

    name: str
    db: Database
    clock: Clock

    async def representees(self, asking: Asking) -> Sequence[Representee]:
        """List for whom the person may act now."""
        async with self.db.read() as session:
            found = await session.execute(_HELD, {"holder": asking.person.code, "source": self.name})
            return [self._told(row) for row in found.all() if not right_of(row).is_over(self.clock.now())]

    async def ask(self, asking: Asking, code: str) -> Representee | None:
        """Find the right over the party of that code; of several, the one that is for everything, or for more."""
        found = [each for each in await self.representees(asking) if each.code == code]
        return max(found, key=_width, default=None)

    async def still(self, tx: Transaction, found: Representee) -> bool:
        """Tell whether the right stands as it was read, and let nobody change it before this transaction ends."""
        row = (await tx.execute(_ONE.with_for_update(), {"right_id": found.right_id})).first()
        return (
            row is not None
            and row.state == RightState.ACTIVE
            and right_of(row) == found.right
            and not right_of(row).is_over(self.clock.now())
        )

    def _told(self, row: Any) -> Representee:
        code, name = row.who["grantor"]
        return Representee(self.name, code, name, right_of(row), row.id)


@dataclass(frozen=True, slots=True)
class MandateSource:
    """Mandates given in Uks; whoever has lost the capacity to give one, as the register says, has none given."""

    kept: KeptSource
    capable: Capable = nobody_tells
    on_loss: OnLoss | None = None

    @classmethod
    def of(
        cls, db: Database, clock: Clock, capable: Capable = nobody_tells, on_loss: OnLoss | None = None
    ) -> "MandateSource":
        """Make the source on its table."""
        return cls(KeptSource(rules.SOURCE, db, clock), capable, on_loss)

    @property
    def name(self) -> str:
        """Name the source, as rights and forms name it."""
        return self.kept.name

    async def representees(self, asking: Asking) -> Sequence[Representee]:
        """List who has given the person a mandate that runs."""
        return await self.kept.representees(asking)

    async def ask(self, asking: Asking, code: str) -> Representee | None:
        """Find the mandate, unless the register says that the one who gave it may not act any more."""
        found = await self.kept.ask(asking, code)
        if found is None:
            return None
        try:
            with anyio.fail_after(_PATIENCE):
                capacity = await self.capable(code)
        except (Silent, TimeoutError):
            # The mandate's own source is our table, and that has answered; a silent register takes nothing away.
            return found
        if capacity.full:
            return found
        if self.on_loss:
            await self.on_loss(code)
        return None

    async def still(self, tx: Transaction, found: Representee) -> bool:
        """Tell whether the mandate stands."""
        return await self.kept.still(tx, found)


def _width(found: Representee) -> tuple[bool, int]:
    assert found.right is not None
    return not found.right.is_limited, len(found.right.scope)
