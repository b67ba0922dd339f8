"""Backup and restore of the small installation: SQLite and a folder of files, as one archive; still encrypted."""

import tarfile
import tempfile
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from portal.db import Database
from portal.settings import Settings


class NotBackedUp(Exception):
    """The backup or restore cannot be done; the text says why and what to do."""


async def back_up(settings: Settings, db: Database, target: Path) -> None:
    """Write an archive of a running installation; rows and files keep their encryption, the keys are not in it."""
    database, files = _places(settings)
    if target.exists():  # noqa: ASYNC240 a command of its own, nobody waits beside it
        raise NotBackedUp(f"{target} exists already")
    with tempfile.TemporaryDirectory(dir=database.parent) as folder:
        copy = Path(folder) / "uks.db"
        async with db.read() as session:
            await session.execute(text("VACUUM INTO :copy"), {"copy": str(copy)})
        # Files after the database: each row of the copy has its bytes by now.
        with tarfile.open(target, "w:gz") as archive:
            archive.add(copy, "uks.db")
            if files.exists():
                archive.add(files, "files")


def restore(settings: Settings, source: Path) -> None:
    """Unpack an archive into an installation that has no data yet."""
    database, files = _places(settings)
    if database.exists() or (files.exists() and any(files.iterdir())):
        raise NotBackedUp(f"{database} or {files} has data already; restore only into an empty installation")
    try:
        with (
            tempfile.TemporaryDirectory(dir=_made(database.parent)) as folder,
            tarfile.open(source) as archive,
        ):
            archive.extractall(folder, filter="data")
            (Path(folder) / "uks.db").rename(database)
            if (Path(folder) / "files").exists():
                _made(files.parent)
                files.rmdir() if files.exists() else None
                (Path(folder) / "files").rename(files)
    except (OSError, tarfile.TarError) as error:
        raise NotBackedUp(f"{source}: {error}") from error


def _places(settings: Settings) -> tuple[Path, Path]:
    url = make_url(settings.database_url)
    if not url.drivername.startswith("sqlite") or not settings.files_url.startswith("file://"):
        raise NotBackedUp(
            "this installation is backed up with pg_dump and the tools of its file storage; see docs/operations.md"
        )
    return Path(url.database or "").absolute(), Path(settings.files_url.removeprefix("file://")).absolute()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
