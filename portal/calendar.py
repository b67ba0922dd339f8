"""Legal days: working days, Estonian public holidays and how terms are counted (HMS §§ 33-34).

A legal day is a day in Tallinn, wherever the person or the server is.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from holidays import country_holidays

TALLINN: Final = ZoneInfo("Europe/Tallinn")
CHALLENGE_DAYS: Final = 30
"""A vaie may be filed within 30 days of knowing about the act (HMS § 75)."""

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Return the days off of one year (Pühade ja tähtpäevade seadus)."""
    return frozenset(country_holidays("EE", years=year))


def tallinn_day(moment: datetime) -> date:
    """Return the legal day a moment falls on; a moment without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("a legal day needs a moment with a zone")
    return moment.astimezone(TALLINN).date()


def is_working_day(day: date) -> bool:
    """Tell whether offices work on this day; shortened days count as working days."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """Return the day itself when it is a working day, otherwise the first one after it (HMS § 33)."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """Return the `count`-th working day after `day`, which itself is never counted (HMS § 33)."""
    if count < 0:
        raise ValueError("a term runs forwards")
    for _ in range(count):
        day = next_working_day(day + _ONE_DAY)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end`; nothing when `end` is not later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(map(is_working_day, days))


def last_working_day(year: int, month: int) -> date:
    """Return the last working day of a month."""
    day = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - _ONE_DAY
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


@lru_cache(maxsize=4096)
def term_end(start: date, *, working_days: int | None = None, calendar_days: int | None = None) -> date:
    """Return the last day of a term that something on `start` set running (HMS §§ 33-34).

    Exactly one length is given. The term starts the next day; a last day that is not
    a working day moves to the next working day.
    """
    if (working_days is None) == (calendar_days is None):
        raise ValueError("a term is counted either in working days or in calendar days")
    if working_days is not None:
        return add_working_days(start, working_days)
    if calendar_days is None or calendar_days < 0:
        raise ValueError("a term runs forwards")
    return next_working_day(start + timedelta(days=calendar_days))


def challenge_last_day(opened_on: date) -> date:
    """Return the last day for a vaie against a decision known since `opened_on` (HMS §§ 75, 33)."""
    return term_end(opened_on, calendar_days=CHALLENGE_DAYS)
