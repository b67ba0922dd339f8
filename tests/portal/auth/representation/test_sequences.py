"""The same random lives against the real database, real sessions and the real sources."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete

from core_bridge.wire import PartyRef, RepresentationChanged
from portal.access import refusal
from portal.access.rights import RightRow, RightState
from portal.auth import sessions
from portal.auth.govsso.claims import Identity
from portal.auth.govsso.client import Tokens
from portal.auth.representation import Acting, Choice
from portal.auth.representation.endings import Endings
from portal.auth.representation.kept import OFFICIAL, KeptSource, MandateSource
from portal.auth.representation.mandates import acts
from portal.auth.representation.mandates.acts import Act
from portal.auth.representation.mandates.rules import NotPossible, Side, Terms
from portal.auth.representation.official import right_changed
from portal.auth.representation.register import Capacity, Death
from portal.auth.sessions import Live, Sessions
from portal.auth.tables import SessionRow
from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database, new_id
from portal.identity import Ability, Actor
from portal.outbox import OutboxRow
from tests.conftest import Postgres, Sqlite
from tests.portal.auth.representation.rights_site import Register
from tests.portal.auth.representation.sequences import CHILD, PEOPLE, START, Lives, World
from tests.portal.auth.representation.test_rules import ACTIONS

IDLE = timedelta(days=10_000)


@dataclass
class Kept:
    """The portal's own tables; each person has one session that never ends by itself."""

    runner: asyncio.Runner
    db: Database
    keys: KeyRing
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    register: Register = field(default_factory=Register)
    tokens: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.find = Sessions.build(self.keys, IDLE)
        self.endings = Endings(self.db, self.clock)
        mandates = MandateSource.of(self.db, self.clock, self.register.capacity, self.endings.lost_capacity)
        sources = (mandates, KeptSource(OFFICIAL, self.db, self.clock))
        self.acting = Acting(self.db, self.clock, {source.name: source for source in sources})
        self._run(self._open())

    def begin(self, side: Side, by: str, to: str, terms: Terms) -> UUID | None:
        if not {by, to}.isdisjoint(self.register.people):
            return None
        made = self._run(self._begin(side, by, to, terms))
        return made if isinstance(made, UUID) else None

    def accept(self, mandate_id: UUID, by: str, *, able: bool) -> bool:
        return able and self._run(self._accept(mandate_id, by)) is True

    def decline(self, mandate_id: UUID, by: str) -> None:
        self._run(self._over(acts.decline, mandate_id, by))

    def end(self, mandate_id: UUID, by: str) -> None:
        self._run(self._over(acts.end, mandate_id, by))

    def lose(self, code: str, why: str) -> None:
        self.register.people[code] = Capacity(alive=why != "death", minor=False, restricted=why == "capacity")
        self._run(self.endings.died(Death(code)) if why == "death" else self.endings.lost_capacity(code))

    def custody(self, parent: str, *, active: bool) -> None:
        self._run(self._custody(parent, active=active))

    def choose(self, holder: str, party: str, *, able: bool) -> bool:
        return self._run(self._choose(holder, party)) is Choice.HELD

    def act(self, holder: str, ability: Ability) -> str | None:
        done = self._run(self._act(holder, ability))
        return done if isinstance(done, str) else None

    def wait(self, by: timedelta) -> None:
        self.clock.moment += by
        self._run(self._expire())

    def close(self) -> None:
        pass

    def _run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(doing)

    async def _open(self) -> None:
        async with self.db.write() as tx:
            for row in (RightRow, SessionRow, OutboxRow):
                await tx.execute(delete(row))
            for code in PEOPLE:
                until = START + IDLE
                identity = Identity(
                    code, "Mari", code, None, new_id().hex, "high", "idcard", "n", START, until
                )
                token, actor, _id = await sessions.start(tx, Tokens(identity, "i", "r"), "et", START, None)
                self.tokens[code], self.actors[code] = token, actor

    async def _live(self, code: str) -> Live:
        async with self.db.read() as session:
            found = await self.find.find(session, self.tokens[code], self.clock.now())
        assert isinstance(found, Live)
        return found

    async def _begin(self, side: Side, by: str, to: str, terms: Terms) -> UUID | None:
        try:
            async with self.db.write() as tx:
                act = Act(self.actors[by], self.clock.now())
                return await acts.begin(tx, act, new_id(), side, (to, "nimi"), terms, checked=True)
        except NotPossible:
            return None

    async def _accept(self, mandate_id: UUID, by: str) -> bool:
        try:
            async with self.db.write() as tx:
                act = Act(self.actors[by], self.clock.now())
                taken = await acts.accept(tx, act, mandate_id, checked=True, notices=True)
        except NotPossible:
            return False
        return taken.state is RightState.ACTIVE

    async def _over(self, way: Any, mandate_id: UUID, by: str) -> None:
        try:
            async with self.db.write() as tx:
                await way(tx, Act(self.actors[by], self.clock.now()), mandate_id)
        except NotPossible:
            pass

    async def _custody(self, parent: str, *, active: bool) -> None:
        told = RepresentationChanged(
            right_id=f"r-{parent}", party=PartyRef(code=CHILD, name="Laps"),
            representative=PartyRef(code=parent, name="Vanem"), kind="parent", source="otsus", active=active,
        )  # fmt: skip
        async with self.db.write() as tx:
            await right_changed(self.clock)(tx, "STAR", told)

    async def _choose(self, holder: str, party: str) -> Choice:
        live = await self._live(holder)
        return await self.acting.choose_party(live.signed_in, party)

    async def _act(self, holder: str, ability: Ability) -> str | None:
        live = await self._live(holder)
        action = ACTIONS[ability]
        if refusal(live.signed_in.actor, action, self.clock.now()) is not None:
            return None
        if ability is Ability.SEND and not live.signed_in.actor.for_self:
            if await self.acting.confirm(live.signed_in) is not Choice.HELD:
                return None
            live = await self._live(holder)
            if refusal(live.signed_in.actor, action, self.clock.now()) is not None:
                return None
        return live.signed_in.actor.party.code

    async def _expire(self) -> None:
        async with self.db.write() as tx:
            await acts.expire(tx, self.clock.now())


def test_no_sequence_lets_an_act_through_without_a_right(
    storage: Sqlite | Postgres, tmp_path: Path, keys: KeyRing
) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        db = Database(runner.run(stack.enter_async_context(storage.fresh(tmp_path))), keys)
        before = Lives.let_through

        class LivesInTheDatabase(Lives):
            def world(self) -> World:
                return Kept(runner, db, keys)

        try:
            run_state_machine_as_test(
                LivesInTheDatabase,
                settings=settings(
                    max_examples=25,
                    stateful_step_count=8,
                    deadline=None,
                    database=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(db.close())
            runner.run(stack.aclose())
    assert Lives.let_through > before


def test_the_child_is_one_at_the_start() -> None:
    assert pytest.approx(16) == (START.date().replace(month=12, day=3) - START.date()).days
