"""Rights by the register's records: valid exactly while everything that makes them is so, and nothing speaks against."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.ee import ik

from core_bridge.population.codes import Codes
from core_bridge.population.record import UNREADABLE, Custody, Record
from portal.auth.representation.custody import comes_of_age, deaths, right_over, standing_of, wards
from portal.calendar import tallinn_day
from portal.identity import ALL_ABILITIES, Right, RightKind, age_on

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CODES = Codes.completed(
    {
        "dead": ["X"],
        "child_guardian": ["G1"],
        "adult_guardian": ["G2"],
        "ward": ["G3"],
        "foster_parent": ["G4"],
        "harmless": ["N"],
    }
)
PARENT = ("H10", "H20")
BORN = st.dates(date(1900, 1, 1), date(2099, 12, 31))
MINUTES_OF_80_YEARS = st.integers(0, 80 * 366 * 24 * 60)


def code_of(born: date, serial: int = 990) -> str:
    """Make an isikukood nobody has."""
    digits = f"{1 + 2 * (born.year // 100 - 18)}{born:%y%m%d}{serial}"
    return next(whole for last in range(10) if ik.is_valid(whole := f"{digits}{last}"))


def person(born: date, *lines: Custody, serial: int = 990, status: str = "E") -> Record:
    return Record(code_of(born, serial), status, born, custody=lines)


def over(ward: Record, kinds: Sequence[str] = PARENT, **changed: object) -> list[Custody]:
    return [replace(Custody(kind, "H1", None, ward.code, "E"), **changed) for kind in kinds]  # type: ignore[arg-type]


def asked(holder: Record, ward: Record, now: datetime = NOW, codes: Codes = CODES) -> Right | None:
    return right_over(holder, ward, now, codes)


CHILD = person(date(2017, 6, 11))
ADULT = person(date(1975, 6, 12))
MOTHER = person(date(1980, 1, 8), *over(CHILD), serial=991)
GUARDIAN = person(date(1971, 1, 1), *over(ADULT, ["G2"]), serial=991)


def with_lines(record: Record, *lines: Custody) -> Record:
    return replace(record, custody=lines)


def test_a_parent_with_full_custody_acts_in_everything_until_the_child_is_eighteen() -> None:
    until = datetime(2035, 6, 11, tzinfo=ZoneInfo("Europe/Tallinn"))
    assert asked(MOTHER, CHILD) == Right(RightKind.PARENT, "population-register", ALL_ABILITIES, until)


@pytest.mark.parametrize(
    "kinds", [["H10"], ["H20"], [], ["H11"], ["N"], ["H10", "H20", "H30"], ["H10", "G1"]]
)
def test_half_a_custody_an_unknown_kind_or_two_rights_at_once_give_none(kinds: list[str]) -> None:
    assert asked(with_lines(MOTHER, *over(CHILD, kinds)), CHILD) is None


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (["H20", "H10", "N"], RightKind.PARENT),
        (["G1"], RightKind.CHILD_GUARDIAN),
        (["G4"], RightKind.FOSTER_PARENT),
    ],
)
def test_each_known_kind_gives_its_right_over_a_child(kinds: list[str], kind: RightKind) -> None:
    right = asked(with_lines(MOTHER, *over(CHILD, kinds)), CHILD)
    assert right is not None
    assert right.kind is kind


def test_a_guardian_of_an_adult_acts_without_an_end() -> None:
    right = asked(GUARDIAN, with_lines(ADULT, *over(GUARDIAN, ["G3"])))
    assert right == Right(RightKind.ADULT_GUARDIAN, "population-register", ALL_ABILITIES, None)


def test_without_an_installations_codes_only_parents_have_rights() -> None:
    assert asked(MOTHER, CHILD, codes=Codes()) is not None
    assert asked(GUARDIAN, ADULT, codes=Codes()) is None


def test_a_guardian_of_adults_has_no_right_over_a_child_nor_a_parent_over_an_adult() -> None:
    assert asked(with_lines(GUARDIAN, *over(CHILD, ["G2"])), CHILD) is None
    assert asked(with_lines(GUARDIAN, *over(ADULT)), ADULT) is None
    assert asked(with_lines(GUARDIAN, *over(ADULT, ["G1"])), ADULT) is None


def test_the_ward_has_no_right_over_the_guardian() -> None:
    ward = with_lines(ADULT, *over(GUARDIAN, ["G3"]))
    assert asked(ward, GUARDIAN) is None
    assert asked(with_lines(ADULT, *over(GUARDIAN, ["G2"])), GUARDIAN) is not None
    assert asked(with_lines(CHILD, *over(MOTHER)), MOTHER) is None


def test_nobody_has_a_right_over_themselves() -> None:
    assert asked(with_lines(ADULT, *over(ADULT, ["G2"])), ADULT) is None


@pytest.mark.parametrize("status", ["X", "", "Q", "e"])
def test_who_is_not_surely_alive_has_no_right_and_gives_none(status: str) -> None:
    assert asked(replace(MOTHER, status=status), CHILD) is None
    assert asked(MOTHER, replace(CHILD, status=status)) is None
    if status:
        assert asked(with_lines(MOTHER, *over(CHILD, other_status=status)), CHILD) is None


def test_a_minor_or_somebody_under_guardianship_acts_for_nobody() -> None:
    young = person(date(2009, 1, 1), *over(CHILD), serial=991)
    assert asked(young, CHILD) is None
    assert asked(with_lines(MOTHER, *MOTHER.custody, *over(GUARDIAN, ["G3"])), CHILD) is None


def test_a_birth_date_that_the_code_contradicts_is_none() -> None:
    assert asked(MOTHER, replace(CHILD, born=date(2016, 6, 11))) is None
    assert asked(MOTHER, replace(CHILD, born=None)) is None
    assert asked(replace(MOTHER, born=date(1981, 1, 8)), CHILD) is None


@pytest.mark.parametrize("state", ["", "H2", "H3", "h1", "H10"])
def test_custody_in_any_other_state_than_valid_has_ended(state: str) -> None:
    personal, property_ = over(CHILD)
    assert asked(with_lines(MOTHER, replace(personal, state=state), property_), CHILD) is None
    # The child's own record says so, the mother's not yet.
    assert asked(MOTHER, with_lines(CHILD, *over(MOTHER, state=state))) is None


def test_a_guardianship_that_the_wards_record_takes_back_has_ended() -> None:
    assert asked(GUARDIAN, with_lines(ADULT, *over(GUARDIAN, ["G3"], state="H2"))) is None


def test_the_latest_line_that_has_begun_decides() -> None:
    ended = over(CHILD, since=date(2020, 1, 1), state="H2")
    again = over(CHILD, since=date(2024, 1, 1))
    later = over(CHILD, since=date(2030, 1, 1), state="H2")
    assert asked(with_lines(MOTHER, *ended, *again, *later), CHILD) is not None
    assert asked(with_lines(MOTHER, *again, *over(CHILD, since=date(2025, 1, 1), state="H2")), CHILD) is None


def test_two_lines_of_one_day_that_disagree_and_a_beginning_that_cannot_be_read_give_none() -> None:
    day = date(2020, 1, 1)
    both = [*over(CHILD, since=day), *over(CHILD, since=day, state="H2")]
    assert asked(with_lines(MOTHER, *both), CHILD) is None
    assert asked(with_lines(MOTHER, *over(CHILD), *over(CHILD, since=UNREADABLE, state="H2")), CHILD) is None


@given(since=st.dates(date(2026, 11, 1), date(2026, 12, 10)), minutes=st.integers(0, 40 * 24 * 60))
def test_custody_holds_from_its_first_day_in_tallinn(since: date, minutes: int) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    holds = asked(with_lines(MOTHER, *over(CHILD, since=since)), CHILD, now) is not None
    assert holds == (tallinn_day(now) >= since)


@given(born=st.dates(date(2000, 1, 1), date(2099, 12, 31)), minutes=MINUTES_OF_80_YEARS)
def test_no_right_over_a_child_outlives_the_birthday(born: date, minutes: int) -> None:
    child = person(born)
    mother = person(date(1950, 1, 2), *over(child), serial=991)
    now, of_age = datetime(2001, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), comes_of_age(born)
    assert (asked(mother, child, now) is not None) == (now < of_age)
    last = of_age - timedelta(microseconds=1)
    right = asked(mother, child, last)
    assert right is not None
    assert right.valid_until == of_age
    assert right.is_over(of_age)
    assert not right.is_over(last)
    assert asked(mother, child, of_age) is None


@given(born=BORN)
def test_coming_of_age_is_the_first_moment_of_the_birthday_in_tallinn(born: date) -> None:
    moment = comes_of_age(born)
    before = moment - timedelta(microseconds=1)
    assert tallinn_day(before) == tallinn_day(moment) - timedelta(days=1)
    day = tallinn_day(moment)
    assert day.year == born.year + 18
    leap = (born.month, born.day) == (2, 29)
    assert (day.month, day.day) == ((2, 28) if leap else (born.month, born.day))
    assert standing_of(person(born), before, CODES).minor
    assert not standing_of(person(born), moment, CODES).minor
    # A page that asks for the age says the same as the right.
    assert age_on(born, tallinn_day(before)) == 17
    assert age_on(born, day) == 18


def test_a_child_of_the_leap_day_comes_of_age_with_the_28th_of_february() -> None:
    assert comes_of_age(date(2008, 2, 29)) == datetime(2026, 2, 27, 22, 0, tzinfo=UTC)
    assert comes_of_age(date(2008, 7, 1)) == datetime(2026, 6, 30, 21, 0, tzinfo=UTC)


LINES = st.builds(
    Custody,
    kind=st.sampled_from(["H10", "H20", "H30", "G1", "G2", "G3", "G4", "N", ""]),
    state=st.sampled_from(["H1", "H1", "H1", "H2", ""]),
    since=st.sampled_from([None, date(2020, 1, 1), date(2024, 1, 1), date(2030, 1, 1), UNREADABLE]),
    other=st.sampled_from([CHILD.code, ADULT.code, MOTHER.code, ""]),
    other_status=st.sampled_from(["E", "E", "E", "", "X"]),
)


@given(
    ours=st.lists(LINES, max_size=6),
    theirs=st.lists(LINES, max_size=4),
    ward=st.sampled_from([CHILD, ADULT]),
    status=st.sampled_from(["E", "E", "X", ""]),
)
def test_whatever_the_register_says_a_right_needs_a_valid_line_and_two_living_people(
    ours: list[Custody], theirs: list[Custody], ward: Record, status: str
) -> None:
    holder, ward = with_lines(MOTHER, *ours), replace(with_lines(ward, *theirs), status=status)
    right = asked(holder, ward)
    if right is None:
        return
    assert ward.status == "E"
    valid = [
        x for x in ours if x.other == ward.code and x.state == "H1" and (x.since or NOW.date()) <= NOW.date()
    ]
    needed = {
        "parent": {"H10", "H20"},
        "child_guardian": {"G1"},
        "foster_parent": {"G4"},
        "adult_guardian": {"G2"},
    }
    assert needed[right.kind] <= {line.kind for line in valid}
    between = [x for x in ours if x.other == ward.code] + [x for x in theirs if x.other == holder.code]
    assert not any(line.other_status == "X" for line in between)
    assert (right.valid_until is None) == (right.kind is RightKind.ADULT_GUARDIAN)
    # One more line that says the opposite of the same day takes it away.
    [first, *_] = [x for x in valid if x.kind in needed[right.kind]]
    latest = max((x.since or date.min) for x in valid if x.kind == first.kind)
    against = replace(first, state="H2", since=None if latest == date.min else latest)
    assert asked(with_lines(holder, *ours, against), ward) is None


def test_the_list_is_made_of_ones_own_record_alone() -> None:
    mother = with_lines(
        MOTHER,
        *over(CHILD, other_given_name="SAARA"),
        *over(person(date(2019, 1, 1)), state="H2"),
        *over(person(date(2018, 1, 1)), other_status="X"),
        *over(person(date(2001, 1, 1))),
        *over(ADULT, ["G2"]),
        Custody("H10", "H1", None, "valik"),
    )
    listed = wards(mother, NOW, CODES)
    assert {(ward.code, right.kind) for ward, right in listed} == {
        (CHILD.code, RightKind.PARENT),
        (ADULT.code, RightKind.ADULT_GUARDIAN),
    }
    assert listed[0][0].given_name == "SAARA"


def test_standing_tells_the_dead_from_those_of_whom_nothing_is_known() -> None:
    told = [standing_of(replace(ADULT, status=status), NOW, CODES) for status in ("E", "X", "Q")]
    assert [(each.alive, each.dead) for each in told] == [(True, False), (False, True), (False, False)]
    assert not any(each.restricted or each.minor for each in told)


@pytest.mark.parametrize(
    ("other", "kind", "state", "restricted"),
    [
        (GUARDIAN, "G3", "H1", True),
        (GUARDIAN, "G3", "H2", False),
        (GUARDIAN, "G2", "H1", False),
        (GUARDIAN, "H77", "H1", True),
        (GUARDIAN, "H77", "H2", False),
        (CHILD, "H77", "H1", False),
        (CHILD, "H10", "H1", False),
        (GUARDIAN, "N", "H1", False),
    ],
)
def test_an_adult_with_a_guardian_or_perhaps_with_one_is_restricted(
    other: Record, kind: str, state: str, restricted: bool
) -> None:
    somebody = with_lines(ADULT, *over(other, [kind], state=state))
    assert standing_of(somebody, NOW, CODES).restricted is restricted
    assert not standing_of(with_lines(CHILD, *over(other, [kind], state=state)), NOW, CODES).restricted


def test_deaths_are_read_from_everybodys_records() -> None:
    mother = with_lines(MOTHER, *over(CHILD, other_status="X"), *over(ADULT, other_status="Q"))
    assert deaths([mother], CODES) == {CHILD.code}
    # Somebody's own record outweighs what another's says of them.
    assert deaths([mother, CHILD], CODES) == set()
    assert deaths([replace(MOTHER, status="X")], Codes()) == set()
