"""The path: which questions, which documents, how far the person has got."""

from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.answers import add_item, collect, items, remove_item, with_least_items
from journeys.behalf import ONESELF
from journeys.flow import Path
from journeys.parsing import Complaint
from journeys.terms import apply_by, decision_due, payment_due
from journeys.words import Period
from tests.journeys.answering import family_of_three

TODAY = date(2026, 11, 21)
ALL = ("teie", "pere", "eluase", "dokumendid", "konto")


def names(journey, step_id, **answers):
    path = Path.of(journey, family_of_three() | answers, TODAY, ONESELF)
    return {asked.name for asked in path.asked(journey.step(step_id))}


def test_a_whole_family_has_nothing_to_put_right(journey):
    path = Path.of(journey, family_of_three(), TODAY, ONESELF)
    assert [path.complaints(step) for step in path.route()] == [[]] * 5
    assert path.first_unfinished(ALL) is None
    assert path.may_visit("review", ALL)


def test_some_things_are_asked_only_the_first_time(journey):
    assert "dwelling_right" not in names(journey, "eluase")
    assert {"dwelling_right", "has_movables"} <= names(journey, "eluase", first_time="yes")
    assert "fourth_time" not in names(journey, "teie", first_time="yes")


def test_the_applicant_is_not_asked_who_they_are(journey):
    asked = names(journey, "pere")
    assert "members-0-name" not in asked
    assert {"members-1-name", "members-1-code", "members-1-relation"} <= asked


def test_incomes_are_asked_of_those_who_had_any(journey):
    asked = names(journey, "pere")
    assert "members-1-incomes-0-amount" in asked
    assert not any(name.startswith("members-2-incomes") for name in asked)


@pytest.mark.parametrize(
    ("answers", "slots"),
    [
        ({}, ["bills", "statement", "incomes"]),
        ({"first_time": "yes"}, ["bills", "statement", "incomes", "dwelling"]),
        ({"fourth_time": "yes"}, ["bills", "statement", "yearly_statement", "incomes"]),
        ({"has_loan": "yes"}, ["bills", "statement", "incomes", "loan"]),
        ({"members": []}, ["bills", "statement"]),
        (
            {"pays_maintenance": "yes", "has_enforcement": "yes"},
            ["bills", "statement", "incomes", "maintenance", "enforcement"],
        ),
    ],
)
def test_the_documents_follow_the_answers(journey, answers, slots):
    path = Path.of(journey, family_of_three() | answers, TODAY, ONESELF)
    assert [slot.id for slot in path.documents()] == slots


def test_a_step_is_reached_when_all_before_it_are_done_and_right(journey):
    path = Path.of(journey, family_of_three() | {"dwelling_area": "suur"}, TODAY, ONESELF)
    assert path.may_visit("eluase", ALL)
    assert not path.may_visit("dokumendid", ALL)
    assert not Path.of(journey, family_of_three(), TODAY, ONESELF).may_visit(
        "konto", ("teie", "pere", "eluase")
    )
    assert not path.may_visit("nowhere", ALL)


def test_the_terms_of_the_law(journey):
    due = apply_by(journey, Period(2026, 11))
    assert due is not None
    assert (due.day, due.basis) == (date(2026, 11, 30), "SHS § 132 lg 1")
    unknown = decision_due(journey, None)
    assert unknown is not None
    assert unknown.day is None
    decision = decision_due(journey, date(2026, 11, 12))
    assert decision is not None
    assert decision.day == date(2026, 11, 19)
    payment = payment_due(journey, date(2026, 11, 19))
    assert payment is not None
    assert payment.day == date(2026, 11, 24)


class Sent(dict[str, str]):
    def getlist(self, key):
        return [self[key]]


def test_a_list_that_was_not_on_the_page_stays_as_it_was(journey):
    scope = journey.step("pere").scope
    kept = family_of_three()
    came = collect(scope, Sent({"job_seeking": "x"}), kept)
    assert came["members"] == kept["members"]


def test_items_are_recognised_by_their_keys(journey):
    scope = journey.step("pere").scope
    sent = Sent({"members-0-key": "m0", "members-1-key": "m2", "members-1-name": "Aino"})
    came = collect(scope, sent, family_of_three())
    assert [item["key"] for item in came["members"]] == ["m0", "m2"]
    assert came["members"][1]["code"] == "1.1.1950"


@given(
    st.text(max_size=40)
    | st.sampled_from(["members", "members-9", "members--1", "members-1-incomes-0", "-", "a-b"])
)
def test_any_button_value_is_harmless(journey, path):
    scope = journey.step("pere").scope
    answers = with_least_items(scope, family_of_three())
    before = deepcopy(answers)
    for changed in (add_item(scope, answers, path), remove_item(scope, answers, path)):
        assert items(changed, "members")[0]["key"] == "m0"
    assert answers == before


@given(
    st.dictionaries(
        st.text(max_size=30) | st.sampled_from(["members-0-key", "kov", "members-²-key"]), st.text()
    )
)
def test_any_form_whatever_is_taken_in(journey, sent):
    for step in journey.steps:
        if step.scope is not None:
            answers = collect(step.scope, Sent(sent), family_of_three())
            path = Path.of(journey, with_least_items(step.scope, answers), TODAY, ONESELF)
            for _, reading in path.readings(step):
                assert reading is None or isinstance(reading, Complaint | object)


def test_a_list_never_grows_beyond_its_limit(journey):
    scope = journey.step("pere").scope
    answers = with_least_items(scope, family_of_three())
    for _ in range(30):
        answers = add_item(scope, answers, "members")
    assert len(answers["members"]) == 20
