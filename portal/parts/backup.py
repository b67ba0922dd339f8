"""Backup and restore of the small installation: SQLite and a folder of files, as one archive; still encrypted."""

import shutil
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
    _check(database, target)
    # Under its name only when it is whole.
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=database.parent) as folder:
            copy = Path(folder) / "uks.db"
            async with db.read() as session:
                await session.execute(text("VACUUM INTO :copy"), {"copy": str(copy)})
            # Files after the database: each row of the copy has its bytes by now.
            _archive(unfinished, {"uks.db": copy, "files": files})
        unfinished.rename(target)
    except OSError as error:
        raise NotBackedUp(f"{target}: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)


def restore(settings: Settings, source: Path) -> None:
    """Unpack an archive into an installation that has no data yet."""
    database, files = _places(settings)
    if database.exists() or (files.exists() and any(files.iterdir())):
        raise NotBackedUp(f"{database} or {files} has data already; restore only into an empty installation")
    try:
        with (
            tempfile.TemporaryDirectory(dir=_made(database.parent)) as folder,
            tarfile.open(source, "r:gz") as archive,
        ):
            archive.extractall(folder, filter="data")
            unpacked = Path(folder)
            if not (unpacked / "uks.db").exists():
                raise NotBackedUp(f"{source} was not written by `uks backup`")
            if (unpacked / "files").exists():
                files.rmdir() if files.exists() else _made(files.parent)
                # Not a rename: the folder of files may be on another disk.
                shutil.move(unpacked / "files", files)
            shutil.move(unpacked / "uks.db", database)
    except (OSError, tarfile.TarError) as error:
        raise NotBackedUp(f"{source}: {error}") from error


def _check(database: Path, target: Path) -> None:
    if target.exists():
        raise NotBackedUp(f"{target} exists already")
    if not database.exists():
        raise NotBackedUp(f"there is no database at {database}")


def _archive(target: Path, content: dict[str, Path]) -> None:
    # Encrypted or not, it is nobody else's.
    with target.open("wb") as out, tarfile.open(fileobj=out, mode="w:gz") as archive:
        target.chmod(0o600)
        for name, path in content.items():
            if path.exists():
                archive.add(path, name)


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
