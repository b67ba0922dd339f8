"""Files of a draft: several per slot, typed by content, capped, each kept once however often it is sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import bindparam, delete, insert, select

from journeys.definition import DocumentSlot
from journeys.tables import AttachmentRow, DraftRow
from portal import audit
from portal.access.sight import known, seen_by_actor
from portal.db import Transaction, prepared
from portal.files import MAX_BYTES, Files, Unacceptable, recognise
from portal.identity import Actor

MOST_FILES: Final = 40
"""No application carries more files than this."""

# Built once: composing a statement costs more than running it.
_KEEP: Final = prepared(insert(AttachmentRow))
_KNOWN: Final = prepared(
    select(AttachmentRow.id, AttachmentRow.slot).where(AttachmentRow.draft_id == bindparam("draft_id"))
)
_HELD: Final = prepared(
    select(DraftRow.id).where(DraftRow.id == bindparam("draft_id"), seen_by_actor(DraftRow)).with_for_update()
)


class DraftGone(Exception):
    """The draft was sent or deleted while its files were being changed."""


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why: an Estonian msgid with `name` and `size`."""

    name: str
    words: str
    remedy: str
    size: int


_WHY: Final = {
    "size": (_("Fail %(name)s on liiga suur (%(size)s)"), _("Lisage leht korraga või pildistage dokument.")),
    "empty": (_("Fail %(name)s on tühi"), _("Valige fail uuesti.")),
    "type": (_("Faili %(name)s ei saa lisada"), _("Lisage PDF, JPG või PNG. Selge foto sobib ka.")),
    "many": (
        _("Fail %(name)s jäi lisamata: siia mahub kuni %(most)s faili"),
        _("Eemaldage mõni fail või ühendage lehed üheks failiks."),
    ),
}


def refusal(reason: str, upload: Upload) -> Refused:
    """Say why a file was not taken."""
    words, remedy = _WHY.get(reason, _WHY["type"])
    return Refused(upload.name, words, remedy, len(upload.content))


def file_name(name: str | None) -> str:
    """Return a file's own name without folders and characters that cannot be shown."""
    last = PurePosixPath((name or "").replace("\\", "/")).name
    shown = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    short = f"{stem[:80]}.{ending[:10]}" if dot and stem else shown[:90]
    return short or "fail"


async def attach(
    tx: Transaction,
    actor: Actor,
    draft_id: UUID,
    slot: DocumentSlot,
    uploads: Sequence[Upload],
    *,
    once: UUID,
    files: Files,
    at: datetime,
) -> list[Refused]:
    """Keep the files that can be taken; returns those that cannot. The same form again changes nothing.

    Raises `DraftGone` when the draft was sent or deleted meanwhile.
    """
    refused: list[Refused] = []
    await _hold(tx, actor, draft_id)
    there = await _slots_by_id(tx, draft_id)
    for n, upload in enumerate(uploads):
        attachment_id = uuid5(once, str(n))
        if attachment_id in there:
            continue
        if len(there) >= MOST_FILES or list(there.values()).count(slot.id) >= slot.maximum:
            refused.append(refusal("many", upload))
            continue
        try:
            media_type = recognise(upload.content)
        except Unacceptable as error:
            refused.append(refusal(error.reason, upload))
            continue
        await _keep(tx, actor, draft_id, slot, upload, media_type, attachment_id, files, at)
        there[attachment_id] = slot.id
    return refused


async def detach(
    tx: Transaction, actor: Actor, draft_id: UUID, attachment_id: UUID, *, files: Files, at: datetime
) -> bool:
    """Take a file off a draft and forget it; False when there is no such file any more.

    Raises `DraftGone` when the draft was sent or deleted meanwhile: what was sent is not taken back so.
    """
    await _hold(tx, actor, draft_id)
    gone = await tx.execute(
        delete(AttachmentRow)
        .where(
            AttachmentRow.id == attachment_id,
            AttachmentRow.draft_id == draft_id,
            AttachmentRow.party_id == actor.party.id,
        )
        .returning(AttachmentRow.file_id)
    )
    file_id = gone.scalar()
    if file_id is None:
        return False
    await files.forget(tx, file_id)
    await audit.record(tx, actor, "file-removed", about=draft_id, at=at)
    return True


async def _keep(
    tx: Transaction,
    actor: Actor,
    draft_id: UUID,
    slot: DocumentSlot,
    upload: Upload,
    media_type: str,
    attachment_id: UUID,
    files: Files,
    at: datetime,
) -> None:
    file_id = await files.keep(
        tx, party_id=actor.party.id, content=upload.content, media_type=media_type, at=at
    )
    await tx.execute(
        _KEEP,
        {
            "id": attachment_id,
            "draft_id": draft_id,
            "party_id": actor.party.id,
            "slot": slot.id,
            "file_id": file_id,
            "name": upload.name,
            "media_type": media_type,
            "size": len(upload.content),
            "sha256": hashlib.sha256(upload.content).hexdigest(),
            "added_at": at,
        },
    )
    await audit.record(tx, actor, "file-added", about=draft_id, at=at, detail={"slot": slot.id})


async def _hold(tx: Transaction, actor: Actor, draft_id: UUID) -> None:
    """Keep the draft from being sent or deleted until this transaction ends."""
    if await tx.scalar(_HELD, {"draft_id": draft_id, **known(actor)}) is None:
        raise DraftGone(draft_id)


async def _slots_by_id(tx: Transaction, draft_id: UUID) -> dict[UUID, str]:
    found = await tx.execute(_KNOWN, {"draft_id": draft_id})
    return {row.id: row.slot for row in found}


__all__ = [
    "MAX_BYTES",
    "MOST_FILES",
    "DraftGone",
    "Refused",
    "Upload",
    "attach",
    "detach",
    "file_name",
    "refusal",
]
