"""Tokens that are good for one use, shared by all processes."""

from datetime import datetime

from sqlalchemy import String, delete
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Lookup, Transaction


class UsedTokenRow(Base):
    """A token that was used; forgotten once it could no longer be valid anyway."""

    __tablename__ = "used_token"
    purpose: Mapped[str] = mapped_column(String(40), primary_key=True)
    token: Mapped[str] = mapped_column(Lookup(), primary_key=True)
    until: Mapped[datetime]


async def first_use(tx: Transaction, purpose: str, token: str, until: datetime) -> bool:
    """Remember a token's use; False when it was used before."""
    upsert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    done = await tx.execute(
        upsert(UsedTokenRow).values(purpose=purpose, token=token, until=until).on_conflict_do_nothing()
    )
    return done.rowcount == 1


async def forget_expired(tx: Transaction, now: datetime) -> None:
    """Forget the tokens that could no longer be valid."""
    await tx.execute(delete(UsedTokenRow).where(UsedTokenRow.until < now))
