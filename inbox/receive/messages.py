"""Letters of officials, and their reading of ours."""

from uuid import UUID

from sqlalchemy import select, update

from core_bridge import wire
from inbox.entries import enter
from inbox.model.states import State, Turn
from inbox.receive.documents import expect_documents
from inbox.receive.matter import of_application, of_proceeding, open_matter, same_party
from inbox.receive.news import News, told
from inbox.tables import EntryRow, InteractionRow
from inbox.turns import Matter, held, restate
from portal.db import Transaction
from portal.notify import plan_notice


async def message_sent(tx: Transaction, news: News, data: wire.MessageSent) -> None:
    """An official wrote: in a matter, in a thread of ours, or beginning a new one."""
    matter = await _thread(tx, news, data)
    if matter is not None:
        await same_party(tx, matter, data.party)
    else:
        matter = await open_matter(
            tx,
            news,
            kind="thread",
            party=data.party,
            authority=data.authority,
            state=State.MESSAGE,
            title=data.title,
            core_thread_id=data.thread_id,
        )
    entry = await enter(tx, matter.id, "message", "theirs", data.sent_at, told(data), core_id=data.message_id)
    if entry is None:
        return
    await expect_documents(tx, news, matter.id, data.documents, of_id=entry, at=data.sent_at)
    turn = Turn.NOBODY if matter.state == State.MESSAGE else None
    await restate(tx, matter, news.at, turn=turn, unread=matter.unread + 1, heard_at=news.at)
    await plan_notice(
        tx,
        party_id=matter.party_id,
        only_for=matter.only_for,
        journey=matter.journey,
        kind="message",
        matter_id=matter.id,
        at=news.at,
    )


async def message_seen(tx: Transaction, news: News, data: wire.MessageSeen) -> None:
    """An official has read a letter of ours; of one that we do not know there is nothing to say."""
    if (ours := _uuid(data.message_id)) is None:
        return
    row = (
        await tx.execute(
            select(EntryRow.content)
            .join(InteractionRow, InteractionRow.id == EntryRow.interaction_id)
            .where(EntryRow.id == ours, EntryRow.what == "ours", InteractionRow.core == news.core)
        )
    ).first()
    if row is not None:
        content = {**row.content, "seenBy": data.by} if data.by else row.content
        await tx.execute(
            update(EntryRow).where(EntryRow.id == ours).values(seen_at=data.seen_at, content=content)
        )


async def _thread(tx: Transaction, news: News, data: wire.MessageSent) -> Matter | None:
    """Find the matter: by its proceeding, its application, our thread's id, or the core's own thread id."""
    found = await of_proceeding(tx, news.core, data.proceeding_id)
    found = found or await of_application(tx, news.core, data.application_id)
    if found is None and (ours := _uuid(data.thread_id)) is not None:
        found = await held(tx, InteractionRow.id == ours, InteractionRow.core == news.core)
    return found or await held(
        tx, InteractionRow.core == news.core, InteractionRow.core_thread_id == data.thread_id
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
