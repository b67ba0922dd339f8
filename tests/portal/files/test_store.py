"""Keeping bytes: each file under its own key, readable only through its own row."""

from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select, update

from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.files import FileRow, Files

pytestmark = pytest.mark.anyio
SECRET = b"minu pangakonto valjavote " * 100


async def keep(db: Database, files: Files, clock: FixedClock, content: bytes = SECRET) -> UUID:
    async with db.write() as tx:
        return await files.keep(
            tx, party_id=new_id(), content=content, media_type="application/pdf", at=clock.now()
        )


def stored(tmp_path: Path, file_id: UUID) -> Path:
    return next((tmp_path / "files").rglob(file_id.hex))


async def test_what_was_kept_is_read_back(database: Database, files: Files, clock: FixedClock) -> None:
    file_id = await keep(database, files, clock)
    async with database.read() as session:
        assert await files.read(session, file_id) == SECRET
        row = (await session.execute(select(FileRow).where(FileRow.id == file_id))).one()
    assert (row.size, row.media_type, row.scan, row.kept_at) == (
        len(SECRET), "application/pdf", "unscanned", clock.now(),
    )  # fmt: skip


async def test_the_folder_holds_nothing_readable(
    database: Database, files: Files, clock: FixedClock, tmp_path: Path
) -> None:
    file_id = await keep(database, files, clock)
    assert b"pangakonto" not in stored(tmp_path, file_id).read_bytes()


async def test_the_same_bytes_twice_look_different(
    database: Database, files: Files, clock: FixedClock, tmp_path: Path
) -> None:
    one, two = await keep(database, files, clock), await keep(database, files, clock)
    assert stored(tmp_path, one).read_bytes()[12:] != stored(tmp_path, two).read_bytes()[12:]


async def test_bytes_put_under_another_files_id_do_not_open(
    database: Database, files: Files, clock: FixedClock, tmp_path: Path
) -> None:
    one, two = await keep(database, files, clock), await keep(database, files, clock)
    async with database.write() as tx:
        key = await tx.scalar(select(FileRow.data_key).where(FileRow.id == one))
        await tx.execute(update(FileRow).where(FileRow.id == two).values(data_key=key))
    stored(tmp_path, two).write_bytes(stored(tmp_path, one).read_bytes())
    async with database.read() as session:
        with pytest.raises(InvalidTag):
            await files.read(session, two)


@pytest.mark.parametrize("place", [0, 20, -1])
async def test_changed_bytes_are_not_given_out(
    database: Database, files: Files, clock: FixedClock, tmp_path: Path, place: int
) -> None:
    file_id = await keep(database, files, clock)
    path = stored(tmp_path, file_id)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    async with database.read() as session:
        with pytest.raises(InvalidTag):
            await files.read(session, file_id)


async def test_a_forgotten_file_is_gone_with_its_key(
    database: Database, files: Files, clock: FixedClock, tmp_path: Path
) -> None:
    file_id = await keep(database, files, clock)
    async with database.write() as tx:
        await files.forget(tx, file_id)
    async with database.write() as tx:
        await files.forget(tx, file_id)
    assert await files.sweep(database) == 1
    assert await files.sweep(database) == 0
    assert not list((tmp_path / "files").rglob(file_id.hex))
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(FileRow)) == 0
        with pytest.raises(KeyError):
            await files.read(session, file_id)


async def test_a_forgetting_that_fails_keeps_the_file(
    database: Database, files: Files, clock: FixedClock
) -> None:
    file_id = await keep(database, files, clock)
    with suppress(ConnectionError):
        async with database.write() as tx:
            await files.forget(tx, file_id)
            raise ConnectionError
    assert await files.sweep(database) == 0
    async with database.read() as session:
        assert await files.read(session, file_id) == SECRET


async def test_a_file_of_a_transaction_that_failed_does_not_exist(
    database: Database, files: Files, clock: FixedClock
) -> None:
    file_id = None
    with suppress(ConnectionError):
        async with database.write() as tx:
            file_id = await files.keep(
                tx, party_id=new_id(), content=SECRET, media_type="image/png", at=clock.now()
            )
            raise ConnectionError
    assert file_id is not None
    async with database.read() as session:
        with pytest.raises(KeyError):
            await files.read(session, file_id)


async def test_where_a_scanner_is_configured_a_new_file_waits_for_it(
    database: Database, clock: FixedClock, tmp_path: Path
) -> None:
    await keep(database, Files.at(f"file://{tmp_path / 'files'}", scanned=True), clock)
    async with database.read() as session:
        assert await session.scalar(select(FileRow.scan)) == "pending"
