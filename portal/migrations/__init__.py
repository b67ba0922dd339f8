"""The schema and its history: the only module that sees the tables of every package."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from portal.db import Base, Database

_HERE: Final = Path(__file__).parent
_OWNERS: Final = (
    "embeds.tables",
    "inbox.tables",
    "journeys.tables",
    "portal.access.once",
    "portal.access.parties",
    "portal.access.rights",
    "portal.audit",
    "portal.auth.govsso.log",
    "portal.auth.passkeys.tables",
    "portal.auth.tables",
    "portal.files.tables",
    "portal.notify.tables",
    "portal.outbox.tables",
)


def metadata() -> MetaData:
    """Gather the tables of all packages."""
    for owner in _OWNERS:
        import_module(owner)
    return Base.metadata


async def upgrade(db: Database) -> None:
    """Bring a database up to date; repeating it is harmless, and two at once wait for each other."""
    # Alembic asks SQLAlchemy whether a transaction is on; without it would commit after each step.
    async with db.write() as tx, tx.begin():
        if not db.is_sqlite:
            await tx.exec_driver_sql("SELECT pg_advisory_xact_lock(7458)")
        await tx.run_sync(_run, lambda config: command.upgrade(config, "head"))


def _run(connection: Connection, act: Any) -> None:
    config = _config()
    config.attributes["connection"] = connection
    act(config)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    return config
