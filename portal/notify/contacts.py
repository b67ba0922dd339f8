"""A person's own contact: asking for an address, confirming it by the mailed link, removing it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from portal import audit, outbox
from portal.db import Session, Transaction
from portal.identity import Actor
from portal.notify.tables import ContactRow
from portal.texts import Language

LINK_LASTS: Final = timedelta(hours=24)
MAILS_A_DAY: Final = 5
CONFIRM: Final = "notify.confirm"


@dataclass(frozen=True, slots=True)
class Contact:
    """What a person has told us: the confirmed address, and one whose link is still to be opened."""

    language: Language
    address: str | None = None
    confirmed_at: datetime | None = None
    failing_since: datetime | None = None
    asked: str | None = None
    asked_failed_at: datetime | None = None
    token_expires_at: datetime | None = None


class Outcome(StrEnum):
    """What became of a form, or what a mailed link is worth."""

    MAILED = "mailed"
    SAVED = "saved"
    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    OTHERS = "others"


class TooManyMails(Exception):
    """So many confirming mails have gone out in a day that no more are sent."""


async def contact_of(session: Session, actor: Actor) -> Contact | None:
    """Give the contact of the person who is signed in, whomever they act for."""
    row = (await session.execute(select(ContactRow).where(ContactRow.person_id == actor.person.id))).first()
    return row and Contact(**{name: getattr(row, name) for name in Contact.__slots__})


async def ask(
    tx: Transaction, actor: Actor, *, address: str, language: Language, form_id: UUID, at: datetime
) -> Outcome:
    """Save the language, and mail a link to an address that is not confirmed (or no longer reached).

    The address confirmed before stays in use until the new one is confirmed. Raises `TooManyMails`.
    """
    row = await _locked(tx, actor, language)
    if row.form_id == form_id:
        return Outcome.SAVED
    if address == row.address and not row.failing_since:
        await _change(tx, actor, at, "contact.language", language=language, form_id=form_id, asked=None)
        return Outcome.SAVED
    since, mails = _counted(row, at)
    token = secrets.token_urlsafe(24)
    await _change(
        tx, actor, at, "contact.asked",
        language=language, form_id=form_id, mails_since=since, mails=mails,
        asked=address, asked_failed_at=None, token=token, token_expires_at=at + LINK_LASTS,
    )  # fmt: skip
    payload = {"person": str(actor.person.id), "token": token}
    await outbox.plan(tx, CONFIRM, stream=f"mail:{form_id}", payload=payload, at=at)
    return Outcome.MAILED


async def link_state(session: Session, actor: Actor, token: str, now: datetime) -> Outcome:
    """Tell what a mailed link is worth in the hands of the person who is signed in."""
    row = (await session.execute(select(ContactRow).where(ContactRow.token == token))).first()
    if row is None:
        return Outcome.UNKNOWN
    if row.person_id != actor.person.id:
        return Outcome.OTHERS
    if row.asked is None:
        return Outcome.DONE if row.address else Outcome.UNKNOWN
    return Outcome.OPEN if now <= row.token_expires_at else Outcome.EXPIRED


async def confirm(tx: Transaction, actor: Actor, token: str, at: datetime) -> Outcome:
    """Start using the asked address if the link is this person's and still open; a repeat is done already."""
    # Locked before it is judged: an older link must not confirm an address asked for at this very moment.
    mine = select(ContactRow.asked).where(ContactRow.person_id == actor.person.id).with_for_update()
    asked = await tx.scalar(mine)
    state = await link_state(tx, actor, token, at)
    if state is not Outcome.OPEN:
        return state
    await _change(
        tx, actor, at, "contact.confirmed",
        address=asked, confirmed_at=at, failing_since=None, asked=None, asked_failed_at=None,
    )  # fmt: skip
    return Outcome.DONE


async def remove(tx: Transaction, actor: Actor, at: datetime) -> None:
    """Forget the person's addresses; nothing is mailed any more."""
    await _change(
        tx, actor, at, "contact.removed",
        address=None, confirmed_at=None, failing_since=None,
        asked=None, asked_failed_at=None, token=None, token_expires_at=None,
    )  # fmt: skip


async def _locked(tx: Transaction, actor: Actor, language: Language) -> Any:
    mine = select(ContactRow).where(ContactRow.person_id == actor.person.id).with_for_update()
    insert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    fresh = insert(ContactRow).values(person_id=actor.person.id, language=language, mails=0)
    await tx.execute(fresh.on_conflict_do_nothing())
    return (await tx.execute(mine)).one()


async def _change(tx: Transaction, actor: Actor, at: datetime, act: str, **values: Any) -> None:
    await tx.execute(update(ContactRow).where(ContactRow.person_id == actor.person.id).values(**values))
    await audit.record(tx, actor, act, about=actor.person.id, at=at)


def _counted(row: Any, at: datetime) -> tuple[datetime, int]:
    if row.mails_since is None or at - row.mails_since >= timedelta(days=1):
        return at, 1
    if row.mails >= MAILS_A_DAY:
        raise TooManyMails
    return row.mails_since, row.mails + 1
