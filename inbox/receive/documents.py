"""Documents of the cores: expected when their event comes, fetched and kept by the worker."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from core_bridge import wire
from inbox.entries import enter
from inbox.receive.matter import matter_of
from inbox.receive.news import News
from inbox.turns import restate
from portal.db import Transaction
from portal.outbox import plan

FETCH = "inbox.document"


async def document_added(tx: Transaction, news: News, data: wire.DocumentAdded) -> None:
    """A document belongs to the proceeding."""
    matter = await matter_of(tx, news, data)
    await expect_documents(tx, news, matter.id, [data.document], of_id=None, at=data.added_at)
    words = {"coreState": data.core_state} if data.core_state else {}
    await restate(tx, matter, news.at, words=words, heard_at=news.at)


async def expect_documents(
    tx: Transaction,
    news: News,
    matter_id: UUID,
    documents: Sequence[wire.DocumentRef],
    *,
    of_id: UUID | None,
    at: datetime | None = None,
) -> None:
    """List documents and plan their fetching; each by itself, so that one never holds up another."""
    for document in documents:
        about = {
            "name": document.name,
            "mediaType": document.media_type,
            "size": document.size,
            "sha256": document.sha256,
        }
        entry = await enter(
            tx,
            matter_id,
            "document",
            "theirs",
            at or news.happened_at,
            about,
            core_id=document.document_id,
            of_id=of_id,
        )
        if entry is not None:
            payload = {"core": news.core, "documentId": document.document_id, "entryId": str(entry)}
            await plan(tx, FETCH, stream=f"document:{entry}", payload=payload, at=news.at)
