"""What journeys know of themselves, as Minu suhtlus asks for it."""

from inbox.model.services import Service, Services, Start
from inbox.model.services import Term as InboxTerm
from journeys.definition import Journey, TermStart
from journeys.loading import Catalogue
from portal.texts import LANGUAGES

_STARTS: dict[TermStart, Start] = {TermStart.COMPLETE: "complete", TermStart.DECISION: "decision"}


def services(catalogue: Catalogue) -> Services:
    """Give the finder of a journey's names and verified terms."""
    known = {journey.id: _service(journey) for journey in catalogue}
    return known.get


def _service(journey: Journey) -> Service:
    return Service(
        names={language: getattr(journey.names, language) for language in LANGUAGES},
        decision=_term(journey, "decision"),
        payment=_term(journey, "payment"),
    )


def _term(journey: Journey, name: str) -> InboxTerm | None:
    for term in journey.terms:
        if term.id == name and term.verified and term.runs_from in _STARTS:
            return InboxTerm(_STARTS[term.runs_from], term.basis, term.working_days, term.calendar_days)
    return None
