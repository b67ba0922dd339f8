"""How legal days are counted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.calendar import (
    add_working_days,
    challenge_last_day,
    is_working_day,
    last_working_day,
    next_working_day,
    tallinn_day,
    term_end,
    working_days_between,
)

days = st.dates(min_value=date(2017, 1, 1), max_value=date(2045, 12, 31))
lengths = st.integers(min_value=0, max_value=60)


@pytest.mark.parametrize(
    "day",
    ["2026-01-01", "2026-02-24", "2026-04-03", "2026-05-01", "2026-06-23", "2026-06-24", "2026-08-20",
     "2026-12-24", "2026-12-25", "2027-03-26", "2026-11-21", "2026-11-22"],
)  # fmt: skip
def test_holidays_and_weekends_are_no_working_days(day):
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-20", "2026-12-23", "2026-12-31", "2026-02-23"])
def test_shortened_days_before_holidays_are_working_days(day):
    assert is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [
        (2026, 10, 30),
        (2026, 11, 30),
        (2026, 12, 31),
        (2026, 5, 29),
        (2026, 2, 27),
        (2027, 2, 26),
        (2028, 2, 29),
    ],
)
def test_the_last_working_day_of_a_month(year, month, last):
    assert last_working_day(year, month) == date(year, month, last)


def test_five_working_days_skip_the_weekend():
    assert term_end(date(2026, 11, 12), working_days=5) == date(2026, 11, 19)


def test_working_days_skip_christmas():
    assert term_end(date(2026, 12, 22), working_days=3) == date(2026, 12, 29)


def test_a_calendar_term_that_ends_on_a_holiday_ends_on_the_next_working_day():
    assert term_end(date(2026, 11, 24), calendar_days=30) == date(2026, 12, 28)


def test_a_challenge_may_be_filed_for_thirty_days_from_the_day_after_opening():
    assert challenge_last_day(date(2026, 11, 2)) == date(2026, 12, 2)
    assert challenge_last_day(date(2026, 11, 20)) == date(2026, 12, 21)


def test_the_legal_day_changes_at_midnight_in_tallinn():
    assert tallinn_day(datetime(2026, 11, 20, 21, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert tallinn_day(datetime(2026, 11, 20, 22, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert tallinn_day(datetime(2026, 6, 20, 21, 0, tzinfo=UTC)) == date(2026, 6, 21)


def test_a_moment_without_a_zone_has_no_legal_day():
    with pytest.raises(ValueError, match="zone"):
        tallinn_day(datetime(2026, 11, 20, 12, 0))  # noqa: DTZ001


def test_a_term_has_one_length():
    with pytest.raises(ValueError, match="either"):
        term_end(date(2026, 11, 20))
    with pytest.raises(ValueError, match="either"):
        term_end(date(2026, 11, 20), working_days=1, calendar_days=1)


@given(days, st.integers(min_value=1, max_value=60))
def test_a_working_day_term_ends_on_a_working_day_and_holds_that_many(start, length):
    end = term_end(start, working_days=length)
    assert is_working_day(end)
    assert working_days_between(start, end) == length


@given(days, lengths)
def test_a_calendar_term_never_ends_early_nor_on_a_day_off(start, length):
    end = term_end(start, calendar_days=length)
    assert end >= start + timedelta(days=length)
    assert is_working_day(end)
    assert end == next_working_day(start + timedelta(days=length))


@given(days, lengths, lengths)
def test_working_days_add_up(start, first, second):
    assert add_working_days(add_working_days(start, first), second) == add_working_days(start, first + second)


@given(days, days)
def test_later_starts_never_end_earlier(one, other):
    assert (one <= other) == (add_working_days(one, 5) <= add_working_days(other, 5)) or add_working_days(
        one, 5
    ) == add_working_days(other, 5)


@given(st.integers(2017, 2045), st.integers(1, 12))
def test_nothing_after_the_last_working_day_of_a_month_is_a_working_day(year, month):
    last = last_working_day(year, month)
    assert (last.year, last.month) == (year, month)
    assert is_working_day(last)
    assert next_working_day(last + timedelta(days=1)).month != month
