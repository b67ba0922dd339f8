"""Keeping the bytes: encrypted under a data key of their own, behind an interface that a folder and S3 share."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import obstore
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.store import LocalStore, ObjectStore, from_url
from sqlalchemy import delete, insert, select

from portal.db import Database, Session, Transaction, new_id, prepared
from portal.files.tables import FileRow, ForgottenFileRow

_NONCE = 12
# Built once: composing a statement costs more than running it.
_KEEP = prepared(insert(FileRow))


@dataclass(frozen=True, slots=True)
class Files:
    """The store of encrypted files; `scanned` tells whether the worker has a virus scanner to ask."""

    store: ObjectStore
    scanned: bool

    @classmethod
    def at(cls, url: str, *, scanned: bool) -> "Files":
        """Open the store at `file:///path` (made if missing) or `s3://bucket/prefix`."""
        if url.startswith("file://"):
            folder = Path(url.removeprefix("file://")).absolute()
            return cls(LocalStore(folder, mkdir=True), scanned)
        return cls(from_url(url), scanned)

    async def keep(
        self,
        tx: Transaction,
        *,
        party_id: UUID,
        content: bytes,
        media_type: str,
        at: datetime,
        scan: str | None = None,
    ) -> UUID:
        """Encrypt and keep a file; its row commits with `tx`."""
        file_id, key, nonce = new_id(), AESGCM.generate_key(256), os.urandom(_NONCE)
        sealed = nonce + AESGCM(key).encrypt(nonce, content, file_id.bytes)
        await obstore.put_async(self.store, _path(file_id), sealed)
        await tx.execute(
            _KEEP,
            {
                "id": file_id,
                "party_id": party_id,
                "data_key": key,
                "size": len(content),
                "media_type": media_type,
                "sha256": hashlib.sha256(content).hexdigest(),
                "scan": scan or ("pending" if self.scanned else "unscanned"),
                "kept_at": at,
            },
        )
        return file_id

    async def read(self, session: Session, file_id: UUID) -> bytes:
        """Give a file's bytes; whose file it is, the caller has already asked. Raises `KeyError`."""
        key = await session.scalar(select(FileRow.data_key).where(FileRow.id == file_id))
        if key is None:
            raise KeyError(file_id)
        sealed = bytes(await (await obstore.get_async(self.store, _path(file_id))).bytes_async())
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], file_id.bytes)

    async def forget(self, tx: Transaction, file_id: UUID) -> None:
        """Forget a file: with its data key gone, no copy of the bytes can be read again; `sweep` deletes them."""
        gone = await tx.execute(delete(FileRow).where(FileRow.id == file_id))
        if gone.rowcount:
            await tx.execute(insert(ForgottenFileRow).values(id=file_id))

    async def sweep(self, db: Database, limit: int = 200) -> int:
        """Delete the bytes of forgotten files, whose forgetting has committed; tells how many."""
        async with db.read() as session:
            gone = (await session.scalars(select(ForgottenFileRow.id).limit(limit))).all()
        for file_id in gone:
            with suppress(FileNotFoundError):
                await obstore.delete_async(self.store, _path(file_id))
        async with db.write() as tx:
            await tx.execute(delete(ForgottenFileRow).where(ForgottenFileRow.id.in_(gone)))
        return len(gone)


def _path(file_id: UUID) -> str:
    # Two levels of folders, so that no folder ever holds millions of files.
    return f"{file_id.hex[-2:]}/{file_id.hex[-4:-2]}/{file_id.hex}"
