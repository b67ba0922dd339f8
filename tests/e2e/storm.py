"""A storm: people send applications and an official registers them, while the programs are killed at random."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import httpx2
from sqlalchemy import func, select

from inbox.tables import ReceivedEventRow
from journeys.loading import load_catalogue
from portal import audit
from portal.clock import SystemClock
from portal.db import Database
from portal.outbox import OutboxRow
from tests.core_bridge.running import Official
from tests.e2e.citizens import Citizen, Tally, finished_draft, invented_codes, sign_in
from tests.e2e.processes import Installation, Program
from tests.e2e.registrar import Registrar

APPLICATIONS = 200
PEOPLE = 40
FILLED_BY_HAND = 10
"""So many of the applications are also started and filled in page by page."""
NEVER_SENT = 10
AT_ONCE = 12
"""So many people are at it at the same time."""
KILLS = 4
"""Each program is killed so often."""
LEAST_ANSWERS = 3 * APPLICATIONS


@dataclass(slots=True)
class Storm:
    """An installation, the people who use it, and what they saw."""

    house: Installation
    db: Database
    dice: Random
    registrar: Registrar
    people: list[Citizen]
    tally: Tally
    unsent: set[UUID] = field(default_factory=set)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def rage(self) -> None:
        """Let the people send while the killer goes round."""
        now, journey = SystemClock().now(), load_catalogue()["toimetulekutoetus"]
        ready = APPLICATIONS - FILLED_BY_HAND
        drafts = [
            await finished_draft(self.db, journey, self.people[n % PEOPLE].actor, now)
            for n in range(ready + NEVER_SENT)
        ]
        self.unsent = set(drafts[ready:])
        async with asyncio.TaskGroup() as going:
            going.create_task(self.registrar.work(self.over))
            for program in self.house.programs:
                going.create_task(self._kill(program))
            async with asyncio.timeout(300), asyncio.TaskGroup() as sending:
                room = asyncio.Semaphore(AT_ONCE)
                for n, draft_id in enumerate([*drafts[:ready], *[None] * FILLED_BY_HAND]):
                    sending.create_task(self._send(room, draft_id, n))
            self.over.set()

    async def calm(self) -> None:
        """Let all run undisturbed until everything is handed over, registered and heard of."""
        left: dict[str, int] = {}
        for _ in range(450):
            await self.registrar.look()
            left = await self._left()
            if not any(left.values()):
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"still waiting: {left}\n{self.house.logs()}")

    async def in_inboxes(self) -> Counter[str]:
        """Count the links that the people see in Minu suhtlus."""
        pages = await asyncio.gather(*(person.inbox() for person in self.people))
        return Counter(link for page in pages for link in page.links)

    async def _send(self, room: asyncio.Semaphore, draft_id: UUID | None, n: int) -> None:
        person = self.people[n % PEOPLE]
        async with room:
            draft_id = draft_id or await person.fill_in()
            await person.send_draft(draft_id, files=(0, 0, 0, 1, 2)[n % 5], twice=n % 7 == 0)

    async def _kill(self, program: Program) -> None:
        """Kill a program when the people have come so far, in the middle of what it does; start it again soon.

        By the answers they got and not by the clock: so it happens all through the sending, on any machine.
        """
        for moment in sorted(self.dice.sample(range(20, LEAST_ANSWERS), KILLS)):
            while self.tally.answered < moment and not self.over.is_set():  # noqa: ASYNC110 - many count there
                await asyncio.sleep(0.005)
            if self.over.is_set():
                return
            assert not program.fell_by_itself(), f"{program.name} ended by itself\n{self.house.logs()}"
            await asyncio.sleep(self.dice.uniform(0, 0.1))
            program.kill()
            await asyncio.sleep(self.dice.uniform(0, 0.7))
            program.start()

    async def _left(self) -> dict[str, int]:
        async with self.db.read() as session:
            applied = select(func.count()).where(ReceivedEventRow.applied_at.is_not(None))
            return {
                "effects": await session.scalar(select(func.count()).select_from(OutboxRow)) or 0,
                "acts": await audit.unsealed(session),
                "events": _said(self.house.star_database) - (await session.scalar(applied) or 0),
                "registrations": APPLICATIONS - len(self.registrar.registered),
            }


@asynccontextmanager
async def gathered(house: Installation, dice: Random) -> AsyncIterator[Storm]:
    """Bring the people to a portal that answers."""
    tally, people = Tally(), []
    async with AsyncExitStack() as stack:
        await _answers(house)
        db = Database(house.database_url, house.keys)
        stack.push_async_callback(db.close)
        official = Official(house.place.address("STAR"))
        stack.push_async_callback(official.close)
        async with db.write() as tx:
            for code in invented_codes(PEOPLE):
                token, actor = await sign_in(tx, code, SystemClock().now())
                browser = httpx2.AsyncClient(
                    base_url=house.url, cookies={"uks_session": token}, timeout=20, trust_env=False
                )
                people.append(Citizen(actor, await stack.enter_async_context(browser), dice, tally))
        yield Storm(house, db, dice, Registrar(official), people, tally)


async def _answers(house: Installation) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        for _ in range(400):
            try:
                if (await client.get(f"{house.url}/health/ready", timeout=5)).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError(f"the portal did not start\n{house.logs()}")


def _said(star: Path) -> int:
    with closing(sqlite3.connect(star)) as core:
        [count] = core.execute("SELECT count(*) FROM change").fetchone()
    return int(count)
