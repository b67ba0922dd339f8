"""What an official does with an application, each act told in the feed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, select, update

from core_bridge.wire import (
    Application,
    Complete,
    Extended,
    HearingOpened,
    InformationRequested,
    InProgress,
    LeftUnexamined,
    Official,
    ProceedingData,
    Registered,
    RequestCancelled,
    WaitingThirdParty,
)

from .database import Session, Transaction
from .ledger import say
from .settings import Caseworker
from .tables import ProceedingRow, TaskRow
from .words import State, words_of

Proceeding = Row[Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act of the core: in which transaction, when, and by which official if by any."""

    tx: Transaction
    core: str
    now: datetime
    by: Caseworker | None = None

    @property
    def official(self) -> Official | None:
        """Return the official as the citizen sees them."""
        by = self.by
        return Official(name=by.name, role=by.role, email=by.email, phone=by.phone) if by else None

    async def tell(
        self, proceeding: Proceeding, data: type[ProceedingData], state: State | None = None, **told: Any
    ) -> None:
        """Say something about a proceeding, and move it to the state if one is given."""
        if state is not None:
            moved = update(ProceedingRow).where(ProceedingRow.id == proceeding.id).values(state=state)
            await self.tx.execute(moved)
        said = data(
            proceeding_id=proceeding.id,
            application_id=proceeding.application_id,
            core_state=words_of(self.core)[state or State(proceeding.state)],
            **told,
        )
        await say(self.tx, self.core, f"proceedings/{proceeding.id}", said, self.now)


async def proceeding_of(session: Session, application_id: UUID) -> Proceeding | None:
    """Return the proceeding that came of an application."""
    found = select(ProceedingRow).where(ProceedingRow.application_id == application_id)
    return (await session.execute(found)).first()


async def proceeding(session: Session, proceeding_id: str) -> Proceeding | None:
    """Return a proceeding by its id."""
    return (await session.execute(select(ProceedingRow).where(ProceedingRow.id == proceeding_id))).first()


async def register(act: Act, application: Application, *, complete: bool) -> None:
    """Open the proceeding; `complete` says that nothing is missing."""
    if await proceeding_of(act.tx, application.application_id) is not None:
        return
    number = int(await act.tx.scalar(select(func.count()).select_from(ProceedingRow)) or 0) + 1
    row = {
        "id": str(uuid4()),
        "application_id": application.application_id,
        "reference": f"{act.core}-{act.now.year}-{number:06d}",
        "state": State.REGISTERED,
        "registered_at": act.now,
    }
    await act.tx.execute(insert(ProceedingRow).values(**row))
    opened = await proceeding_of(act.tx, application.application_id)
    assert opened is not None
    await act.tell(
        opened,
        Registered,
        State.REGISTERED,
        reference=opened.reference,
        registered_at=act.now,
        authority=application.authority,
        official=act.official,
    )
    if complete:
        await everything_is_in(act, opened)


async def everything_is_in(act: Act, proceeding: Proceeding) -> None:
    """Say once that the application is complete, and go on with it."""
    if proceeding.complete_at is None:
        when = update(ProceedingRow).where(ProceedingRow.id == proceeding.id).values(complete_at=act.now)
        await act.tx.execute(when)
        await act.tell(proceeding, Complete, complete_at=act.now)
    await act.tell(proceeding, InProgress, State.IN_PROGRESS, official=act.official)


async def ask(
    act: Act, proceeding: Proceeding, *, title: str, text: str, due_on: date, wanted: tuple[str, ...] = ()
) -> None:
    """Ask for what is missing by a day (HMS § 15(2))."""
    task_id = await _task(act, proceeding, "missing", title, text, due_on)
    told: dict[str, Any] = {
        "task_id": task_id,
        "title": title,
        "text": text,
        "due_on": due_on,
        "wanted": wanted,
    }
    await act.tell(proceeding, InformationRequested, State.WAITING_CITIZEN, **told)


async def open_hearing(act: Act, proceeding: Proceeding, *, title: str, text: str, due_on: date) -> None:
    """Let the citizen give an opinion (HMS § 40)."""
    task_id = await _task(act, proceeding, "hearing", title, text, due_on)
    told: dict[str, Any] = {"task_id": task_id, "title": title, "text": text, "due_on": due_on}
    await act.tell(proceeding, HearingOpened, State.HEARING, **told)


async def cancel_request(act: Act, proceeding: Proceeding, task_id: str) -> None:
    """Take a task back."""
    if await _close(act, proceeding, task_id, "cancelled"):
        await act.tell(proceeding, RequestCancelled, task_id=task_id)
        await _go_on(act, proceeding)


async def answered(act: Act, proceeding: Proceeding, task_id: str) -> None:
    """Count a task as done; when it was the last one, everything is in."""
    if await _close(act, proceeding, task_id, "answered"):
        await _go_on(act, proceeding)


async def wait_for_third(
    act: Act, proceeding: Proceeding, *, waiting_for: str, until: date | None = None, text: str | None = None
) -> None:
    """Wait for somebody else's data."""
    told: dict[str, Any] = {"waiting_for": waiting_for, "until": until, "text": text}
    await act.tell(proceeding, WaitingThirdParty, State.WAITING_THIRD, **told)


async def go_on(act: Act, proceeding: Proceeding) -> None:
    """Work on after a wait."""
    await act.tell(proceeding, InProgress, State.IN_PROGRESS, official=act.official)


async def extend(act: Act, proceeding: Proceeding, *, until: date, reason: str) -> None:
    """Make the term longer (HMS § 41)."""
    await act.tell(proceeding, Extended, State.EXTENDED, until=until, reason=reason)


async def leave_unexamined(act: Act, proceeding: Proceeding, *, reason: str) -> None:
    """Close without a decision on the merits (HMS § 15(2))."""
    await drop_tasks(act, proceeding)
    await act.tell(proceeding, LeftUnexamined, State.UNEXAMINED, reason=reason)


async def drop_tasks(act: Act, proceeding: Proceeding) -> None:
    """Take back what is still asked: the proceeding needs it no more."""
    still_open = (TaskRow.proceeding_id == proceeding.id) & (TaskRow.state == "open")
    for task_id in (await act.tx.scalars(select(TaskRow.id).where(still_open))).all():
        await _close(act, proceeding, task_id, "cancelled")
        await act.tell(proceeding, RequestCancelled, task_id=task_id)


async def _task(act: Act, proceeding: Proceeding, kind: str, title: str, text: str, due_on: date) -> str:
    task_id = str(uuid4())
    row = {"title": title, "text": text, "due_on": due_on, "state": "open", "kind": kind}
    await act.tx.execute(insert(TaskRow).values(id=task_id, proceeding_id=proceeding.id, **row))
    return task_id


async def _close(act: Act, proceeding: Proceeding, task_id: str, state: str) -> bool:
    closed = await act.tx.execute(
        update(TaskRow)
        .where(TaskRow.id == task_id, TaskRow.proceeding_id == proceeding.id, TaskRow.state == "open")
        .values(state=state)
    )
    return closed.rowcount == 1


async def _go_on(act: Act, proceeding: Proceeding) -> None:
    still_open = (TaskRow.proceeding_id == proceeding.id) & (TaskRow.state == "open")
    if await act.tx.scalar(select(func.count()).select_from(TaskRow).where(still_open)):
        return
    if State(proceeding.state) in {State.WAITING_CITIZEN, State.HEARING, State.REGISTERED}:
        await everything_is_in(act, proceeding)
