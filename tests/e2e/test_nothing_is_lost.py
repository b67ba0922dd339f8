"""Portal, worker and core are killed at random while 200 applications are sent; every receipt holds."""

import hashlib
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path
from random import Random, SystemRandom
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core_bridge.wire import Application
from inbox.tables import EntryRow, InteractionRow
from journeys.tables import ApplicationRow, AttachmentRow, DraftRow
from journeys.wire import content_hash
from portal import audit
from portal.audit import AuditRow
from portal.db import Database
from tests.conftest import Postgres, Sqlite
from tests.e2e.citizens import Receipt
from tests.e2e.processes import installed
from tests.e2e.storm import APPLICATIONS, Storm, gathered

pytestmark = pytest.mark.anyio


async def test_every_receipt_has_its_application_in_the_core_once_and_nothing_else_is_there(
    storage: Sqlite | Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed, began = SystemRandom().randrange(10**6), time.monotonic()
    print(f"seed {seed}")
    processes = 2 if isinstance(storage, Postgres) else 1
    async with storage.fresh(tmp_path) as url:
        with installed(tmp_path / "data", url, web_processes=processes) as house:
            async with gathered(house, Random(seed)) as storm:
                await storm.rage()
                raged = time.monotonic() - began
                await storm.calm()
                with capsys.disabled():
                    print(_figures(seed, storm, raged, time.monotonic() - began))
                await _check(storm)


async def _check(storm: Storm) -> None:
    receipts = storm.tally.receipts
    assert storm.tally.broken == [], f"{storm.tally.broken}\n{storm.house.logs()}"
    assert len(receipts) == APPLICATIONS
    _check_core(storm.house.star_database, receipts)
    await _check_portal(storm.db, receipts, storm.unsent)
    shown = await storm.in_inboxes()
    assert {shown[f"/et/inbox/{each}"] for each in receipts} == {1}, "the inbox shows each once"


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


def _figures(seed: int, storm: Storm, raged: float, took: float) -> str:
    kills = ", ".join(f"{each.name} {each.kills}" for each in storm.house.programs)
    storage = storm.house.database_url.partition(":")[0]
    return (
        f"\n  {storage}: seed {seed}; {len(storm.tally.receipts)} receipts; kills: {kills}; "
        f"sent again {storm.tally.again} times; storm {raged:.1f} s, with calm {took:.1f} s"
    )
