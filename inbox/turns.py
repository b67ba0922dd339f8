"""Changing how a matter stands: its state, whose turn it is, and the next task."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from inbox.model.states import CLOSED, UNDECIDED, State, Turn, turn_of
from inbox.tables import EntryRow, InteractionRow
from portal.db import Transaction

Matter = Row[Any]


async def held(tx: Transaction, *which: ColumnElement[bool]) -> Matter | None:
    """Find a matter and hold it until the transaction ends: two changes never overwrite each other."""
    return (await tx.execute(select(InteractionRow).where(*which).with_for_update())).first()


async def restate(
    tx: Transaction,
    matter: Matter,
    at: datetime,
    *,
    base: State | None = None,
    words: Mapping[str, Any] | None = None,
    due_on: date | None = None,
    turn: Turn | None = None,
    **columns: Any,
) -> None:
    """Change a matter; while a task of an undecided one is open, it is the person's turn whatever the base.

    `base` is the state by itself, kept in the words so that it returns when the last task is done.
    """
    said = {**matter.words, **(words or {})}
    said["base"] = state = base or State(said.get("base", matter.state))
    task = await _next_task(tx, matter) if state in UNDECIDED or state is State.MESSAGE else None
    said["task"] = task and task.content.get("title")
    said["taskFile"] = task.content["name"] if task is not None and task.what == "file" else None
    if task is not None and state is not State.MESSAGE:
        state, due_on = State.HEARING if task.what == "hearing" else State.NEEDS_FIX, task.due_on
    elif due_on is None and base is None and matter.next_task_id is None:
        due_on = matter.due_on
    change = {
        "state": state,
        "whose_turn": turn or (matter.whose_turn if state is State.MESSAGE else turn_of(state)),
        "closed": state in CLOSED,
        "due_on": due_on,
        "next_task_id": task and task.id,
        "words": {name: value for name, value in said.items() if value is not None},
        "updated_at": at,
        **columns,
    }
    if task is not None:
        change["whose_turn"] = Turn.YOU
    await tx.execute(update(InteractionRow).where(InteractionRow.id == matter.id).values(**change))


async def _next_task(tx: Transaction, matter: Matter) -> Row[Any] | None:
    open_tasks = (
        select(EntryRow.id, EntryRow.what, EntryRow.due_on, EntryRow.content)
        .where(EntryRow.interaction_id == matter.id, EntryRow.kind == "task", EntryRow.done_at.is_(None))
        .order_by(EntryRow.due_on)
        .limit(1)
    )
    return (await tx.execute(open_tasks)).first()
