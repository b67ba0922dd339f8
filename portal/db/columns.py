"""What tables are made of: ids, moments, and columns that are encrypted or look things up."""

import json
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import JSON, LargeBinary, MetaData, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import DateTime, TypeDecorator
from uuid_utils.compat import uuid7


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


class Sealed:
    """What the encrypted types share: the engine's dialect carries the key ring."""

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def _seal(self, plain: bytes, dialect: Dialect) -> bytes:
        return _ring(dialect).seal(plain, self.purpose)

    def _open(self, sealed: bytes, dialect: Dialect) -> bytes:
        return _ring(dialect).open(sealed, self.purpose)


class EncryptedBytes(Sealed, TypeDecorator[bytes]):
    """Bytes, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else self._seal(value, dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypt."""
        return None if value is None else self._open(value, dialect)


class Encrypted(Sealed, TypeDecorator[str]):
    """Text, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Encrypt."""
        return None if value is None else self._seal(value.encode(), dialect)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else self._open(value, dialect).decode()


class EncryptedJson(Sealed, TypeDecorator[Any]):
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


def _ring(dialect: Dialect) -> Keys:
    ring: Keys = dialect.uks_keys  # type: ignore[attr-defined]
    return ring
