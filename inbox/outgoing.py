"""What goes to a core: frozen when it is planned, so that every try sends the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from core_bridge.wire import (
    Author,
    AuthorityRef,
    AuthorKind,
    FileRef,
    PartyRef,
    RightRef,
    SubmittedBy,
    Wire,
    freeze,
)
from portal.authorities import authority
from portal.db import Transaction
from portal.identity import Actor
from portal.outbox import plan

MESSAGE: Final = "inbox.message"
REPLY: Final = "inbox.reply"
WITHDRAWAL: Final = "inbox.withdrawal"
RECEIPT: Final = "inbox.receipt"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A write on its way to a core, and the entry that is stamped when it has got there."""

    topic: str
    core: str
    matter_id: UUID
    entry_id: UUID
    body: Wire
    path: str = ""
    files: Sequence[FileRef] = ()


async def plan_outgoing(tx: Transaction, actor: Actor, out: Outgoing, at: datetime) -> None:
    """Plan a write, behind everything else of its matter: the core must know the application first."""
    payload: dict[str, Any] = {
        "core": out.core,
        "matterId": str(out.matter_id),
        "entryId": str(out.entry_id),
        "body": freeze(out.body).decode(),
        "path": out.path,
        "files": [{"id": str(each.file_id), "mediaType": each.media_type} for each in out.files],
        "user": actor.person.code,
    }
    await plan(tx, out.topic, stream=str(out.matter_id), payload=payload, at=at)


def party_ref(actor: Actor) -> PartyRef:
    """Name the party whose matter it is."""
    return PartyRef(code=actor.party.code, name=actor.party.name)


def person_ref(actor: Actor) -> PartyRef:
    """Name the person who acts."""
    return PartyRef(code=actor.person.code, name=actor.person.name)


def submitted_by(actor: Actor) -> SubmittedBy:
    """Say who acted and by what right: the authority sees who wrote, for whom, and why they may."""
    return SubmittedBy(person=person_ref(actor), right=_right(actor))


def author(actor: Actor) -> Author:
    """Say in what quality and by what right the person writes."""
    kind = AuthorKind.CITIZEN if actor.for_self else AuthorKind.REPRESENTATIVE
    return Author(kind=kind, name=actor.person.name, code=actor.person.code, right=_right(actor))


def written_by(actor: Actor) -> dict[str, Any]:
    """Say who acted, as an entry keeps it."""
    return author(actor).model_dump(mode="json", exclude_none=True)


def _right(actor: Actor) -> RightRef:
    return RightRef(kind=actor.right.kind, source=actor.right.source, valid_until=actor.right.named_end)


def authority_ref(code: str, told_name: str | None) -> AuthorityRef:
    """Name the authority, by our own list or as the core named it."""
    try:
        return AuthorityRef(code=code, name=authority(code).name)
    except KeyError:
        return AuthorityRef(code=code, name=told_name or code)
