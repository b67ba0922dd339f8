"""Benefits that run, and what an authority offers by itself."""

from sqlalchemy import select, update

from core_bridge import wire
from inbox.entries import enter
from inbox.model.states import State, Turn
from inbox.receive.documents import expect_documents
from inbox.receive.matter import of_application, of_proceeding, open_matter, same_party
from inbox.receive.news import News, told
from inbox.receive.running import follow_decision
from inbox.tables import EntryRow, InteractionRow
from inbox.turns import Matter, held, restate
from portal.db import Transaction
from portal.notify import OfMatter, plan_notice

_STATES = {
    wire.BenefitState.RUNNING: State.IN_FORCE,
    wire.BenefitState.SUSPENDED: State.SUSPENDED,
    wire.BenefitState.ENDED: State.ENDED,
}


async def benefit_changed(tx: Transaction, news: News, data: wire.BenefitChanged) -> None:
    """Bring a benefit up to date, whole: in the matter it came of, or as a line of its own."""
    state = _STATES[data.state]
    matter = await _of_benefit(tx, news, data)
    if matter is not None:
        await same_party(tx, matter, data.party)
    else:
        matter = await open_matter(
            tx,
            news,
            kind="benefit",
            party=data.party,
            authority=data.authority,
            state=state,
            title=data.title,
        )
    entry = await enter(
        tx, matter.id, "benefit", data.state, news.happened_at, told(data), core_id=data.benefit_id
    )
    if entry is None:
        await tx.execute(
            update(EntryRow)
            .where(
                EntryRow.interaction_id == matter.id,
                EntryRow.kind == "benefit",
                EntryRow.core_id == data.benefit_id,
            )
            .values(what=data.state, content=told(data))
        )
    words = {
        "benefit": {"amount": str(data.amount) if data.amount is not None else None, "per": data.per},
        "until": data.period.last and data.period.last.isoformat(),
        "coreState": data.core_state,
    }
    await follow_decision(tx, matter, news, state, words)


async def offer_made(tx: Transaction, news: News, data: wire.OfferMade) -> None:
    """An offer is a letter that may ask for an answer."""
    turn = Turn.YOU if data.answer_by else Turn.NOBODY
    matter = await open_matter(
        tx,
        news,
        kind="offer",
        party=data.party,
        authority=data.authority,
        state=State.MESSAGE,
        title=data.title,
        core_thread_id=data.offer_id,
    )
    assert data.authority is not None
    letter = {"author": {"kind": "caseworker", "name": data.authority.name}, **told(data)}
    entry = await enter(tx, matter.id, "message", "theirs", news.happened_at, letter, core_id=data.offer_id)
    await expect_documents(tx, news, matter.id, data.documents, of_id=entry)
    await restate(tx, matter, news.at, due_on=data.answer_by, turn=turn, unread=1, heard_at=news.at)
    kind: OfMatter = "your-turn" if data.answer_by else "message"
    await plan_notice(
        tx,
        party_id=matter.party_id,
        only_for=matter.only_for,
        journey=matter.journey,
        kind=kind,
        matter_id=matter.id,
        at=news.at,
    )


async def _of_benefit(tx: Transaction, news: News, data: wire.BenefitChanged) -> Matter | None:
    found = await of_proceeding(tx, news.core, data.proceeding_id)
    found = found or await of_application(tx, news.core, data.application_id)
    if found is not None:
        return found
    known = await tx.scalar(
        select(InteractionRow.id)
        .join(EntryRow, EntryRow.interaction_id == InteractionRow.id)
        .where(InteractionRow.core == news.core, EntryRow.kind == "benefit")
        .where(EntryRow.core_id == data.benefit_id)
    )
    return await held(tx, InteractionRow.id == known) if known else None
