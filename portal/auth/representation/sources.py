"""What every source of rights of representation is asked, and what it may answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from portal.db import Transaction
from portal.identity import Person, Right


class Silent(Exception):
    """The source could not be asked: nothing is known of the right, for or against."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and in which session: some sources answer only within it."""

    person: Person
    session_id: UUID


@dataclass(frozen=True, slots=True)
class Representee:
    """Somebody for whom the person may act, as one source says.

    `right` is None where the source tells it only when the representee is chosen; `right_id` is that of a right
    kept here, by which whatever ends the right finds the sessions that use it.
    """

    source: str
    code: str
    name: str
    right: Right | None = None
    right_id: UUID | None = None


class Source(Protocol):
    """A source of rights; both calls raise `Silent`."""

    @property
    def name(self) -> str:
        """Name the source, as rights and forms name it."""
        ...

    async def representees(self, asking: Asking) -> Sequence[Representee]:
        """List for whom the person may act now."""
        ...

    async def ask(self, asking: Asking, code: str) -> Representee | None:
        """Ask anew about one right; None when there is none now, else with `right`."""
        ...

    async def still(self, tx: Transaction, found: Representee) -> bool:
        """Tell, in the transaction that copies a right into a session, whether it stands: it may have ended meanwhile.

        A source outside, which nothing here can lock, says yes.
        """
        ...
