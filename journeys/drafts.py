"""Drafts: started, saved at every step as typed, and deleted; kept for 90 days after the last change."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from core_bridge.errors import CoreError
from core_bridge.wire import PartyRef, PrefillRequest
from journeys import queries
from journeys.answers import Answers, fresh_item, with_least_items
from journeys.definition import Journey
from journeys.events import OnDraft, OnDraftGone, Prefill
from journeys.facts import Facts, lay_in, not_asked, nothing_known, wanted
from journeys.flow import Path
from journeys.hiding import hidden_at_first, hidden_for
from journeys.queries import Found
from journeys.tables import ApplicationRow, AttachmentRow, DraftRow
from journeys.terms import period_to_apply_for
from journeys.wire import submitted_by
from portal import audit
from portal.authorities import authority
from portal.calendar import tallinn_day
from portal.db import Transaction, prepared
from portal.files import Files
from portal.identity import Actor, Assurance

KEPT_FOR: Final = timedelta(days=90)

# Built once: composing a statement costs more than running it.
_SENDER: Final = prepared(select(ApplicationRow.party_id).where(ApplicationRow.id == bindparam("id")))
_START: Final = {
    "sqlite": prepared(insert_sqlite(DraftRow).on_conflict_do_nothing().returning(DraftRow.id)),
    "postgresql": prepared(insert_postgresql(DraftRow).on_conflict_do_nothing().returning(DraftRow.id)),
}
# The revision was read by who saves it, so it is theirs to see.
_SAVE: Final = prepared(
    update(DraftRow).where(
        DraftRow.id == bindparam("of_draft"),
        DraftRow.party_id == bindparam("of_party"),
        DraftRow.revision == bindparam("seen_revision"),
    )
)


@dataclass(frozen=True, slots=True)
class Start:
    """What a new draft begins with."""

    journey: Journey
    authority_code: str
    answers: Answers
    facts: Facts


async def begin(
    prefill: Prefill,
    actor: Actor,
    journey: Journey,
    authority_code: str,
    *,
    at: datetime,
    answers: Answers | None = None,
) -> Start:
    """Make what a draft begins with, asking registers; a core that does not answer stops nobody.

    With `answers` an existing draft is asked for again: what the person has said stays. Who signed in by a passkey
    is not known surely enough for registers to be asked.
    """
    start = answers if answers is not None else first_answers(journey, actor, authority_code)
    if actor.assurance is not Assurance.GOVSSO:
        return Start(journey, authority_code, start, not_asked(at))
    request = PrefillRequest(
        journey=journey.id,
        party=PartyRef(code=actor.party.code, name=actor.party.name),
        asked_by=submitted_by(actor),
        fields=wanted(journey),
    )
    try:
        told = await prefill(journey.core, request)
    except CoreError:
        return Start(journey, authority_code, start, nothing_known(at))
    laid, facts = lay_in(journey, start, told, actor.party.code, at)
    return Start(journey, authority_code, laid, facts)


def first_answers(journey: Journey, actor: Actor, authority_code: str) -> Answers:
    """Return what is known before anything is asked: the municipality, and who the applicant is."""
    answers: Answers = {"kov": authority_code} if any(field.id == "kov" for field in journey.fields()) else {}
    for group in journey.repeated():
        if group.repeat and group.repeat.person:
            applicant = fresh_item(name=actor.party.name, code=actor.party.code.removeprefix("EE"))
            answers[group.id] = [with_least_items(group, applicant)]
    return answers


async def start_draft(
    tx: Transaction,
    actor: Actor,
    draft_id: UUID,
    start: Start,
    *,
    at: datetime,
    on_draft: OnDraft,
    way_back: str | None = None,
) -> bool:
    """Start a draft under the once-only id of its form; tells whether the id is now the party's own draft."""
    sender = await tx.scalar(_SENDER, {"id": draft_id})
    if sender is not None:
        # Back after sending, and "Alusta" pressed once more: that application is sent.
        return bool(sender == actor.party.id)
    month = period_to_apply_for(start.journey, tallinn_day(at))
    period = str(month) if month else None
    hidden = hidden_at_first(start.journey, start.answers, actor, tallinn_day(at))
    values = {
        "id": draft_id,
        "party_id": actor.party.id,
        "person_id": actor.person.id,
        "only_for": hidden,
        "journey": start.journey.id,
        "version": start.journey.version,
        "period": period,
        "authority_code": start.authority_code,
        "answers": start.answers,
        "facts": start.facts,
        "done": "",
        "way_back": way_back,
        "revision": 1,
        "started_at": at,
        "changed_at": at,
        "expires_at": at + KEPT_FOR,
    }
    made = await tx.execute(_START[tx.dialect.name], values)
    if made.first() is None:
        owner = await tx.scalar(select(DraftRow.party_id).where(DraftRow.id == draft_id))
        return bool(owner == actor.party.id)
    await audit.record(
        tx, actor, "draft-started", about=draft_id, at=at, detail={"journey": start.journey.id}
    )
    await on_draft(
        tx,
        id=draft_id,
        actor=actor,
        only_for=hidden,
        journey=start.journey.id,
        period=period,
        authority_code=start.authority_code,
        at=at,
        expires_at=at + KEPT_FOR,
    )
    return True


