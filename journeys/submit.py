"""Sending an application: frozen, receipted and planned for the core in one transaction, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, insert

from core_bridge.wire import freeze
from journeys import queries
from journeys.behalf import Behalf
from journeys.definition import Journey
from journeys.events import OnSent
from journeys.facts import known_facts
from journeys.flow import Path
from journeys.hiding import hidden_for
from journeys.queries import Found
from journeys.tables import ApplicationRow, DraftRow
from journeys.terms import period_to_apply_for
from journeys.wire import wire_application
from journeys.words import Period
from portal import audit, notify
from portal.calendar import tallinn_day
from portal.db import Transaction, prepared
from portal.identity import Actor
from portal.outbox import plan

FILE_TOPIC: Final = "journeys.file"
APPLICATION_TOPIC: Final = "journeys.application"

# Built once: composing a statement costs more than running it.
_TAKE: Final = prepared(
    delete(DraftRow).where(
        DraftRow.id == bindparam("id"),
        DraftRow.party_id == bindparam("party_id"),
        DraftRow.revision == bindparam("revision"),
    )
)
_KEEP: Final = prepared(insert(ApplicationRow))


class Sending(StrEnum):
    """What came of trying to send."""

    SENT = "sent"
    ALREADY_SENT = "already-sent"
    CHANGED = "changed"
    UNFINISHED = "unfinished"
    MONTH_PASSED = "month-passed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ToSend:
    """What is sent: the draft as it was reviewed, and in which language."""

    journey: Journey
    draft: Found
    lang: str
    at: datetime


async def submit(tx: Transaction, actor: Actor, send: ToSend, *, on_sent: OnSent) -> Sending:
    """Send the application; a repeat finds it already sent, and another tab's later change stops it."""
    draft, journey = send.draft, send.journey
    today = tallinn_day(send.at)
    path = Path.of(journey, draft.answers, today, Behalf.of(actor, today, draft.person_id))
    if path.first_unfinished(draft.done.split()) is not None:
        return Sending.UNFINISHED
    if draft.period and draft.period != str(period_to_apply_for(journey, today)):
        return Sending.MONTH_PASSED
    # Two tabs may send one draft at once: whoever deletes the row sends, the other sees the receipt.
    taken = await tx.execute(_TAKE, {"id": draft.id, "party_id": actor.party.id, "revision": draft.revision})
    if taken.rowcount != 1:
        return await _what_happened(tx, actor, draft.id)
    files = await queries.attachments(tx, actor, draft.id)
    await _send(tx, actor, send, path, [each for each in files if _still_asked(path, each.slot)], on_sent)
    return Sending.SENT


async def _send(
    tx: Transaction, actor: Actor, send: ToSend, path: Path, files: Sequence[Found], on_sent: OnSent
) -> None:
    draft, journey = send.draft, send.journey
    hidden = hidden_for(path, draft, actor, draft.done.split())
    application = wire_application(
        draft.id,
        actor,
        path,
        known_facts(draft.facts),
        files,
        period=Period.parse(draft.period) if draft.period else None,
        authority_code=draft.authority_code,
        lang=send.lang,
        at=send.at,
    )
    await tx.execute(
        _KEEP,
        {
            "id": draft.id,
            "party_id": actor.party.id,
            "person_id": actor.person.id,
            "right_kind": actor.right.kind,
            "only_for": hidden,
            "journey": journey.id,
            "version": journey.version,
            "period": draft.period,
            "authority_code": draft.authority_code,
            "core": journey.core,
            "sent_at": send.at,
            "content_hash": application.content_hash,
            "missing": " ".join(missing_documents(path, files)),
            "body": freeze(application),
        },
    )
    stream = str(draft.id)
    to_core = {"application_id": stream, "core": journey.core, "user": actor.person.code}
    for each in files:
        told = to_core | {"file_id": str(each.file_id), "attachment_id": str(each.id)}
        await plan(tx, FILE_TOPIC, stream=stream, payload=told, at=send.at)
    await plan(tx, APPLICATION_TOPIC, stream=stream, payload=to_core, at=send.at)
    await audit.record(
        tx, actor, "application-sent", about=draft.id, at=send.at, detail={"hash": application.content_hash}
    )
    await notify.plan_acted(tx, actor, about=draft.id, at=send.at)
    await on_sent(
        tx,
        id=draft.id,
        actor=actor,
        only_for=hidden,
        journey=journey.id,
        period=draft.period,
        authority_code=draft.authority_code,
        core=journey.core,
        at=send.at,
        files=[(each.file_id, each.name) for each in files],
    )


def missing_documents(path: Path, files: Sequence[Any]) -> list[str]:
    """List the documents that are needed and not there; they never stop the sending (HMS § 15)."""
    there = {each.slot for each in files}
    return [slot.id for slot in path.documents() if slot.needed and slot.id not in there]


def receipt_number(application_id: UUID, sent_at: datetime) -> str:
    """Return the number on the receipt: the year and the random end of the id, in letters that read well."""
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    rest, out = application_id.int, ""
    for _ in range(8):
        rest, letter = divmod(rest, 32)
        out = letters[letter] + out
    return f"{tallinn_day(sent_at).year}-{out[:4]}-{out[4:]}"


def _still_asked(path: Path, slot_id: str) -> bool:
    return any(slot.id == slot_id for slot in path.documents())


async def _what_happened(tx: Transaction, actor: Actor, draft_id: UUID) -> Sending:
    if await queries.application(tx, actor, draft_id) is not None:
        return Sending.ALREADY_SENT
    return Sending.CHANGED if await queries.draft(tx, actor, draft_id) is not None else Sending.GONE
