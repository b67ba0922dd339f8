"""How a proceeding goes: registered, worked on, waiting, complete, extended, ended."""

from datetime import datetime
from typing import Any

from core_bridge import wire
from inbox.entries import enter
from inbox.model.states import State
from inbox.receive.documents import expect_documents
from inbox.receive.matter import matter_of, of_application, of_proceeding, open_matter, same_party, sibling
from inbox.receive.news import News, told
from inbox.turns import Matter, restate
from portal.db import Transaction


async def registered(tx: Transaction, news: News, data: wire.Registered) -> None:
    """Join the proceeding to its application, or make a line for one that the core opened by itself."""
    matter = await of_proceeding(tx, news.core, data.proceeding_id)
    if matter is None:
        matter = await of_application(tx, news.core, data.application_id)
        if matter is not None and matter.core_proceeding_id is not None:
            matter = await sibling(tx, news, matter, data.proceeding_id)
    if matter is not None:
        await same_party(tx, matter, data.party)
    else:
        matter = await open_matter(
            tx,
            news,
            kind="proceeding",
            party=data.party,
            authority=data.authority,
            state=State.REGISTERED,
            title=data.title,
        )
    await _move(
        tx,
        news,
        matter,
        data,
        "registered",
        State.REGISTERED,
        happened=data.registered_at,
        words={"official": _official(data.official), "authority": data.authority and data.authority.name},
        core_proceeding_id=data.proceeding_id,
        reference=data.reference,
        registered_at=data.registered_at,
    )


async def forwarded(tx: Transaction, news: News, data: wire.Forwarded) -> None:
    """Pass the matter on to the competent authority: its clock starts anew (HMS § 15(4))."""
    await _move(
        tx,
        news,
        await matter_of(tx, news, data),
        data,
        "forwarded",
        State.FORWARDED,
        words={"authority": data.to.name, "official": None, "extendedUntil": None},
        authority_code=data.to.code[:20],
        complete_at=None,
    )


async def in_progress(tx: Transaction, news: News, data: wire.InProgress) -> None:
    """Somebody works on it."""
    words = {"official": _official(data.official)} if data.official else {}
    matter = await matter_of(tx, news, data)
    await _move(tx, news, matter, data, "in_progress", State.IN_PROCEEDING, words=words)


async def assessment(tx: Transaction, news: News, data: wire.Assessment) -> None:
    """The need for help is being assessed."""
    await _move(tx, news, await matter_of(tx, news, data), data, "assessment", State.ASSESSMENT)


async def waiting_third_party(tx: Transaction, news: News, data: wire.WaitingThirdParty) -> None:
    """Somebody else must add data."""
    await _move(
        tx,
        news,
        await matter_of(tx, news, data),
        data,
        "waiting_third",
        State.WAITING_THIRD,
        words={"who": data.waiting_for},
        due_on=data.until,
    )


async def complete(tx: Transaction, news: News, data: wire.Complete) -> None:
    """Everything is in: the term of the decision runs from here."""
    matter = await matter_of(tx, news, data)
    await _move(
        tx,
        news,
        matter,
        data,
        "complete",
        State.IN_PROCEEDING,
        happened=data.complete_at,
        complete_at=data.complete_at,
    )


async def extended(tx: Transaction, news: News, data: wire.Extended) -> None:
    """The decision comes later, with the reason (HMS § 41)."""
    words = {"extendedUntil": data.until.isoformat(), "extendedWhy": data.reason}
    await _move(tx, news, await matter_of(tx, news, data), data, "extended", State.EXTENDED, words=words)


async def withdrawn(tx: Transaction, news: News, data: wire.Withdrawn) -> None:
    """The application is taken back (HMS § 14(8))."""
    matter = await matter_of(tx, news, data)
    words = {"endedOn": data.withdrawn_at.isoformat()}
    await _move(tx, news, matter, data, "withdrawn", State.WITHDRAWN, happened=data.withdrawn_at, words=words)


async def left_unexamined(tx: Transaction, news: News, data: wire.LeftUnexamined) -> None:
    """Closed without a decision on the merits (HMS § 15(2))."""
    matter = await matter_of(tx, news, data)
    entry = await _move(
        tx, news, matter, data, "left_unexamined", State.LEFT_UNEXAMINED, words={"reason": data.reason}
    )
    await expect_documents(tx, news, matter.id, data.documents, of_id=entry)


async def _move(
    tx: Transaction,
    news: News,
    matter: Matter,
    data: wire.ProceedingData,
    what: str,
    base: State,
    *,
    happened: datetime | None = None,
    words: dict[str, Any] | None = None,
    **columns: Any,
) -> Any:
    entry = await enter(tx, matter.id, "event", what, happened or news.happened_at, told(data))
    said = {"coreState": data.core_state, **(words or {})} if data.core_state else words
    await restate(tx, matter, news.at, base=base, words=said, heard_at=news.at, **columns)
    return entry


def _official(official: wire.Official | None) -> dict[str, Any] | None:
    return official.model_dump(mode="json", exclude_none=True) if official else None
