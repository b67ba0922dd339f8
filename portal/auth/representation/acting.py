"""Acting for another: who is offered, the choice, and the question to the source before each binding act."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import anyio
import structlog

from portal import audit
from portal.access.parties import party_of
from portal.auth import sessions
from portal.auth.representation import wishes
from portal.auth.representation.sources import Asking, Representee, Silent, Source
from portal.clock import Clock
from portal.db import Database
from portal.identity import Actor, Party, Right, RightKind, SignedIn

# A source that takes longer has not answered: the person is waiting.
PATIENCE: Final = 6.0

_log = structlog.get_logger()


class Choice(StrEnum):
    """What came of choosing somebody, or of asking again about them."""

    HELD = "held"
    GONE = "gone"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source offers a person; `silent` when it did not answer."""

    source: str
    representees: Sequence[Representee] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Acting:
    """Asks the sources; each has its own time, and one that is silent takes nothing from the others."""

    db: Database
    clock: Clock
    sources: Mapping[str, Source]

    async def offers(self, asking: Asking, *, without: Collection[str] = ()) -> Sequence[Offer]:
        """Ask all sources at once for whom a person may act, `without` those that the caller has read already."""
        asked = [source for name, source in self.sources.items() if name not in without]
        offers = {source.name: Offer(source.name, silent=True) for source in asked}

        async def ask(source: Source) -> None:
            try:
                with anyio.fail_after(PATIENCE):
                    offers[source.name] = Offer(source.name, await source.representees(asking))
            except (Silent, TimeoutError) as error:
                _note(source.name, error)

        async with anyio.create_task_group() as group:
            for source in asked:
                group.start_soon(ask, source)
        return list(offers.values())

    async def choose(self, signed_in: SignedIn, source: str, code: str) -> Choice:
        """Act for the party of that code from now on, if the source says now that the person may."""
        found, outcome = await self._asked(_asking(signed_in), source, code)
        if found is None:
            return outcome
        return Choice.HELD if await self._act(signed_in, found) else Choice.GONE

    async def choose_party(self, signed_in: SignedIn, code: str) -> Choice:
        """Act for the party of that code by whichever right a source confirms first."""
        outcomes = []
        for name in self.sources:
            outcomes.append(await self.choose(signed_in, name, code))
            if outcomes[-1] is Choice.HELD:
                return Choice.HELD
        return Choice.SILENT if Choice.SILENT in outcomes else Choice.GONE

    async def back(self, signed_in: SignedIn) -> None:
        """Act for oneself again."""
        person = signed_in.actor.person
        own = replace(
            signed_in.actor, party=Party(person.id, person.code, person.name), right=Right(RightKind.SELF)
        )
        async with self.db.write() as tx:
            await sessions.act_for(tx, signed_in.session_id, own)

    async def found(self, signed_in: SignedIn, source: str, code: str) -> tuple[Representee | None, Choice]:
        """Ask a source about one party, and change nothing."""
        return await self._asked(_asking(signed_in), source, code)

    async def confirm(self, signed_in: SignedIn) -> Choice:
        """Ask again, before a binding act, whether the right is still there; the session learns the answer."""
        actor = signed_in.actor
        found, outcome = await self._asked(_asking(signed_in), actor.right.source, actor.party.code)
        if found is not None and not await self._hold(signed_in, found):
            outcome = Choice.GONE
        if outcome is Choice.GONE:
            async with self.db.write() as tx:
                now = self.clock.now()
                await sessions.end_right(tx, now, person_id=actor.person.id, party_id=actor.party.id)
                await wishes.forget(tx, actor, actor.right.source, actor.party.code)
                await audit.record(
                    tx,
                    actor,
                    "right-gone",
                    about=actor.party.id,
                    at=now,
                    detail={"source": actor.right.source},
                )
        return outcome

    async def _asked(self, asking: Asking, source: str, code: str) -> tuple[Representee | None, Choice]:
        asked = self.sources.get(source)
        if asked is None:
            return None, Choice.GONE
        try:
            with anyio.fail_after(PATIENCE):
                found = await asked.ask(asking, code)
        except (Silent, TimeoutError) as error:
            _note(source, error)
            return None, Choice.SILENT
        if found is None or found.right is None or found.right.is_over(self.clock.now()):
            return None, Choice.GONE
        return found, Choice.HELD

    async def _act(self, signed_in: SignedIn, found: Representee) -> bool:
        now = self.clock.now()
        async with self.db.write() as tx:
            party_id = await party_of(tx, found.code, found.name)
            actor = _for(signed_in.actor, Party(party_id, found.code, found.name), found)
            if not await self.sources[found.source].still(tx, found):
                return False
            await sessions.act_for(tx, signed_in.session_id, actor, found.right_id)
            await audit.record(tx, actor, "acting-for", about=party_id, at=now)
        return True

    async def _hold(self, signed_in: SignedIn, found: Representee) -> bool:
        actor = _for(signed_in.actor, signed_in.actor.party, found)
        async with self.db.write() as tx:
            if not await self.sources[found.source].still(tx, found):
                return False
            if actor.right != signed_in.actor.right:
                await sessions.act_for(tx, signed_in.session_id, actor, found.right_id)
        return True


def _for(before: Actor, party: Party, found: Representee) -> Actor:
    assert found.right is not None
    return replace(before, party=party, right=found.right)


def _asking(signed_in: SignedIn) -> Asking:
    return Asking(signed_in.actor.person, signed_in.session_id)


def _note(source: str, error: Exception) -> None:
    _log.warning("auth.right_source.silent", source=source, reason=str(error) or type(error).__name__)
