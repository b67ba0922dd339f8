"""What the pages of all letters ask: of the party's threads only what this actor may see."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import aliased

from inbox.tables import EntryRow, InteractionRow
from portal.access.sight import known, reached_by, seen_by_actor
from portal.db import Session
from portal.identity import Actor

MOST_THREADS: Final = 200
_MOST_KNOWN: Final = 5

_MINE: Final = seen_by_actor(InteractionRow)
_LATER: Final = aliased(EntryRow)
_NEWEST: Final = (
    select(_LATER.id)
    .where(_LATER.interaction_id == InteractionRow.id, _LATER.kind == "message")
    .order_by(_LATER.at.desc(), _LATER.id.desc())
    .limit(1)
    .correlate(InteractionRow)
    .scalar_subquery()
)


def _threads(mine: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            InteractionRow.id,
            InteractionRow.kind,
            InteractionRow.journey,
            InteractionRow.period,
            InteractionRow.authority_code,
            InteractionRow.words,
            InteractionRow.unread,
            InteractionRow.sent_at,
            EntryRow.what,
            EntryRow.at,
            EntryRow.content,
            EntryRow.handed_over_at,
            EntryRow.refused_at,
        )
        .join(EntryRow, EntryRow.id == _NEWEST)
        .where(mine)
        .order_by(EntryRow.at.desc(), EntryRow.id.desc())
        .limit(MOST_THREADS)
    )


def _turned_to(mine: ColumnElement[bool]) -> Select[Any]:
    return (
        select(InteractionRow.authority_code)
        .where(mine)
        .group_by(InteractionRow.authority_code)
        .order_by(func.max(InteractionRow.updated_at).desc())
        .limit(_MOST_KNOWN)
    )


# Built once: composing a statement costs more than running it. Only a right for a part is rare enough to pay.
_THREADS: Final = _threads(_MINE)
_TURNED_TO: Final = _turned_to(_MINE)


async def threads(session: Session, actor: Actor) -> Sequence[Row[Any]]:
    """List the matters with letters in them, each with its newest letter, the newest first; one statement."""
    statement = _threads(_reached(actor)) if actor.right.is_limited else _THREADS
    found: Sequence[Row[Any]] = (await session.execute(statement, known(actor))).all()
    return found


async def turned_to(session: Session, actor: Actor) -> Sequence[str]:
    """List the codes of the authorities of the party's matters, the latest first."""
    statement = _turned_to(_reached(actor)) if actor.right.is_limited else _TURNED_TO
    return (await session.scalars(statement, known(actor))).all()


def _reached(actor: Actor) -> ColumnElement[bool]:
    return _MINE & reached_by(actor.right, InteractionRow)
