"""An honest estimate of the subsistence benefit (SHS §§ 131-135); the municipality decides, never this.

The municipality's ceilings for housing costs (§ 133(6)) are not known here. So there is a range: the lower
end counts no housing costs, the upper end counts them in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from journeys.definition import Journey
from journeys.flow import Path
from journeys.law import amounts_for
from journeys.parsing import Complaint, birth_day
from journeys.words import Period
from portal.identity import OF_AGE, age_on

ZERO: Final = Decimal(0)
_HOUSING: Final = frozenset(
    {
        "cost_rent",
        "cost_water",
        "cost_electricity",
        "cost_heating",
        "cost_waste",
        "loan_payment",
        "loan_insurance",
    }
)
_DEDUCTED: Final = frozenset({"maintenance_amount", "enforcement_amount"})


class Unknown(StrEnum):
    """Why no number can be shown."""

    LIMITS = "limits"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Household:
    """What the calculation needs to know of a family."""

    adults: int
    children: int
    income: Decimal
    housing: Decimal
    applicant_is_child: bool = False

    @property
    def others_are_minors(self) -> bool:
        """Tell whether there are other members and all of them are minors (SHS § 135)."""
        others = self.adults + self.children - 1
        return others > 0 and self.children - self.applicant_is_child == others


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range in euros; `extra` comes with the benefit when all other members are minors (SHS § 135)."""

    limits: Decimal
    lower: Decimal
    upper: Decimal
    extra: Decimal
    housing: Decimal
    income: Decimal

    @property
    def is_range(self) -> bool:
        """Tell whether unknown ceilings leave room between the two ends."""
        return self.lower != self.upper


def estimate(journey: Journey, period: Period, household: Household) -> Estimate | Unknown:
    """Calculate the range; a year whose limits are not known has no number (fail closed)."""
    limit = amounts_for(journey, "subsistence_limit", period)
    minors = amounts_for(journey, "minors_extra", period)
    if limit is None or minors is None:
        return Unknown.LIMITS
    if household.adults + household.children < 1:
        return Unknown.ANSWERS
    further = household.adults + household.children - 1
    children = min(household.children - household.applicant_is_child, further)
    limits = limit["first"] + (further - children) * limit["other_adult"] + children * limit["child"]
    income = max(household.income, ZERO)
    upper = max(ZERO, limits + household.housing - income)
    return Estimate(
        limits=limits,
        lower=max(ZERO, limits - income),
        upper=upper,
        extra=minors["extra"] if household.others_are_minors and upper > 0 else ZERO,
        housing=household.housing,
        income=income,
    )


def household_of(path: Path, applicant_born: date | None, on: date) -> Household | Unknown:
    """Read the family out of the answers; while one that counts cannot be read, nothing is estimated."""
    births: list[date | None] = [applicant_born]
    income = housing = ZERO
    for step in path.route():
        for asked, reading in path.readings(step):
            if isinstance(reading, Complaint):
                if asked.field.required and not _counts(asked.path):
                    continue
                return Unknown.ANSWERS
            amount = reading if isinstance(reading, Decimal) else ZERO
            if asked.path.startswith("members/") and asked.field.id == "code":
                births.append(birth_day(str(reading)))
            elif asked.field.id in _HOUSING or asked.path.startswith("other_costs/"):
                housing += amount
            elif asked.field.id in _DEDUCTED:
                income -= amount
            elif _is_income(asked.path):
                income += amount
    minors = [born is not None and age_on(born, on) < OF_AGE for born in births]
    return Household(
        adults=minors.count(False),
        children=minors.count(True),
        income=income,
        housing=housing,
        applicant_is_child=minors[0],
    )


def _counts(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in _HOUSING | _DEDUCTED or name in ("amount", "code") or _is_income(path)


def _is_income(path: str) -> bool:
    return path == "undocumented_amount" or (path.startswith("members/") and path.endswith("/amount"))


def total(amounts: Sequence[Decimal]) -> Decimal:
    """Add amounts up; nothing is nothing, not an error."""
    return sum(amounts, ZERO)
