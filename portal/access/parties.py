"""The parties known here; every other table knows a party only by its id."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Encrypted, Lookup, Session, Transaction, new_id
from portal.identity import Party

__all__ = ["PartyRow", "party", "party_id_of", "party_of"]


class PartyRow(Base):
    """A person or legal entity; found by the keyed index of its code."""

    __tablename__ = "party"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lookup: Mapped[str] = mapped_column(Lookup(), unique=True)
    code: Mapped[str] = mapped_column(Encrypted("party.code"))
    name: Mapped[str] = mapped_column(Encrypted("party.name"))


async def party_of(tx: Transaction, code: str, name: str) -> UUID:
    """Find the party of a code or enter it; the name is brought up to date."""
    upsert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    # Two first sign-ins at once meet on the unique index; the second takes the first one's id.
    await tx.execute(
        upsert(PartyRow)
        .values(id=new_id(), lookup=code, code=code, name=name)
        .on_conflict_do_nothing(index_elements=[PartyRow.lookup])
    )
    known = await party_id_of(tx, code)
    assert known is not None
    await tx.execute(update(PartyRow).where(PartyRow.id == known).values(name=name))
    return known


async def party_id_of(session: Session, code: str) -> UUID | None:
    """Find the id of a code, if it is known here."""
    found: UUID | None = await session.scalar(select(PartyRow.id).where(PartyRow.lookup == code))
    return found


async def party(session: Session, party_id: UUID) -> Party | None:
    """Give the party of an id, with its code and name."""
    row = (await session.execute(select(PartyRow).where(PartyRow.id == party_id))).first()
    return row and Party(row.id, row.code, row.name)
