"""What other features tell Minu suhtlus, inside their own transactions: a draft, a sending, a hand-over."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Insert, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from inbox.entries import enter
from inbox.model.states import State, Turn
from inbox.outgoing import written_by
from inbox.tables import EntryRow, InteractionRow
from inbox.turns import held, restate
from portal.db import Transaction, prepared
from portal.files import FileRow
from portal.identity import Actor
from portal.notify import plan_notice
from portal.ui import NotFound


async def draft_saved(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    actor: Actor,
    journey: str,
    period: str | None,
    authority_code: str,
    at: datetime,
    expires_at: datetime | None,
    only_for: UUID | None = None,
) -> None:
    """Show an unsent application in the list, or bring its line up to date; who began it stays.

    `only_for` is the only person, beside the party itself, who may see it.
    """
    await _put(
        tx,
        {
            "id": id,
            "party_id": actor.party.id,
            "filed_by": actor.person.id,
            "only_for": only_for,
            "kind": "draft",
            "journey": journey,
            "period": period,
            "authority_code": authority_code,
            "core": "",
            "state": State.DRAFT,
            "whose_turn": Turn.YOU,
            "closed": False,
            "words": {},
            "unread": 0,
            "updated_at": at,
            "expires_at": expires_at,
        },
        fixed="filed_by",
    )


async def draft_gone(tx: Transaction, id: UUID) -> None:  # noqa: A002
    """Take a deleted draft out of the list; what has been sent stays."""
    await tx.execute(delete(InteractionRow).where(InteractionRow.id == id, InteractionRow.kind == "draft"))


async def sent(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    actor: Actor,
    journey: str,
    period: str | None,
    authority_code: str,
    core: str,
    at: datetime,
    files: Sequence[tuple[UUID, str]] = (),
    only_for: UUID | None = None,
) -> None:
    """Make the matter of an application: it is there at once, before the core knows of it."""
    await _put(
        tx,
        {
            "id": id,
            "party_id": actor.party.id,
            "filed_by": actor.person.id,
            "only_for": only_for,
            "kind": "application",
            "journey": journey,
            "period": period,
            "authority_code": authority_code,
            "core": core,
            "state": State.SUBMITTED,
            "whose_turn": Turn.AUTHORITY,
            "closed": False,
            "words": {"base": State.SUBMITTED},
            "unread": 0,
            "sent_at": at,
            "updated_at": at,
            "expires_at": None,
        },
    )
    await enter(tx, id, "event", "sent", at, {"author": written_by(actor)})
    await own_documents(tx, id, files, at)


async def handed_over(tx: Transaction, id: UUID, at: datetime) -> None:  # noqa: A002
    """Write down that the core has the application; a repeat changes nothing."""
    matter = await held(tx, InteractionRow.id == id, InteractionRow.handed_over_at.is_(None))
    if matter is not None:
        await tx.execute(update(InteractionRow).where(InteractionRow.id == id).values(handed_over_at=at))
        await enter(tx, id, "event", "handed_over", at)


async def file_withheld(
    tx: Transaction,
    *,
    application_id: UUID,
    file_id: UUID,
    name: str,
    slot: str,
    at: datetime,
) -> None:
    """Ask for another file when one had a virus; the filing time stands (design § 4)."""
    matter = await held(tx, InteractionRow.id == application_id)
    if matter is not None:
        about = {"name": name, "slot": slot, "fileId": str(file_id)}
        await enter(tx, matter.id, "task", "file", at, about)
        await restate(tx, matter, at)
        await plan_notice(
            tx,
            party_id=matter.party_id,
            only_for=matter.only_for,
            journey=matter.journey,
            kind="your-turn",
            matter_id=matter.id,
            at=at,
        )


async def notice_sent(tx: Transaction, matter_id: UUID, kind: str, at: datetime) -> None:
    """Write down that a notice of a decision has been sent: one of the three dates kept apart (SÜS § 27)."""
    if kind == "decision":
        await tx.execute(
            update(EntryRow)
            .where(EntryRow.interaction_id == matter_id, EntryRow.kind == "decision")
            .where(EntryRow.made_available_at.is_not(None), EntryRow.notice_sent_at.is_(None))
            .values(notice_sent_at=at)
        )


async def own_documents(
    tx: Transaction,
    matter_id: UUID,
    files: Sequence[tuple[UUID, str]],
    at: datetime,
    *,
    of_id: UUID | None = None,
) -> None:
    """List the files that the person added among the matter's documents."""
    if not files:
        return
    ids = {f"id_{n}": file_id for n, (file_id, _) in enumerate(files)}
    known = await tx.execute(_files(tuple(ids)), ids)
    kept = {row.id: row for row in known}
    for file_id, name in files:
        row = kept[file_id]
        about = {"name": name, "mediaType": row.media_type, "size": row.size}
        await enter(tx, matter_id, "document", "ours", at, about, file_id=file_id, of_id=of_id)


async def _put(tx: Transaction, values: dict[str, Any], fixed: str = "") -> None:
    put = await tx.execute(_putting(tx.dialect.name, tuple(values), fixed), values)
    if put.rowcount != 1:
        owner = await tx.scalar(select(InteractionRow.party_id).where(InteractionRow.id == values["id"]))
        if owner != values["party_id"]:
            # A forged id of somebody else's matter: for this person there is none.
            raise NotFound


@cache
def _files(places: tuple[str, ...]) -> Executable:
    """Compose the statement once for each number of files."""
    wanted = FileRow.id.in_([bindparam(place, type_=FileRow.id.type) for place in places])
    return prepared(select(FileRow.id, FileRow.size, FileRow.media_type).where(wanted))


@cache
def _putting(dialect: str, names: tuple[str, ...], fixed: str) -> Insert:
    """Compose the statement once for each set of columns: that costs more than running it."""
    statement = insert_sqlite(InteractionRow) if dialect == "sqlite" else insert_postgresql(InteractionRow)
    # What has been sent never turns back into a draft, however late a saved step arrives.
    put = statement.on_conflict_do_update(
        index_elements=[InteractionRow.id],
        set_={name: statement.excluded[name] for name in names if name not in ("id", "party_id", fixed)},
        where=(InteractionRow.kind == "draft") & (InteractionRow.party_id == statement.excluded.party_id),
    )
    return prepared(put)
