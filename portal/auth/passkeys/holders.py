"""Those who have passkeys: all that is known of the person, and when GovSSO last vouched for them."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, exists, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from portal.auth.passkeys.tables import PasskeyHolderRow, PasskeyRow
from portal.db import Transaction
from portal.identity import Person

_UNUSED: Final = timedelta(days=1)


async def signed_in_by_govsso(tx: Transaction, person: Person, now: datetime) -> None:
    """Let the person's passkeys live on, in the transaction of a sign-in through GovSSO."""
    await tx.execute(_VOUCHED, {"its": person.id, "who": _written(person), "govsso_at": now})


async def handle_of(tx: Transaction, person: Person, govsso_at: datetime) -> bytes:
    """Give the person's user handle; the first passkey's is made up at random."""
    fresh = {
        "person_id": person.id,
        "handle": secrets.token_bytes(64),
        "who": _written(person),
        "govsso_at": govsso_at,
    }
    upsert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    await tx.execute(upsert(PasskeyHolderRow).values(**fresh).on_conflict_do_nothing())
    found = select(PasskeyHolderRow.handle).where(PasskeyHolderRow.person_id == person.id)
    return bytes((await tx.execute(found)).scalar_one())


def person_of(row: Row[Any]) -> Person:
    """Give the person of a holder's row."""
    code, given_name, family_name, born = row.who
    return Person(row.person_id, code, given_name, family_name, born and date.fromisoformat(born))


async def forget_unused(tx: Transaction, now: datetime) -> None:
    """Forget those who have no passkey: they began to add one and did not, or removed their last."""
    none = ~exists().where(PasskeyRow.person_id == PasskeyHolderRow.person_id)
    await tx.execute(delete(PasskeyHolderRow).where(none, PasskeyHolderRow.govsso_at < now - _UNUSED))


def _written(person: Person) -> list[Any]:
    born = person.birthdate and person.birthdate.isoformat()
    return [person.code, person.given_name, person.family_name, born]


_VOUCHED: Final = (
    update(PasskeyHolderRow)
    .where(PasskeyHolderRow.person_id == bindparam("its"))
    .values(who=bindparam("who"), govsso_at=bindparam("govsso_at"))
)
