"""The population register as a source of rights: parents, guardians of children and of adults."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core_bridge.population import Codes, PopulationRegister, Record, RegisterError, Wanted
from portal.auth.representation.custody import SOURCE, Standing, deaths, right_over, standing_of, wards
from portal.auth.representation.sources import Asking, Representee, Silent
from portal.clock import Clock
from portal.db import Transaction
from portal.identity import is_isikukood

_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Capacity:
    """Whether somebody may act for themselves: `restricted` is an adult under guardianship, or perhaps under it.

    `alive` is False for who is dead and for who is not found; `dead` only when the register says so.
    """

    alive: bool
    minor: bool
    restricted: bool
    dead: bool = False

    @property
    def full(self) -> bool:
        """Tell whether this is a living adult who may act alone."""
        return self.alive and not self.minor and not self.restricted


@dataclass(frozen=True, slots=True)
class Death:
    """The register said that this person (with `EE`) is dead: no right of theirs or over them is left."""

    code: str


OnDeath = Callable[[Death], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RegisterSource:
    """Asks the register for the person who is signed in; `on_death` is told of every death that an answer shows."""

    register: PopulationRegister
    clock: Clock
    codes: Codes
    on_death: OnDeath | None = None

    @property
    def name(self) -> str:
        """Name the source, as rights and forms name it."""
        return SOURCE

    async def representees(self, asking: Asking) -> Sequence[Representee]:
        """List the children and wards on the person's own record."""
        code = asking.person.code
        if not is_isikukood(code):
            return ()
        holder = (await self._records([code], code, Wanted.CUSTODY)).get(code)
        found = wards(holder, self.clock.now(), self.codes) if holder else ()
        return [Representee(SOURCE, f"EE{ward.code}", _name(ward), right) for ward, right in found]

    async def ask(self, asking: Asking, code: str) -> Representee | None:
        """Ask anew about this pair, by the records of both."""
        own = asking.person.code
        if not (is_isikukood(own) and is_isikukood(code)) or own == code:
            return None
        records = await self._records([own, code], own, Wanted.CUSTODY)
        if own not in records or code not in records:
            return None
        right = right_over(records[own], records[code], self.clock.now(), self.codes)
        return Representee(SOURCE, code, _name(records[code]), right) if right else None

    async def still(self, tx: Transaction, found: Representee) -> bool:
        """Say yes: nothing here can lock the register."""
        return True

    async def standing(self, codes: Sequence[str], *, asked_by: str) -> Mapping[str, Standing]:
        """Tell who of these people lives and may act alone; who is not found is not in the answer."""
        asked = [code for code in codes if is_isikukood(code)]
        records = await self._records(asked, asked_by, Wanted.CAPACITY) if asked else {}
        now = self.clock.now()
        return {code: standing_of(record, now, self.codes) for code, record in records.items()}

    async def capacity(self, code: str, *, asked_by: str = "") -> Capacity:
        """Tell whether somebody may act for themselves; they ask about themselves unless another is named."""
        found = (await self.standing([code], asked_by=asked_by or code)).get(code)
        # Of whom the register knows nothing we know nothing good.
        if found is None:
            return Capacity(alive=False, minor=True, restricted=True)
        return Capacity(found.alive, found.minor, found.restricted, found.dead)

    async def close(self) -> None:
        """Close the connections."""
        await self.register.close()

    async def _records(self, codes: Sequence[str], asked_by: str, wanted: Wanted) -> dict[str, Record]:
        try:
            found = await self.register.people([code[2:] for code in codes], user=asked_by, wanted=wanted)
        except RegisterError as error:
            raise Silent(str(error)) from error
        if self.on_death:
            for code in sorted(deaths(found.values(), self.codes)):
                await self.on_death(Death(f"EE{code}"))
        return {f"EE{code}": record for code, record in found.items()}


def _name(record: Record) -> str:
    """Write a name, which comes in capitals, as it is written: `Mary Änn O’Connež-Šuslik`."""
    name = f"{record.given_name} {record.family_name}".strip()
    return _WORD.sub(lambda word: word[0].capitalize(), name) if name.isupper() else name
