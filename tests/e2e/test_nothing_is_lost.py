"""Portal, worker and core are killed at random while 200 applications are sent; every receipt holds."""

import asyncio
import hashlib
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select

from core_bridge.wire import Application
from inbox.tables import EntryRow, InteractionRow, ReceivedEventRow
from journeys.loading import load_catalogue
from journeys.tables import ApplicationRow, AttachmentRow, DraftRow
from journeys.wire import content_hash
from portal import audit
from portal.audit import AuditRow
from portal.clock import SystemClock
from portal.db import Database
from portal.outbox import OutboxRow
from tests.conftest import Postgres, Sqlite
from tests.core_bridge.running import Official
from tests.e2e.citizens import Citizen, Receipt, Tally, finished_draft, invented_codes, sign_in
from tests.e2e.processes import Installation, Program, installed
from tests.e2e.registrar import Registrar

pytestmark = pytest.mark.anyio

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


async def test_every_receipt_has_its_application_in_the_core_once_and_nothing_else_is_there(
    storage: Sqlite | Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = SystemRandom().randrange(10**6)
    began = time.monotonic()
    async with storage.fresh(tmp_path) as url:
        with installed(
            tmp_path / "data", url, web_processes=2 if isinstance(storage, Postgres) else 1
        ) as house:
            async with _opened(house) as db:
                registrar = Registrar(Official(house.place.address("STAR")))
                tally, unsent = await _storm(house, db, Random(seed), registrar)
                stormed = time.monotonic() - began
                await _calm(house, db, registrar)
                await registrar.official.close()
                with capsys.disabled():
                    print(_figures(seed, house, tally, stormed, time.monotonic() - began))
                assert tally.broken == [], f"{tally.broken}\n{house.logs()}"
                assert len(tally.receipts) == APPLICATIONS
                _check_core(house.star_database, tally.receipts)
                await _check_portal(db, tally.receipts, unsent)


@asynccontextmanager
async def _opened(house: Installation) -> AsyncIterator[Database]:
    db = Database(house.database_url, house.keys)
    try:
        yield db
    finally:
        await db.close()


async def _storm(
    house: Installation, db: Database, dice: Random, registrar: Registrar
) -> tuple[Tally, set[UUID]]:
    """Let the people send while the killer goes round; gives what they saw, and the drafts nobody sent."""
    tally, over = Tally(), asyncio.Event()
    await _answers(house.url + "/health/ready", house)
    async with asyncio.TaskGroup() as going:
        people = await _people(house, db, dice, tally)
        now, journey = SystemClock().now(), load_catalogue()["toimetulekutoetus"]
        ready = APPLICATIONS - FILLED_BY_HAND
        drafts = [
            await finished_draft(db, journey, people[n % PEOPLE].actor, now)
            for n in range(ready + NEVER_SENT)
        ]
        going.create_task(registrar.work(over))
        for program in house.programs:
            going.create_task(_kill(program, dice, tally, over))
        async with asyncio.timeout(180), asyncio.TaskGroup() as sending:
            room = asyncio.Semaphore(AT_ONCE)
            for n, draft_id in enumerate([*drafts[:ready], *[None] * FILLED_BY_HAND]):
                sending.create_task(_send(room, people[n % PEOPLE], draft_id, n))
        over.set()
    inboxes = await asyncio.gather(*(person.inbox() for person in people))
    shown = Counter(link for page in inboxes for link in page.links)
    assert all(shown[f"/et/inbox/{receipt}"] == 1 for receipt in tally.receipts), "the inbox shows each once"
    for person in people:
        await person.client.aclose()
    return tally, set(drafts[ready:])


async def _people(house: Installation, db: Database, dice: Random, tally: Tally) -> list[Citizen]:
    people = []
    async with db.write() as tx:
        for code in invented_codes(PEOPLE):
            token, actor = await sign_in(tx, code, SystemClock().now())
            client = httpx2.AsyncClient(
                base_url=house.url, cookies={"uks_session": token}, timeout=20, trust_env=False
            )
            people.append(Citizen(actor, client, dice, tally))
    return people


async def _send(room: asyncio.Semaphore, person: Citizen, draft_id: UUID | None, n: int) -> None:
    async with room:
        draft_id = draft_id or await person.fill_in()
        await person.send_draft(draft_id, files=(0, 0, 0, 1, 2)[n % 5], twice=n % 7 == 0)


async def _kill(program: Program, dice: Random, tally: Tally, over: asyncio.Event) -> None:
    """Kill a program when the people have come so far, in the middle of what it does; start it again soon.

    By the answers they got and not by the clock: so it happens all through the sending, on any machine.
    """
    for moment in sorted(dice.sample(range(20, LEAST_ANSWERS), KILLS)):
        while tally.answered < moment and not over.is_set():  # noqa: ASYNC110 - many people count there
            await asyncio.sleep(0.005)
        if over.is_set():
            return
        assert not program.fell_by_itself(), f"{program.name} ended by itself"
        await asyncio.sleep(dice.uniform(0, 0.1))
        program.kill()
        await asyncio.sleep(dice.uniform(0, 0.7))
        program.start()


async def _answers(url: str, house: Installation) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        for _ in range(400):
            try:
                if (await client.get(url, timeout=5)).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError(f"the portal did not start\n{house.logs()}")


async def _calm(house: Installation, db: Database, registrar: Registrar) -> None:
    """Let all run undisturbed until everything is handed over, registered and heard of."""
    left: dict[str, int] = {}
    for _ in range(450):
        await registrar.look()
        async with db.read() as session:
            applied = select(func.count()).where(ReceivedEventRow.applied_at.is_not(None))
            left = {
                "effects": await session.scalar(select(func.count()).select_from(OutboxRow)) or 0,
                "acts": await audit.unsealed(session),
                "events": _said(house.star_database) - (await session.scalar(applied) or 0),
                "registrations": APPLICATIONS - len(registrar.registered),
            }
        if not any(left.values()):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"still waiting: {left}\n{house.logs()}")


