"""Writing a letter in a matter."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update

from core_bridge.wire import FileRef, Message
from inbox.acts import Act, first_time, own_matter
from inbox.entries import enter
from inbox.matters import own_documents
from inbox.model.states import State, Turn
from inbox.outgoing import (
    MESSAGE,
    Outgoing,
    author,
    authority_ref,
    party_ref,
    plan_outgoing,
    written_by,
)
from inbox.tables import EntryRow
from inbox.turns import Matter, restate
from inbox.uploads import Upload, keep
from portal import audit, notify
from portal.db import Transaction
from portal.files import Files


async def write_message(
    tx: Transaction, act: Act, files: Files, matter_id: UUID, text: str, uploads: Sequence[Upload]
) -> None:
    """Write to the authority; who writes has read what came before. Raises `Closed`, `Repeated`."""
    matter = await own_matter(tx, act.actor, matter_id)
    await first_time(tx, act)
    kept = await keep(tx, files, act.actor, uploads, act.at)
    await send_letter(tx, act, matter, text, kept)
    await mark_read(tx, act, matter)
    if matter.state == State.MESSAGE:
        # Nobody else moves a thread that belongs to no proceeding.
        await restate(tx, matter, act.at, base=State.MESSAGE, turn=Turn.AUTHORITY, unread=0)
    else:
        await restate(tx, matter, act.at, unread=0)
    await audit.record(tx, act.actor, "message-written", about=matter_id, at=act.at)
    await notify.plan_acted(tx, act.actor, about=matter_id, at=act.at)


async def send_letter(
    tx: Transaction,
    act: Act,
    matter: Matter,
    text: str,
    kept: Sequence[FileRef],
    *,
    title: str | None = None,
) -> None:
    """Keep a letter of ours and plan its hand-over; `title` is that of a thread that it begins."""
    letter = letter_of(act, text)
    await enter(tx, matter.id, "message", "ours", act.at, letter, entry_id=act.id)
    await own_documents(tx, matter.id, [(each.file_id, each.name) for each in kept], act.at, of_id=act.id)
    body = Message(
        message_id=act.id,
        thread_id=matter.core_thread_id or str(matter.id),
        party=party_ref(act.actor),
        author=author(act.actor),
        authority=authority_ref(matter.authority_code, matter.words.get("authority")),
        application_id=matter.id if matter.kind == "application" else None,
        proceeding_id=matter.core_proceeding_id,
        title=title,
        text=text,
        files=tuple(kept),
        sent_at=act.at,
    )
    await plan_outgoing(
        tx, act.actor, Outgoing(MESSAGE, matter.core, matter.id, act.id, body, files=kept), act.at
    )


async def mark_read(tx: Transaction, act: Act, matter: Matter) -> None:
    """Mark the authority's letters in a matter as read."""
    await tx.execute(
        update(EntryRow)
        .where(EntryRow.interaction_id == matter.id, EntryRow.kind == "message")
        .where(EntryRow.what == "theirs", EntryRow.read_at.is_(None))
        .values(read_at=act.at)
    )


async def letters_read(tx: Transaction, act: Act, matter_id: UUID) -> None:
    """Mark all letters of a matter as read, because the person says so. Raises `Closed`."""
    matter = await own_matter(tx, act.actor, matter_id)
    await mark_read(tx, act, matter)
    await restate(tx, matter, matter.updated_at, unread=0)


def letter_of(act: Act, text: str) -> dict[str, Any]:
    """Give a letter as its entry keeps it."""
    return {"author": written_by(act.actor), "text": text}
