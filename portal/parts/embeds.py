"""What entry widgets ask of the journeys: which services a municipality has here, and their words."""

from collections.abc import Sequence

from embeds.entry import Service, Services
from journeys.definition import Journey
from journeys.loading import Catalogue
from portal.texts import LANGUAGES

# What begins with danger to somebody: the emergency numbers stand beside it.
_DANGER = frozenset({"violence", "child_in_danger"})


def offered(catalogue: Catalogue) -> Services:
    """Give the finder of a municipality's services; today all municipalities have the same."""
    known = tuple(_service(journey) for journey in catalogue if journey.authority == "KOV")

    def of_municipality(_code: str) -> Sequence[Service]:
        return known

    return of_municipality


def _service(journey: Journey) -> Service:
    return Service(
        id=journey.id,
        names={language: getattr(journey.names, language) for language in LANGUAGES},
        summaries={language: getattr(journey.summary, language) for language in LANGUAGES},
        danger=not _DANGER.isdisjoint(journey.life_events),
    )