def _said(star: Path) -> int:
    with closing(sqlite3.connect(star)) as core:
        [count] = core.execute("SELECT count(*) FROM change").fetchone()
    return int(count)


def _check_core(path: Path, receipts: dict[UUID, Receipt]) -> None:
    with closing(sqlite3.connect(path)) as core:
        applications = [
            Application.model_validate_json(body) for (body,) in core.execute("SELECT body FROM application")
        ]
        files = {
            UUID(id_): hashlib.sha256(content).hexdigest()
            for id_, content in core.execute("SELECT id, content FROM file")
        }
        puts = [path for (path,) in core.execute("SELECT path FROM put WHERE path LIKE '/v1/%'")]
    assert Counter(each.application_id for each in applications) == Counter(receipts.keys())
    for each in applications:
        receipt = receipts[each.application_id]
        assert each.content_hash == receipt.content_hash == content_hash(each)
        assert {file.sha256 for file in each.files} == receipt.files
        assert {files[file.file_id] for file in each.files} == receipt.files
    assert sorted(files) == sorted(file.file_id for each in applications for file in each.files)
    assert len(puts) == len(set(puts)) == len(applications) + len(files)


async def _check_portal(db: Database, receipts: dict[UUID, Receipt], unsent: set[UUID]) -> None:
    assert len({each.number for each in receipts.values()}) == len(receipts)
    async with db.read() as session:

        async def all_of(*columns: Any, **where: Any) -> list[Any]:
            return list((await session.execute(select(*columns).filter_by(**where))).all())

        sent = await all_of(ApplicationRow.id, ApplicationRow.content_hash, ApplicationRow.handed_at)
        assert {row.id: row.content_hash for row in sent} == {
            each.id: each.content_hash for each in receipts.values()
        }
        assert all(isinstance(row.handed_at, datetime) for row in sent)
        assert {row.id for row in await all_of(DraftRow.id)} == unsent
        attached = await all_of(AttachmentRow.draft_id, AttachmentRow.sha256, AttachmentRow.handed_at)
        assert Counter((row.draft_id, row.sha256) for row in attached) == Counter(
            (each.id, file) for each in receipts.values() for file in each.files
        )
        assert all(row.handed_at for row in attached)
        matters = await all_of(
            InteractionRow.id, InteractionRow.handed_over_at, InteractionRow.reference, kind="application"
        )
        assert {row.id for row in matters if row.handed_over_at} == set(receipts)
        assert len({row.reference for row in matters if row.reference}) == len(receipts)
        for what in ("sent", "handed_over", "registered", "complete"):
            told = await all_of(EntryRow.interaction_id, what=what)
            assert Counter(row.interaction_id for row in told) == Counter(receipts.keys()), what
        acts = await all_of(AuditRow.about, act="application-sent")
        assert Counter(row.about for row in acts) == Counter(receipts.keys())
        count, broken = await audit.verify(session)
        assert broken is None
        assert count >= len(receipts)


def _star(house: Installation) -> str:
    return house.place.address("STAR")


def _figures(seed: int, house: Installation, tally: Tally, stormed: float, took: float) -> str:
    kills = ", ".join(f"{each.name} {each.kills}" for each in house.programs)
    storage = house.database_url.partition(":")[0]
    return (
        f"\n  {storage}: seed {seed}; {len(tally.receipts)} receipts; kills: {kills}; "
        f"sent again {tally.again} times; storm {stormed:.1f} s, with calm {took:.1f} s"
    )
