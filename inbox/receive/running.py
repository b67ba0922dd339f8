"""What follows a decision: a queue, a running service or benefit, its stop and its end."""

from typing import Any

from sqlalchemy import exists, select

from core_bridge import wire
from inbox.entries import enter
from inbox.model.states import State
from inbox.receive.matter import matter_of
from inbox.receive.news import News, told
from inbox.tables import EntryRow
from inbox.turns import Matter, restate
from portal.db import Transaction


async def queued(tx: Transaction, news: News, data: wire.Queued) -> None:
    """Granted, and waiting for a place."""
    await _follow(tx, news, data, "queued", State.QUEUE, {"place": data.place})


async def in_force(tx: Transaction, news: News, data: wire.InForce) -> None:
    """It runs."""
    until = data.period.last and data.period.last.isoformat()
    await _follow(tx, news, data, "in_force", State.IN_FORCE, {"until": until})


async def suspended(tx: Transaction, news: News, data: wire.Suspended) -> None:
    """It has been stopped for a while (SÜS § 18)."""
    words = {"since": data.since.isoformat(), "reason": data.reason}
    await _follow(tx, news, data, "suspended", State.SUSPENDED, words)


async def resumed(tx: Transaction, news: News, data: wire.Resumed) -> None:
    """It runs again."""
    await _follow(tx, news, data, "resumed", State.IN_FORCE, {"since": None, "reason": None})


async def ended(tx: Transaction, news: News, data: wire.Ended) -> None:
    """It has ended (SÜS § 19; HMS § 43)."""
    words = {"endedOn": data.ended_on.isoformat(), "reason": data.reason}
    await _follow(tx, news, data, "ended", State.ENDED, words)


async def follow_decision(
    tx: Transaction, matter: Matter, news: News, base: State, words: dict[str, Any]
) -> None:
    """Take the state after a decision, but not before the decision itself can be shown."""
    awaited = select(
        exists().where(
            EntryRow.interaction_id == matter.id,
            EntryRow.kind == "decision",
            EntryRow.made_available_at.is_(None),
        )
    )
    if await tx.scalar(awaited):
        await restate(tx, matter, news.at, words={**words, "next": base}, heard_at=news.at)
    else:
        await restate(tx, matter, news.at, base=base, words=words, heard_at=news.at)


async def _follow(
    tx: Transaction, news: News, data: wire.ProceedingData, what: str, base: State, words: dict[str, Any]
) -> None:
    matter = await matter_of(tx, news, data)
    await enter(tx, matter.id, "event", what, news.happened_at, told(data))
    if data.core_state:
        words = {"coreState": data.core_state, **words}
    await follow_decision(tx, matter, news, base, words)
