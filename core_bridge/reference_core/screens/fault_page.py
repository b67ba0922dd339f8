"""The page that makes the API misbehave for a while."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.reference_core.faults import Fault, Faults, lasting

from .forms import bind
from .visit import Door, Visit

WORDS = {
    Fault.NONE: "Korras",
    Fault.SLOW: "Aeglane: vastab viitega",
    Fault.DOWN: "Maas: ei võta päringuid vastu (503)",
    Fault.ERROR: "Viga: vastab 500",
    Fault.GARBAGE: "Prügi: vastab arusaamatult",
    Fault.LOST: "Kadu: teeb töö ära, aga vastus ei jõua kohale",
}


class FaultForm(BaseModel):
    """Which fault, how long, and how slow."""

    fault: Fault
    seconds: float = Field(60, ge=1, le=86400)
    delay: float = Field(5, ge=0, le=120)


@dataclass(frozen=True, slots=True)
class FaultScreens:
    """The fault page."""

    door: Door
    faults: Faults

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [self.door.page("/faults", self.show), self.door.act("/faults", self.switch)]

    async def show(self, visit: Visit) -> Response:
        """Show the fault that is on."""
        on = self.faults.now_on(visit.now)
        return visit.render("faults.html", on=on, faults=self.faults, choices=WORDS, errors={})

    async def switch(self, visit: Visit, form: FormData) -> Response:
        """Switch a fault on or off."""
        bound, errors = bind(FaultForm, form)
        if bound is None:
            on = self.faults.now_on(visit.now)
            context = {"on": on, "faults": self.faults, "choices": WORDS, "errors": errors}
            return visit.render("faults.html", status=422, **context)
        until = None if bound.fault is Fault.NONE else lasting(visit.now, bound.seconds)
        self.faults.begin(bound.fault, until=until, delay=bound.delay)
        return visit.redirect("/faults")
