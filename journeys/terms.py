"""A journey's terms as dates; a term that nothing has set running has no date."""

from dataclasses import dataclass
from datetime import date

from journeys.definition import Journey, Term, TermStart
from journeys.words import Period
from portal.calendar import last_working_day, term_end


@dataclass(frozen=True, slots=True)
class Due:
    """A term and, once it runs, its last day."""

    term: Term
    day: date | None

    @property
    def basis(self) -> str:
        """The paragraph it follows from."""
        return self.term.basis


def last_day(term: Term, started: date) -> date:
    """Return the last day of a term that something on `started` set running (HMS §§ 33-34)."""
    if term.last_working_day_of_month:
        return last_working_day(started.year, started.month)
    if term.working_days is not None:
        return term_end(started, working_days=term.working_days)
    return term_end(started, calendar_days=term.calendar_days)


def apply_by(journey: Journey, period: Period) -> Due | None:
    """Return the last day to apply for a month (subsistence benefit: SHS § 132(1))."""
    for term in journey.terms:
        if term.runs_from is TermStart.MONTH and term.verified:
            return Due(term, last_day(term, date(period.year, period.month, 1)))
    return None


def decision_due(journey: Journey, complete_on: date | None) -> Due | None:
    """Return when the decision is due; no date until everything is in."""
    return _due(journey, TermStart.COMPLETE, complete_on)


def payment_due(journey: Journey, decided_on: date | None) -> Due | None:
    """Return when the money is due; no date until the decision."""
    return _due(journey, TermStart.DECISION, decided_on)


def _due(journey: Journey, start: TermStart, started: date | None) -> Due | None:
    term = next((term for term in journey.terms if term.runs_from is start and term.verified), None)
    if term is None:
        return None
    return Due(term, last_day(term, started) if started else None)


def period_to_apply_for(journey: Journey, today: date) -> Period | None:
    """Return the month an application made today is for; None for journeys without months."""
    return Period(today.year, today.month) if journey.period == "month" else None
