"""Storage: one code for SQLite (WAL) and PostgreSQL; the signature says who writes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NewType, Protocol
from uuid import UUID

from sqlalchemy import JSON, LargeBinary, MetaData, Table, Uuid, event, literal, select, tuple_, update
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import DateTime, TypeDecorator
from uuid_utils.compat import uuid7

Session = AsyncConnection
Transaction = NewType("Transaction", AsyncConnection)
_READING: Final = "uks_reading"


class Keys(Protocol):
    """What encrypted columns and look-ups ask of a key ring."""

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """Encrypt for one purpose."""
        ...

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt what was sealed for that purpose."""
        ...

    def lookup(self, value: str) -> bytes:
        """Give the keyed index of a value."""
        ...


def new_id() -> UUID:
    """Make an id (UUIDv7): unique anywhere, and in order of time."""
    return uuid7()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment; SQLite knows no zones, so it is stored in UTC and always given back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its zone back."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Leave the moments of PostgreSQL as they come, with their zone: a list reads two hundred of them."""
        return None if dialect.name == "postgresql" else super().result_processor(dialect, coltype)


class _Sealed:
    """What the encrypted types share: the engine's dialect carries the key ring."""

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def _seal(self, plain: bytes, dialect: Dialect) -> bytes:
        return _ring(dialect).seal(plain, self.purpose)

    def _open(self, sealed: bytes, dialect: Dialect) -> bytes:
        return _ring(dialect).open(sealed, self.purpose)


class EncryptedBytes(_Sealed, TypeDecorator[bytes]):
    """Bytes, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else self._seal(value, dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypt."""
        return None if value is None else self._open(value, dialect)


class Encrypted(_Sealed, TypeDecorator[str]):
    """Text, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else self._seal(value.encode(), dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else self._open(value, dialect).decode()


class EncryptedJson(_Sealed, TypeDecorator[Any]):
    """A JSON value, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else self._seal(json.dumps(value, ensure_ascii=False).encode(), dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """Decrypt."""
        return None if value is None else json.loads(self._open(value, dialect).decode())


class Lookup(TypeDecorator[str]):
    """A keyed index: compares equal to the text it was made of, and reads back only as hex."""

    impl = LargeBinary(32)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Turn the text into its keyed index."""
        return None if value is None else _ring(dialect).lookup(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Show the index in hex; the text is gone."""
        return None if value is None else value.hex()


class Base(DeclarativeBase):
    """The tables of all packages; each package keeps its own."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime(), UUID: Uuid(), dict[str, Any]: JSON()}  # noqa: RUF012


class Database:
    """Reads without a transaction of their own, writes in one that commits at the end or not at all."""

    def __init__(self, url: str, keys: Keys, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = _engine(url, pool_size)
        self.engine.dialect.uks_keys = keys  # type: ignore[attr-defined]
        reading = {_READING: True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reading = self.engine.execution_options(**reading)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether the small default storage is in use."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """Open a session that only reads."""
        async with self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Open a transaction; it commits when the block ends well."""
        async with self.engine.begin() as connection:
            yield Transaction(connection)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _ring(dialect: Dialect) -> Keys:
    ring: Keys = dialect.uks_keys  # type: ignore[attr-defined]
    return ring


def _engine(url: str, pool_size: int) -> AsyncEngine:
    if not url.startswith("sqlite"):
        return create_async_engine(
            url.replace("postgresql://", "postgresql+asyncpg://", 1),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=False,
            pool_recycle=1800,
            hide_parameters=True,
        )
    target = make_url(url.replace("sqlite://", "sqlite+aiosqlite://", 1))
    if target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        target, pool_size=pool_size, max_overflow=0, connect_args={"timeout": 10}, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the lock at once, so it never fails half-way when a reader turns into a writer;
    # a reader takes none. (On SQLite the isolation level is never reported as AUTOCOMMIT.)
    if not connection.get_execution_options().get(_READING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


async def reseal(db: Database, table: Table, batch: int = 200) -> int:
    """Encrypt a table's sealed columns anew under the current key; gives the number of rows."""
    sealed = [column for column in table.columns if isinstance(column.type, _Sealed)]
    keys = list(table.primary_key.columns)
    done, after = 0, None
    while sealed:
        async with db.write() as tx:
            page = select(*keys, *sealed).order_by(*keys).limit(batch).with_for_update()
            if after is not None:
                page = page.where(
                    tuple_(*keys)
                    > tuple_(*(literal(value, key.type) for value, key in zip(after, keys, strict=True)))
                )
            rows = (await tx.execute(page)).all()
            for row in rows:
                where = [key == value for key, value in zip(keys, row, strict=False)]
                fresh = dict(zip((column.name for column in sealed), row[len(keys) :], strict=True))
                await tx.execute(update(table).where(*where).values(**fresh))
        if not rows:
            break
        done, after = done + len(rows), tuple(rows[-1][: len(keys)])
    return done
