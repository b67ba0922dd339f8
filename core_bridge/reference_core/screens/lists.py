"""The list of applications: new, open, decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, exists, select
from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.reference_core.database import CoreDatabase, Session
from core_bridge.reference_core.settings import Caseworker
from core_bridge.reference_core.tables import ApplicationRow, MessageRow, ProceedingRow
from core_bridge.reference_core.words import DECIDED, State

from .visit import Door, Visit

_SHOWN = 500


async def applications(session: Session, official: Caseworker) -> Sequence[Row[Any]]:
    """Return the newest applications to the official's authority, with how each stands."""
    about = (MessageRow.application_id == ApplicationRow.id) | (MessageRow.proceeding_id == ProceedingRow.id)
    unread = exists().where(about, MessageRow.seen_at.is_(None)).correlate(ApplicationRow, ProceedingRow)
    found = (
        select(
            ApplicationRow.id,
            ApplicationRow.applicant,
            ApplicationRow.journey,
            ApplicationRow.authority,
            ApplicationRow.received_at,
            ProceedingRow.reference,
            ProceedingRow.state,
            unread.label("unread"),
        )
        .outerjoin(ProceedingRow, ProceedingRow.application_id == ApplicationRow.id)
        .order_by(ApplicationRow.received_at.desc())
        .limit(_SHOWN)
    )
    if official.authority is not None:
        found = found.where(ApplicationRow.authority == official.authority)
    return [*(await session.execute(found))]


@dataclass(frozen=True, slots=True)
class ListScreens:
    """The first page."""

    door: Door
    db: CoreDatabase

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [self.door.page("/", self.index)]

    async def index(self, visit: Visit) -> Response:
        """Show what is new, what is open and what is decided."""
        async with self.db.read() as session:
            rows = await applications(session, visit.official)
        new = [row for row in rows if row.state is None]
        decided = [row for row in rows if row.state and State(row.state) in DECIDED]
        going_on = [row for row in rows if row.state and State(row.state) not in DECIDED]
        return visit.render("list.html", groups=[("Uued", new), ("Töös", going_on), ("Otsustatud", decided)])
