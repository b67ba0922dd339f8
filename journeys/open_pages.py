"""The open part: the home page, the services, a service, a municipality. Nothing here is about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from journeys.definition import Journey
from journeys.estimate import Estimate, Household, estimate
from journeys.finding import find, life_event, life_events
from journeys.law import amounts_on
from journeys.loading import Catalogue
from journeys.reader import Reader
from journeys.terms import apply_by, decision_due, payment_due, period_to_apply_for
from portal.access import Action
from portal.authorities import Authority, authority, by_slug, municipalities
from portal.ui import NotFound, Page, Visit
from portal.ui.way_back import FindWayBack

_EXAMPLE: Final = Household(adults=1, children=1, income=Decimal(500), housing=Decimal(300))


@dataclass(frozen=True, slots=True)
class OpenPages:
    """Pages for everybody; they list only what exists."""

    catalogue: Catalogue
    way_back: FindWayBack

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            Page("/", self.home, Action.READ_OPEN_PAGES),
            Page("/services", self.services, Action.READ_OPEN_PAGES),
            Page("/services/{journey}", self.service, Action.READ_OPEN_PAGES),
            Page("/kov", self.choose_municipality, Action.READ_OPEN_PAGES),
            Page("/kov/{slug}", self.municipality, Action.READ_OPEN_PAGES),
        ]

    async def home(self, visit: Visit) -> Response:
        """Ask what help is needed."""
        return visit.render(
            "journeys/home.html",
            journeys=list(self.catalogue),
            events=life_events(self.catalogue),
            municipalities=municipalities(),
        )

    async def services(self, visit: Visit) -> Response:
        """List all services, or those that fit the person's words or what happened."""
        wish = visit.request.query_params.get("q", "").strip()[:200]
        event = life_event(visit.request.query_params.get("event", ""))
        if wish:
            found = find(self.catalogue, wish, visit.lang)
        else:
            found = [one for one in self.catalogue if event is None or event.id in one.life_events]
        everything = list(self.catalogue)
        return visit.render(
            "journeys/services.html", wish=wish, event=event, found=found, everything=everything
        )

    async def service(self, visit: Visit) -> Response:
        """Tell for whom a service is, how much, what is needed and when the answer comes."""
        journey = self.catalogue.get(visit.request.path_params["journey"])
        if journey is None:
            raise NotFound
        period = period_to_apply_for(journey, visit.today)
        place = place_of(visit.request.query_params.get("kov", ""))
        return visit.render(
            "journeys/service.html",
            journey=journey,
            reader=Reader(visit.lang, visit.gettext, period, own=True),
            place=place,
            way_back=self.way_back(visit.request.query_params.get("back"), place.code if place else None),
            apply_by=apply_by(journey, period) if period else None,
            decision=decision_due(journey, None),
            payment=payment_due(journey, None),
            limits=amounts_on(journey, "subsistence_limit", visit.today),
            example=_example(journey, visit.today),
        )

    async def choose_municipality(self, visit: Visit) -> Response:
        """Lead to the page of the municipality chosen on the home page."""
        place = place_of(visit.request.query_params.get("ehak", ""))
        return visit.redirect(f"/kov/{place.slug}" if place else "/#omavalitsus")

    async def municipality(self, visit: Visit) -> Response:
        """Show what can be applied for in one municipality."""
        place = by_slug(visit.request.path_params["slug"])
        if place is None or place.kind == "amet":
            raise NotFound
        return visit.render(
            "journeys/municipality.html",
            place=place,
            way_back=self.way_back(visit.request.query_params.get("back"), place.code),
            journeys=[journey for journey in self.catalogue if journey.authority == "KOV"],
        )


def place_of(code: str) -> Authority | None:
    """Return the municipality of an EHAK code, if there is one."""
    try:
        found = authority(code)
    except KeyError:
        return None
    return None if found.kind == "amet" else found


def _example(journey: Journey, today: date) -> tuple[Household, Estimate] | None:
    """Work out the example of one adult and one child, while the year's limits are known."""
    period = period_to_apply_for(journey, today)
    if journey.estimate is None or period is None:
        return None
    result = estimate(journey, period, _EXAMPLE)
    return (_EXAMPLE, result) if isinstance(result, Estimate) else None
