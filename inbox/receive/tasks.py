"""What a core asks of the person: something that is missing, or an opinion."""

from sqlalchemy import select

from core_bridge import wire
from inbox.entries import enter, stamp
from inbox.receive.documents import expect_documents
from inbox.receive.matter import matter_of
from inbox.receive.news import News, told
from inbox.tables import EntryRow
from inbox.turns import restate
from portal.db import Transaction
from portal.notify import plan_notice


async def information_requested(tx: Transaction, news: News, data: wire.InformationRequested) -> None:
    """Something is missing (HMS § 15(2))."""
    await _ask(tx, news, data, "information")


async def hearing_opened(tx: Transaction, news: News, data: wire.HearingOpened) -> None:
    """The person may give an opinion before the decision (HMS § 40)."""
    await _ask(tx, news, data, "hearing")


async def request_cancelled(tx: Transaction, news: News, data: wire.RequestCancelled) -> None:
    """The task need not be done any more."""
    matter = await matter_of(tx, news, data)
    task = await tx.scalar(
        select(EntryRow.id).where(
            EntryRow.interaction_id == matter.id, EntryRow.kind == "task", EntryRow.core_id == data.task_id
        )
    )
    if task is not None:
        await stamp(tx, task, done_at=news.at)
    await enter(tx, matter.id, "event", "request_cancelled", news.happened_at, told(data))
    await restate(tx, matter, news.at, words=_core_state(data), heard_at=news.at)


async def _ask(
    tx: Transaction, news: News, data: wire.InformationRequested | wire.HearingOpened, what: str
) -> None:
    matter = await matter_of(tx, news, data)
    task = await enter(
        tx,
        matter.id,
        "task",
        what,
        news.happened_at,
        told(data),
        core_id=data.task_id,
        due_on=data.due_on,
    )
    if isinstance(data, wire.HearingOpened):
        await expect_documents(tx, news, matter.id, data.documents, of_id=task)
    await restate(tx, matter, news.at, words=_core_state(data), heard_at=news.at)
    if task is not None:
        await plan_notice(
            tx,
            party_id=matter.party_id,
            only_for=matter.only_for,
            journey=matter.journey,
            kind="your-turn",
            matter_id=matter.id,
            at=news.at,
        )


def _core_state(data: wire.ProceedingData) -> dict[str, str]:
    return {"coreState": data.core_state} if data.core_state else {}
