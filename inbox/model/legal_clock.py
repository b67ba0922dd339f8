"""When the decision comes: the last day, the working days that lead to it, and the rule; pure.

A term that runs from a complete application has no date before it is complete (SÜS § 25; HMS § 15).
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from inbox.model.services import Term
from inbox.model.states import State
from portal.calendar import is_working_day

MAX_CELLS: Final = 10


class Running(StrEnum):
    """Whether the term runs."""

    RUNNING = "running"
    IF_TODAY = "if-today"
    """It does not run; this is what it would be if everything came in today."""
    NOT_YET = "not-yet"
    EXTENDED = "extended"
    OVERDUE = "overdue"
    UNKNOWN = "unknown"


class LegalClock(NamedTuple):
    """What can honestly be said of when the decision comes; `start` is the day that set the term running."""

    running: Running
    last_day: date | None = None
    term: Term | None = None
    start: date | None = None

    @property
    def days(self) -> tuple[date, ...]:
        """List the working days that lead to the last day; a page that shows no cells never asks."""
        return working_days(self.start, self.last_day) if self.start and self.last_day else ()


def legal_clock(
    state: str,
    term: Term | None,
    today: date,
    *,
    sent_on: date | None = None,
    complete_on: date | None = None,
    extended_until: date | None = None,
) -> LegalClock:
    """Work out the clock of a matter that is not decided yet."""
    if extended_until is not None:
        running = Running.OVERDUE if today > extended_until else Running.EXTENDED
        return LegalClock(running, extended_until, term)
    if term is None:
        return LegalClock(Running.UNKNOWN)
    start = complete_on if term.runs_from == "complete" else sent_on
    if start is None:
        if state != State.NEEDS_FIX:
            return LegalClock(Running.NOT_YET, term=term)
        return LegalClock(Running.IF_TODAY, term.last_day(today), term, today)
    last = term.last_day(start)
    return LegalClock(Running.OVERDUE if today > last else Running.RUNNING, last, term, start)


def working_days(start: date, end: date) -> tuple[date, ...]:
    """List the working days after `start` up to `end`; none when they are too many to show as cells."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    found = tuple(day for day in days if is_working_day(day))
    return found if len(found) <= MAX_CELLS else ()
