"""Decisions: kept when they come, made available when their documents are here too (SÜS § 27)."""

from typing import Any
from uuid import UUID

from core_bridge import wire
from inbox.available import make_available
from inbox.entries import enter
from inbox.receive.documents import expect_documents
from inbox.receive.matter import matter_of
from inbox.receive.news import News, told
from inbox.turns import restate
from portal.db import Transaction


async def decided(tx: Transaction, news: News, data: wire.Decided) -> None:
    """A decision on the application (SÜS §§ 23, 26)."""
    await _decide(tx, news, data, "decision", data.decision_id, data.documents)


async def challenge_decided(tx: Transaction, news: News, data: wire.ChallengeDecided) -> None:
    """A decision on a vaie (HMS §§ 85-86)."""
    await _decide(tx, news, data, "challenge", str(data.challenge_id), data.documents)


async def _decide(
    tx: Transaction,
    news: News,
    data: wire.Decided | wire.ChallengeDecided,
    what: str,
    core_id: str,
    documents: tuple[wire.DocumentRef, ...],
) -> None:
    matter = await matter_of(tx, news, data)
    content: dict[str, Any] = told(data)
    at = data.decided_at if isinstance(data, wire.Decided) else news.happened_at
    entry: UUID | None = await enter(tx, matter.id, "decision", what, at, content, core_id=core_id)
    if entry is None:
        return
    await expect_documents(tx, news, matter.id, documents, of_id=entry)
    await restate(tx, matter, news.at, heard_at=news.at)
    await make_available(tx, matter.id, entry, news.at)
