"""The estimate of the subsistence benefit: what services.yaml works out, and where it stays silent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.behalf import ONESELF
from journeys.estimate import Estimate, Household, Unknown, estimate, household_of
from journeys.flow import Path
from journeys.words import Period
from tests.journeys.answering import family_of_three

NOVEMBER = Period(2026, 11)
TODAY = date(2026, 11, 21)


def worked(journey, adults, children, housing, income) -> Estimate:
    household = Household(adults, children, Decimal(income), Decimal(housing))
    result = estimate(journey, NOVEMBER, household)
    assert isinstance(result, Estimate)
    return result


@pytest.mark.parametrize(
    ("adults", "children", "limits", "housing", "income", "benefit", "extra"),
    [
        (1, 0, 220, 250, 150, 320, 0),
        (1, 1, 484, 300, 500, 284, 15),
        (2, 2, 924, 400, 800, 524, 0),
        (1, 0, 220, 100, 900, 0, 0),
    ],
)
def test_worked_examples_of_2026(journey, adults, children, limits, housing, income, benefit, extra):
    result = worked(journey, adults, children, housing, income)
    assert result.limits == limits
    assert result.upper == benefit
    assert result.extra == extra


def test_unknown_ceilings_give_a_range_from_only_the_limits_to_full_costs(journey):
    result = worked(journey, 1, 0, 250, 150)
    assert result.lower == 70
    assert result.upper == 320
    assert result.is_range


def test_without_housing_costs_there_is_one_number(journey):
    assert not worked(journey, 1, 0, 0, 150).is_range


@pytest.mark.parametrize("period", [Period(2027, 1), Period(2025, 12), Period(2030, 6)])
def test_a_year_whose_limits_are_not_known_has_no_number(journey, period):
    assert estimate(journey, period, Household(1, 0, Decimal(0), Decimal(0))) is Unknown.LIMITS


def test_fifteen_euros_come_only_with_a_benefit(journey):
    assert worked(journey, 1, 1, 0, 2000).extra == 0


def test_the_family_is_read_out_of_the_answers(journey):
    path = Path.of(journey, family_of_three(), TODAY, ONESELF)
    household = household_of(path, date(1971, 1, 1), TODAY)
    assert household == Household(adults=2, children=1, income=Decimal("420.00"), housing=Decimal("352.00"))
    result = estimate(journey, NOVEMBER, household)
    assert isinstance(result, Estimate)
    assert result.limits == 660
    assert result.lower == 240
    assert result.upper == 592


def test_maintenance_paid_and_enforcement_lower_the_income(journey):
    answers = family_of_three() | {
        "pays_maintenance": "yes",
        "maintenance_amount": "20",
        "has_enforcement": "yes",
        "enforcement_amount": "50",
        "has_undocumented": "yes",
        "undocumented_amount": "5",
        "undocumented_source": "naabrilt",
    }
    household = household_of(Path.of(journey, answers, TODAY, ONESELF), None, TODAY)
    assert isinstance(household, Household)
    assert household.income == Decimal("355.00")


def test_an_unreadable_sum_gives_no_number_at_all(journey):
    answers = family_of_three() | {"cost_rent": "palju"}
    assert household_of(Path.of(journey, answers, TODAY, ONESELF), None, TODAY) is Unknown.ANSWERS


def test_a_child_is_an_adult_on_the_eighteenth_birthday(journey):
    answers = family_of_three()
    answers["members"][1]["code"] = "21.11.2008"
    household = household_of(Path.of(journey, answers, TODAY, ONESELF), None, TODAY)
    assert isinstance(household, Household)
    assert household.children == 0


@given(
    adults=st.integers(1, 6),
    children=st.integers(0, 6),
    housing=st.decimals(0, 5000, places=2),
    income=st.decimals(-500, 9000, places=2),
)
def test_the_range_is_never_upside_down_nor_negative(journey, adults, children, housing, income):
    result = estimate(journey, NOVEMBER, Household(adults, children, income, housing))
    assert isinstance(result, Estimate)
    assert 0 <= result.lower <= result.upper <= result.lower + housing
