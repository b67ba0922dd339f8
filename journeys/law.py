"""Amounts of the law on a given day; what is not known or not verified is None."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from journeys.definition import Journey
from journeys.words import Period


def amounts_on(journey: Journey, name: str, day: date) -> Mapping[str, Decimal] | None:
    """Return the amounts that hold on a day; None when the law of that day is not known."""
    for value in journey.law_values.get(name, ()):
        if value.valid_from <= day and (value.valid_to is None or day <= value.valid_to) and value.verified:
            return value.amounts
    return None


def amounts_for(journey: Journey, name: str, period: Period) -> Mapping[str, Decimal] | None:
    """Return the amounts for a month; they change only with the year or the month."""
    return amounts_on(journey, name, date(period.year, period.month, 1))
