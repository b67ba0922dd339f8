"""What a matter's state, term and freshness say."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inbox.model.deadlines import task_deadline
from inbox.model.freshness import as_of_sentence, freshness
from inbox.model.legal_clock import Running, legal_clock
from inbox.model.sentences import Standing, sentence
from inbox.model.services import Term
from inbox.model.speech import speech
from inbox.model.states import Section, State, Turn, label, section, turn_of
from portal.texts import Language

TUESDAY = date(2026, 11, 17)
FIVE_DAYS = Term("complete", "SHS § 134 lg 2", working_days=5)
NOW = datetime(2026, 11, 17, 12, 30, tzinfo=UTC)


def test_a_term_that_runs_from_complete_has_no_date_before_it() -> None:
    assert legal_clock(State.IN_PROCEEDING, FIVE_DAYS, TUESDAY, sent_on=TUESDAY).last_day is None
    assert legal_clock(State.IN_PROCEEDING, FIVE_DAYS, TUESDAY).running is Running.NOT_YET


def test_while_something_is_missing_the_clock_says_what_today_would_bring() -> None:
    clock = legal_clock(State.NEEDS_FIX, FIVE_DAYS, TUESDAY)
    assert clock.running is Running.IF_TODAY
    assert clock.last_day == date(2026, 11, 24)
    assert [day.day for day in clock.days] == [18, 19, 20, 23, 24]


def test_a_running_term_counts_from_the_day_everything_was_in() -> None:
    clock = legal_clock(State.REGISTERED, FIVE_DAYS, TUESDAY, complete_on=date(2026, 11, 13))
    assert (clock.running, clock.last_day) == (Running.RUNNING, date(2026, 11, 20))
    assert (
        legal_clock("registered", FIVE_DAYS, date(2026, 11, 23), complete_on=date(2026, 11, 13)).running
        is Running.OVERDUE
    )


def test_an_extended_term_is_the_day_the_authority_named() -> None:
    clock = legal_clock(State.EXTENDED, FIVE_DAYS, TUESDAY, extended_until=date(2026, 12, 1))
    assert (clock.running, clock.last_day) == (Running.EXTENDED, date(2026, 12, 1))


def test_an_unknown_term_stays_unknown() -> None:
    assert legal_clock(State.REGISTERED, None, TUESDAY, complete_on=TUESDAY).running is Running.UNKNOWN


def test_a_long_term_is_not_drawn_as_cells() -> None:
    assert (
        legal_clock("registered", Term("complete", "x", working_days=30), TUESDAY, complete_on=TUESDAY).days
        == ()
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 20), "Tähtaeg reedel, 20.\xa0novembril. Jäänud on 3 päeva."),
        (date(2026, 11, 18), "Tähtaeg kolmapäeval, 18.\xa0novembril. Jäänud on 1 päev."),
        (TUESDAY, "Tähtaeg teisipäeval, 17.\xa0novembril. Täna on viimane päev."),
        (
            date(2026, 11, 16),
            "Tähtaeg oli esmaspäeval, 16.\xa0novembril. Vastata saab ikka, aga vastake kohe.",
        ),
    ],
)
def test_a_deadline_is_said_with_its_weekday_and_the_days_left(day: date, said: str) -> None:
    assert task_deadline(speech("et"), day, TUESDAY) == said


def test_the_label_names_whose_turn_it_is() -> None:
    assert label(State.REGISTERED, Turn.AUTHORITY, "linn").text == "Linna kord"
    assert label(State.REGISTERED, Turn.AUTHORITY, "vald").text == "Valla kord"
    assert label(State.NEEDS_FIX, Turn.YOU, "linn").text == "Teie kord"
    assert label(State.WAITING_THIRD, Turn.OTHER, "amet", who="perearst").text == "Arsti kord"
    assert label(State.SUSPENDED, Turn.AUTHORITY, "linn").text == "Peatatud"
    assert label(State.DECIDED, Turn.NOBODY, "linn", refused=True).text == "Ei määratud"
    assert label(State.DECIDED, Turn.NOBODY, "linn").tone == "done"
    assert label(State.IN_FORCE, Turn.NOBODY, "linn", paid=True).text == "Makstakse"
    assert label(State.MESSAGE, Turn.AUTHORITY, "linn").text == "Linna kord"


def test_every_state_has_a_label_and_a_place_in_the_list() -> None:
    for state in State:
        assert label(state, turn_of(state), "vald").text
        assert section(state, turn_of(state)) in Section


def test_a_draft_is_unsent_whoever_has_the_turn() -> None:
    assert section(State.DRAFT, Turn.YOU) is Section.DRAFTS
    assert label(State.DRAFT, Turn.YOU, "linn").text == "Saatmata"


def test_an_outage_and_old_news_are_told_apart() -> None:
    yesterday = NOW - timedelta(hours=20, minutes=25)
    down = freshness(NOW, read_at=yesterday, failing_since=NOW)
    assert as_of_sentence(speech("et"), down, TUESDAY) == "Ei vasta. Seis eile, kell 18.05"
    fresh = freshness(NOW, read_at=NOW - timedelta(minutes=1), failing_since=None)
    assert not fresh.stale
    assert as_of_sentence(speech("et"), fresh, TUESDAY) == "Seis täna, kell 14.29"
    assert freshness(NOW, read_at=yesterday, failing_since=None).stale
    assert (
        as_of_sentence(speech("et"), freshness(NOW, read_at=None, failing_since=None), TUESDAY)
        == "Infot ei ole veel tulnud"
    )


def test_a_gap_in_one_matter_makes_that_matter_old_alone() -> None:
    gap = freshness(NOW, read_at=NOW, failing_since=None, behind_since=NOW - timedelta(minutes=20))
    assert gap.stale
    assert not gap.down


@pytest.mark.parametrize("lang", ["et", "en", "ru"])
@pytest.mark.parametrize("state", [State.WITHDRAWN, State.ENDED])
def test_an_end_without_a_day_is_a_whole_sentence(lang: Language, state: State) -> None:
    said = sentence(speech(lang), Standing(state, {}, "Rakvere Linnavalitsus"))
    assert said.endswith(".")
    assert " ." not in said
    day = sentence(speech(lang), Standing(state, {"endedOn": "2026-11-17"}, "Rakvere Linnavalitsus"))
    assert "2026" in day
