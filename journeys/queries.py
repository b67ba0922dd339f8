"""What pages read: always the actor's own party's drafts and applications, and of them only what this actor may see."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Row, bindparam, select

from journeys.tables import ApplicationRow, AttachmentRow, DraftRow
from portal.access.parties import PartyRow
from portal.access.sight import known, reached_by, seen_by_actor
from portal.db import Session, prepared
from portal.files import FileRow
from portal.identity import Actor
from portal.outbox import OutboxRow

Found = Row[*tuple[Any, ...]]
"""One row, its columns as attributes."""

_DRAFT = prepared(select(DraftRow).where(DraftRow.id == bindparam("id"), seen_by_actor(DraftRow)))
_DRAFTS = prepared(
    select(
        DraftRow.id,
        DraftRow.person_id,
        DraftRow.journey,
        DraftRow.period,
        DraftRow.authority_code,
        DraftRow.changed_at,
        DraftRow.expires_at,
    )
    .where(seen_by_actor(DraftRow))
    .order_by(DraftRow.changed_at.desc())
    .limit(100)
)
_ATTACHMENTS = prepared(
    select(
        AttachmentRow.id,
        AttachmentRow.slot,
        AttachmentRow.file_id,
        AttachmentRow.name,
        AttachmentRow.media_type,
        AttachmentRow.size,
        AttachmentRow.sha256,
        AttachmentRow.withheld_at,
        AttachmentRow.handed_at,
        FileRow.scan,
    )
    .join(FileRow, FileRow.id == AttachmentRow.file_id)
    .where(AttachmentRow.draft_id == bindparam("draft_id"), AttachmentRow.party_id == bindparam("party_id"))
    .order_by(AttachmentRow.added_at, AttachmentRow.id)
)
_APPLICATION = select(
    ApplicationRow.id,
    ApplicationRow.person_id,
    ApplicationRow.right_kind,
    ApplicationRow.only_for,
    ApplicationRow.journey,
    ApplicationRow.version,
    ApplicationRow.period,
    ApplicationRow.authority_code,
    ApplicationRow.core,
    ApplicationRow.sent_at,
    ApplicationRow.content_hash,
    ApplicationRow.missing,
    ApplicationRow.handed_at,
).where(ApplicationRow.id == bindparam("id"), seen_by_actor(ApplicationRow))
_NEXT_TO_HAND_OVER = (
    select(OutboxRow.id)
    .where(OutboxRow.stream == bindparam("stream"))
    .order_by(OutboxRow.id)
    .limit(1)
    .scalar_subquery()
)
_RECEIPT = prepared(
    _APPLICATION.add_columns(
        OutboxRow.topic, OutboxRow.attempts, OutboxRow.last_tried_at, OutboxRow.last_error
    ).outerjoin(OutboxRow, OutboxRow.id == _NEXT_TO_HAND_OVER)
)


async def drafts(session: Session, actor: Actor) -> Sequence[Found]:
    """List the party's drafts, the last changed first."""
    statement = _DRAFTS.where(reached_by(actor.right, DraftRow)) if actor.right.is_limited else _DRAFTS
    return (await session.execute(statement, known(actor))).all()


async def draft(session: Session, actor: Actor, draft_id: UUID) -> Found | None:
    """Return the party's own draft."""
    return await _one(session, actor, _DRAFT, id=draft_id)


async def attachments(session: Session, actor: Actor, draft_id: UUID) -> Sequence[Found]:
    """List the files of a draft or an application, with what the virus scan says."""
    return (await session.execute(_ATTACHMENTS, {"draft_id": draft_id, "party_id": actor.party.id})).all()


async def application(session: Session, actor: Actor, application_id: UUID) -> Found | None:
    """Return what the party sent; its frozen bytes stay where they are."""
    return await _one(session, actor, _APPLICATION, id=application_id)


async def receipt(session: Session, actor: Actor, application_id: UUID) -> Found | None:
    """Return what the party sent, with what of it waits to be handed over (`topic` is empty when nothing does)."""
    return await _one(session, actor, _RECEIPT, id=application_id, stream=str(application_id))


async def names(session: Session, actor: Actor, people: Iterable[UUID]) -> Mapping[UUID, str]:
    """Tell the names of those, other than the actor, who began or sent what the actor has found."""
    others = set(people) - {actor.person.id}
    if not others:
        return {}
    found = await session.execute(select(PartyRow.id, PartyRow.name).where(PartyRow.id.in_(others)))
    return {row.id: row.name for row in found}


async def _one(session: Session, actor: Actor, statement: Executable, **of: object) -> Found | None:
    row = (await session.execute(statement, {**known(actor), **of})).first()
    # Beyond the right's scope it does not exist either.
    return row if row is not None and actor.right.covers(row.id, row.journey) else None
