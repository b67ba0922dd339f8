"""Storage: one code for SQLite (WAL) and PostgreSQL; the signature says who writes."""

from portal.db.columns import (
    Base,
    Encrypted,
    EncryptedBytes,
    EncryptedJson,
    Keys,
    Lookup,
    UtcDateTime,
    new_id,
)
from portal.db.prepared import prepared
from portal.db.resealing import reseal
from portal.db.storage import Database, Session, Transaction

__all__ = [
    "Base",
    "Database",
    "Encrypted",
    "EncryptedBytes",
    "EncryptedJson",
    "Keys",
    "Lookup",
    "Session",
    "Transaction",
    "UtcDateTime",
    "new_id",
    "prepared",
    "reseal",
]
