"""Sentences, dates and money in three languages."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.texts import LANGUAGES
from portal.texts.words import clock_time, day_long, day_short, file_size, moment, money, month_in
from portal.ui.frame import preferred
from tests.texts import read, sentences

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("language", "said"),
    [("et", "reedel, 20.\xa0novembril"), ("en", "Friday, 20\xa0November"), ("ru", "пятница, 20\xa0ноября")],
)
def test_a_day_is_said_as_each_language_says_it(language, said):
    assert day_long(DAY, language) == said


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_day_has_words_in_every_language(language, day):
    assert day_long(day, language)
    assert day_short(day, language)
    assert month_in(day, language)


def test_a_moment_is_told_in_the_time_of_tallinn():
    assert moment(datetime(2026, 11, 12, 12, 2, tzinfo=UTC), "et") == "12.11.2026, kell 14.02"
    assert moment(datetime(2026, 7, 1, 21, 30, tzinfo=UTC), "en") == "2.07.2026 at 0:30"
    assert clock_time(datetime(2026, 11, 12, 7, 5, tzinfo=UTC), "et") == "9.05"


def test_money_has_its_sign_behind_a_space_that_does_not_break():
    assert money("299", "et") == "299,00\xa0€"
    assert money("1299.5", "ru") == "1\xa0299,50\xa0€"


def test_the_months_of_russian_end_as_grammar_wants():
    assert [month_in(f"2026-{month:02}", "ru") for month in (1, 3, 5, 8, 11)] == [
        "в январе", "в марте", "в мае", "в августе", "в ноябре",
    ]  # fmt: skip


def test_file_sizes_are_told_in_thousands():
    assert file_size(300, "et") == "1 kB"
    assert file_size(96_000, "et") == "96 kB"
    assert file_size(2_100_000, "et") == "2,1 MB"


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "et"),
        ("ru-RU,ru;q=0.9", "ru"),
        ("fi,en;q=0.5", "en"),
        ("de", "et"),
        ("et;q=x, en;q=0.1", "en"),
        ("*" * 5000, "et"),
    ],
)
def test_the_language_without_an_address_is_the_browsers_wish(wish, language):
    assert preferred(wish) == language


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_sentence_is_translated_and_keeps_its_places(language):
    catalogue = read(language)
    missing, broken = [], []
    for wanted in sentences():
        if not wanted.id:
            continue
        found = catalogue.get(wanted.id)
        if found is None or not found.string or (isinstance(found.string, tuple) and not all(found.string)):
            missing.append(wanted.id)
        elif _places(found.string) != _places(wanted.id):
            broken.append(wanted.id)
    assert not missing, f"{len(missing)} sentences lack {language}: run `make texts`"
    assert not broken


def _places(text: str | tuple[str, ...] | list[str]) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text if isinstance(text, str) else " ".join(text)))