async def save_draft(
    tx: Transaction,
    actor: Actor,
    draft: Found,
    path: Path,
    *,
    done: Collection[str],
    at: datetime,
    on_draft: OnDraft,
    facts: Facts | None = None,
    period: str | None = None,
) -> bool:
    """Save the answers of a path over the revision that was read; False when somebody else saved meanwhile."""
    code = _authority_code(path.answers, draft.authority_code)
    month, hidden = period or draft.period, hidden_for(path, draft, actor, done)
    values: dict[str, Any] = {
        "of_draft": draft.id,
        "of_party": actor.party.id,
        "seen_revision": draft.revision,
        "answers": path.answers,
        "only_for": hidden,
        "done": " ".join(done),
        "authority_code": code,
        "period": month,
        "revision": draft.revision + 1,
        "changed_at": at,
        "expires_at": at + KEPT_FOR,
    }
    if facts is not None:
        values["facts"] = facts
    saved = await tx.execute(_SAVE, values)
    if saved.rowcount != 1:
        return False
    await on_draft(
        tx,
        id=draft.id,
        actor=actor,
        only_for=hidden,
        journey=draft.journey,
        period=month,
        authority_code=code,
        at=at,
        expires_at=at + KEPT_FOR,
    )
    return True


async def delete_draft(
    tx: Transaction, actor: Actor, draft_id: UUID, *, files: Files, at: datetime, on_draft_gone: OnDraftGone
) -> bool:
    """Delete a draft that the actor may see, and its files; False when there is none."""
    if await queries.draft(tx, actor, draft_id) is None:
        return False
    gone = await tx.execute(delete(DraftRow).where(DraftRow.id == draft_id))
    if gone.rowcount != 1:
        return False
    await forget_files(tx, draft_id, files)
    await audit.record(tx, actor, "draft-deleted", about=draft_id, at=at)
    await on_draft_gone(tx, draft_id)
    return True


async def forget_files(tx: Transaction, draft_id: UUID, files: Files) -> None:
    """Forget the files of a draft that is gone."""
    gone = await tx.execute(
        delete(AttachmentRow).where(AttachmentRow.draft_id == draft_id).returning(AttachmentRow.file_id)
    )
    for file_id in gone.scalars().all():
        await files.forget(tx, file_id)


def _authority_code(answers: Answers, before: str) -> str:
    """Return the municipality of the answers; one that does not exist leaves the earlier one in place."""
    code = answers.get("kov")
    try:
        return authority(code).code if isinstance(code, str) and authority(code).kind != "amet" else before
    except KeyError:
        return before
