"""Messages, both ways."""

import json
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, insert, select, update

from core_bridge.wire import Author, AuthorityRef, AuthorKind, Message, MessageSeen, MessageSent, PartyRef

from .casework import Act
from .database import Session
from .ledger import say
from .tables import MessageRow


async def keep(act: Act, message: Message) -> None:
    """Keep what came from the portal."""
    from_us = message.author.kind is AuthorKind.CASEWORKER
    await act.tx.execute(
        insert(MessageRow).values(
            id=str(message.message_id),
            thread_id=message.thread_id,
            authority=message.authority.code,
            application_id=message.application_id,
            proceeding_id=message.proceeding_id,
            party_code=message.party.code,
            party_name=message.party.name,
            author_kind=message.author.kind.value,
            author_name=message.author.name,
            author_right=message.author.right and message.author.right.kind,
            title=message.title,
            text=message.text,
            files=json.dumps(
                [file.model_dump(mode="json", by_alias=True) for file in message.files]
            ).encode(),
            sent_at=message.sent_at,
            # What an official wrote at the portal's own desk needs nobody here to read it.
            seen_at=act.now if from_us else None,
        )
    )


async def write(
    act: Act,
    *,
    party: PartyRef,
    authority: AuthorityRef,
    text: str,
    title: str | None = None,
    thread_id: str | None = None,
    application_id: UUID | None = None,
    proceeding_id: str | None = None,
) -> None:
    """Write to the citizen, in their thread if there is one."""
    sent = MessageSent(
        message_id=str(uuid4()),
        thread_id=thread_id or str(uuid4()),
        party=party,
        author=Author(kind=AuthorKind.CASEWORKER, name=act.by.name if act.by else act.core),
        authority=authority,
        application_id=application_id,
        proceeding_id=proceeding_id,
        title=title,
        text=text,
        sent_at=act.now,
    )
    await act.tx.execute(
        insert(MessageRow).values(
            id=sent.message_id,
            thread_id=sent.thread_id,
            authority=authority.code,
            application_id=application_id,
            proceeding_id=proceeding_id,
            party_code=party.code,
            party_name=party.name,
            author_kind=sent.author.kind.value,
            author_name=sent.author.name,
            title=title,
            text=text,
            files=b"[]",
            sent_at=act.now,
            seen_at=act.now,
        )
    )
    await say(act.tx, act.core, f"threads/{sent.thread_id}", sent, act.now)


async def mark_seen(act: Act, messages: list[Row[Any]]) -> None:
    """Tell the citizen that an official has read what they wrote."""
    for message in messages:
        if message.seen_at is not None:
            continue
        await act.tx.execute(update(MessageRow).where(MessageRow.id == message.id).values(seen_at=act.now))
        seen = MessageSeen(
            message_id=message.id,
            thread_id=message.thread_id,
            seen_at=act.now,
            by=act.by and act.by.name,
        )
        await say(act.tx, act.core, f"threads/{message.thread_id}", seen, act.now)


async def thread(session: Session, thread_id: str) -> list[Row[Any]]:
    """Return a thread's messages, oldest first."""
    found = select(MessageRow).where(MessageRow.thread_id == thread_id).order_by(MessageRow.sent_at)
    return list((await session.execute(found)).all())


async def messages_about(session: Session, application_id: UUID, proceeding_id: str | None) -> list[Row[Any]]:
    """Return all messages about an application and its proceeding, oldest first."""
    about = MessageRow.application_id == application_id
    if proceeding_id is not None:
        about |= MessageRow.proceeding_id == proceeding_id
    found = select(MessageRow).where(about).order_by(MessageRow.sent_at)
    return list((await session.execute(found)).all())


async def threads(session: Session, authority: str | None) -> list[Row[Any]]:
    """Return the general messages (about no application), newest first."""
    found = select(MessageRow).where(MessageRow.application_id.is_(None), MessageRow.proceeding_id.is_(None))
    if authority is not None:
        found = found.where(MessageRow.authority == authority)
    return list((await session.execute(found.order_by(MessageRow.sent_at.desc()).limit(500))).all())
