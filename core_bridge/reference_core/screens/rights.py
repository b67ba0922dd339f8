"""Who may act for whom by this authority's decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.reference_core.casework import Act
from core_bridge.reference_core.database import CoreDatabase
from core_bridge.reference_core.rights import rights, tell_right
from core_bridge.wire import PartyRef, RepresentationChanged
from core_bridge.wire.values import CoreId, Line, PartyCode

from .forms import bind
from .visit import Door, Visit

_TALLINN: Final = ZoneInfo("Europe/Tallinn")
KINDS: Final = (
    ("adult_guardian", "täisealise eestkostja"),
    ("child_guardian", "lapse eestkostja"),
    ("foster_parent", "hoolduspere vanem"),
    ("mandate", "volitatud esindaja"),
)


class RightForm(BaseModel):
    """Who is represented, by whom, as what, and until which day."""

    party_code: PartyCode
    party_name: Line
    representative_code: PartyCode
    representative_name: Line
    kind: Literal["adult_guardian", "child_guardian", "foster_parent", "mandate"]
    last_day: date | None = None


class EndForm(BaseModel):
    """Which right ends."""

    right_id: CoreId


@dataclass(frozen=True, slots=True)
class RightScreens:
    """The list of rights, giving one and ending one."""

    door: Door
    db: CoreDatabase

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            self.door.page("/rights", self.index),
            self.door.act("/rights", self.give),
            self.door.act("/rights/end", self.end),
        ]

    async def index(self, visit: Visit) -> Response:
        """Show the rights as they were last told."""
        return await self._list(visit)

    async def give(self, visit: Visit, form: FormData) -> Response:
        """Tell of a new right."""
        bound, errors = bind(RightForm, form)
        if bound is None:
            return await self._list(visit, form, errors)
        over = None
        if bound.last_day:
            over = datetime.combine(bound.last_day + timedelta(days=1), time(), _TALLINN)
        right = RepresentationChanged(
            right_id=str(uuid4()),
            party=PartyRef(code=bound.party_code, name=bound.party_name),
            representative=PartyRef(code=bound.representative_code, name=bound.representative_name),
            kind=bound.kind,
            source=visit.core,
            active=True,
            valid_until=over,
        )
        await self._tell(visit, right)
        return visit.redirect("/rights")

    async def end(self, visit: Visit, form: FormData) -> Response:
        """Tell that a right has ended."""
        bound, _errors = bind(EndForm, form)
        async with self.db.read() as session:
            known = {right.right_id: right for right in await rights(session)}
        if bound is None or bound.right_id not in known:
            return visit.problem("Sellist õigust ei ole.", 404)
        await self._tell(visit, known[bound.right_id].model_copy(update={"active": False}))
        return visit.redirect("/rights")

    async def _tell(self, visit: Visit, right: RepresentationChanged) -> None:
        async with self.db.write() as tx:
            await tell_right(Act(tx, visit.core, visit.now, visit.official), right)

    async def _list(
        self, visit: Visit, form: FormData | None = None, errors: dict[str, str] | None = None
    ) -> Response:
        async with self.db.read() as session:
            told = await rights(session)
        typed = {name: str(value) for name, value in form.items()} if form else {}
        status = 422 if errors else 200
        return visit.render(
            "rights.html",
            status=status,
            rights=told,
            kinds=KINDS,
            names=dict(KINDS),
            typed=typed,
            errors=errors or {},
        )
