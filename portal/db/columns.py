"""What tables are made of: ids, moments, and columns that are encrypted or look things up."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Protocol
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

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], bytes | None]:
        """Encrypt on the way there."""
        ring, purpose, written = _ring(dialect), self.purpose, self.written
        return lambda value: None if value is None else ring.seal(written(value), purpose)

    def result_processor(self, dialect: Dialect, _coltype: Any) -> Callable[[bytes | None], Any]:
        """Decrypt on the way back."""
        ring, purpose, read = _ring(dialect), self.purpose, self.read
        return lambda sealed: None if sealed is None else read(ring.open(sealed, purpose))

    def written(self, value: Any) -> bytes:
        """Write a value as the bytes that are sealed."""
        raise NotImplementedError

    def read(self, plain: bytes) -> Any:
        """Read the bytes that were sealed."""
        raise NotImplementedError


class EncryptedBytes(Sealed, TypeDecorator[bytes]):
    """Bytes, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def written(self, value: bytes) -> bytes:
        """Write them as they are."""
        return value

    def read(self, plain: bytes) -> bytes:
        """Read them as they are."""
        return plain


class Encrypted(Sealed, TypeDecorator[str]):
    """Text, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def written(self, value: str) -> bytes:
        """Write text."""
        return value.encode()

    def read(self, plain: bytes) -> str:
        """Read text."""
        return plain.decode()


class EncryptedJson(Sealed, TypeDecorator[Any]):
    """A JSON value, encrypted at rest for one purpose (`table.column`)."""

    impl = LargeBinary
    cache_ok = True

    def written(self, value: Any) -> bytes:
        """Write JSON."""
        return json.dumps(value, ensure_ascii=False).encode()

    def read(self, plain: bytes) -> Any:
        """Read JSON."""
        return _from_json(plain.decode())


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


# What `json.loads` does after asking what it was given: half of its time.
_from_json: Final = json.JSONDecoder().decode


def _ring(dialect: Dialect) -> Keys:
    ring: Keys = dialect.uks_keys  # type: ignore[attr-defined]
    return ring
