"""What pages ask: always for the party that the actor acts for, and of it only what this actor may see."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Label,
    Row,
    ScalarSelect,
    Select,
    bindparam,
    false,
    func,
    select,
    true,
)

from inbox.model.states import Turn
from inbox.tables import EntryRow, FeedRow, InteractionRow
from portal.access.sight import known, reached_by, seen_by_actor, shared_or_of
from portal.db import Session, prepared
from portal.files import FileRow
from portal.identity import Actor

MOST_LINES: Final = 200

_FEED: Final = (
    FeedRow.read_at.label("feed_read_at"),
    FeedRow.failing_since.label("feed_failing_since"),
)
_MINE: Final = seen_by_actor(InteractionRow)
_LINE: Final = (
    InteractionRow.id,
    InteractionRow.kind,
    InteractionRow.journey,
    InteractionRow.period,
    InteractionRow.authority_code,
    InteractionRow.core,
    InteractionRow.state,
    InteractionRow.whose_turn,
    InteractionRow.due_on,
    InteractionRow.next_task_id,
    InteractionRow.words,
    InteractionRow.unread,
    InteractionRow.sent_at,
    InteractionRow.handed_over_at,
    InteractionRow.complete_at,
    InteractionRow.withdrawal_at,
    InteractionRow.updated_at,
    InteractionRow.behind_since,
    InteractionRow.expires_at,
)
_COLUMNS: Final[Sequence[Any]] = tuple(InteractionRow.__table__.columns)


def _ended(mine: ColumnElement[bool]) -> Label[int]:
    ended = select(func.count()).select_from(InteractionRow).where(mine, InteractionRow.closed == true())
    return ended.scalar_subquery().label("ended")


def _lines(mine: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_LINE, *_FEED, _ended(mine))
        .outerjoin(FeedRow, FeedRow.core == InteractionRow.core)
        .where(mine, InteractionRow.closed == bindparam("closed"))
        .order_by(InteractionRow.updated_at.desc())
        .limit(MOST_LINES)
    )


# Built once: composing a statement costs more than running it. Only a right for a part is rare enough to pay.
_LINES: Final = prepared(_lines(_MINE))
_ENDED: Final = select(_ended(_MINE))
_MATTER: Final[Any] = prepared(
    select(*_COLUMNS, *_FEED)
    .outerjoin(FeedRow, FeedRow.core == InteractionRow.core)
    .where(_MINE, InteractionRow.id == bindparam("matter_id"))
)
_ENTRIES: Final = prepared(
    select(EntryRow)
    .where(EntryRow.interaction_id == bindparam("matter_id"))
    .order_by(EntryRow.at, EntryRow.id)
)


async def lines(session: Session, actor: Actor, *, closed: bool = False) -> Sequence[Row[Any]]:
    """List the lines of Minu suhtlus, open or closed, the newest change first; one statement."""
    statement = _lines(_reached(actor)) if actor.right.is_limited else _LINES
    found: Sequence[Row[Any]] = (await session.execute(statement, {**known(actor), "closed": closed})).all()
    return found


async def ended_count(session: Session, actor: Actor) -> int:
    """Count the closed matters; only where there is no open one to tell it."""
    statement = select(_ended(_reached(actor))) if actor.right.is_limited else _ENDED
    return await session.scalar(statement, known(actor)) or 0


async def matter(session: Session, actor: Actor, matter_id: UUID) -> Row[Any] | None:
    """Find the actor's own matter, with how fresh its core's news is; one that is not theirs does not exist."""
    found = await session.execute(_MATTER, {**known(actor), "matter_id": matter_id})
    row: Row[Any] | None = found.first()
    return row if row is not None and actor.right.covers(row.id, row.journey) else None


async def entries(session: Session, actor: Actor, matter: Row[Any]) -> Sequence[Row[Any]]:
    """List what happened in a matter that `matter` has found to be the actor's."""
    assert matter.party_id == actor.party.id
    return (await session.execute(_ENTRIES, {"matter_id": matter.id})).all()


async def scan_of(session: Session, actor: Actor, file_id: UUID) -> str | None:
    """Tell what the scanner said of a file of the actor's party."""
    found: str | None = await session.scalar(
        select(FileRow.scan).where(FileRow.id == file_id, FileRow.party_id == actor.party.id)
    )
    return found


def _reached(actor: Actor) -> ColumnElement[bool]:
    return _MINE & reached_by(actor.right, InteractionRow)


def waiting(party_id: ColumnElement[UUID], person_id: ColumnElement[UUID]) -> ScalarSelect[int]:
    """Count the matters that wait for a party and that a person may see, as a subquery for the session look-up."""
    return (
        select(func.count(InteractionRow.id))
        .where(
            InteractionRow.party_id == party_id,
            shared_or_of(InteractionRow, person_id),
            InteractionRow.closed == false(),
            InteractionRow.whose_turn == Turn.YOU,
            InteractionRow.kind != "draft",
        )
        .scalar_subquery()
    )
