"""A journey file that is wrong is told by file and line."""

from pathlib import Path

import pytest

from journeys.conditions import BrokenCondition, Condition
from journeys.loading import CATALOGUE, BrokenJourney, load_catalogue, load_journey

SOURCE = (CATALOGUE / "kov_toimetulekutoetus.yaml").read_text(encoding="utf-8")


def broken(tmp_path: Path, old: str, new: str) -> tuple[list[str], int]:
    """Load the journey with one place changed; returns the complaints and the line of that place."""
    assert SOURCE.count(old) >= 1
    at = SOURCE.index(old)
    path = tmp_path / "teekond.yaml"
    path.write_text(SOURCE[:at] + new + SOURCE[at + len(old) :], encoding="utf-8")
    with pytest.raises(BrokenJourney) as error:
        load_journey(path)
    return list(error.value.complaints), SOURCE[:at].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("type: municipality", "type: village", "type"),
        ("version: 1", "version: 0", "version"),
        ("  en: Subsistence benefit\n", "", "names.en"),
        ('first_time == "no" && fourth_time', "frist_time", "unknown answer: frist_time"),
        ("has_loan == \"yes\"\n    title", "has_loan ==\n    title", "cannot be read"),
        ("minutes: 15", "minutes: soon", "minutes"),
        ("minutes: 15", "minuets: 15", "minuets"),
        ("{month_of} toetust", "{months} toetust", "unknown placeholder: months"),
        ("id: dokumendid", "id: review", "may not be called review"),
        ("id: email", "id: phone", "2 answers are called phone"),
        ("version: 1", "id: teine", "stands twice"),
        ("valid_from: 2026-01-01", "valid_from: someday", "valid_from"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_file_and_line(tmp_path, old, new, says):
    complaints, line = broken(tmp_path, old, new)
    assert any(says in one for one in complaints), complaints
    assert all(one.startswith("teekond.yaml:") for one in complaints)
    told = {int(one.split(":")[1]) for one in complaints}
    # A missing key is told at what it is missing from; an answer called twice at the list of steps.
    assert any(abs(each - line) <= 2 for each in told) or "answers" in says, (told, line)


def test_two_files_may_not_define_the_same_journey(tmp_path):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SOURCE, encoding="utf-8")
    with pytest.raises(BrokenJourney, match="already defines toimetulekutoetus"):
        load_catalogue(tmp_path)


def test_a_file_that_is_no_yaml_is_told_with_its_line(tmp_path):
    (tmp_path / "a.yaml").write_text("id: x\nnames: {et: 'a\n", encoding="utf-8")
    with pytest.raises(BrokenJourney, match=r"a\.yaml:\d+: "):
        load_catalogue(tmp_path)


def test_every_answer_of_the_law_is_asked(journey):
    """The fields that services.yaml marks as the law's own, by their ids here."""
    asked = {field.id for field in journey.fields()}
    assert asked >= {
        "residence", "actual_address", "phone", "email", "has_undocumented", "undocumented_amount",
        "pays_maintenance", "maintenance_amount", "has_enforcement", "enforcement_amount", "dwelling_right",
        "dwelling_area", "dwelling_rooms", "cost_rent", "has_loan", "loan_payment", "loan_insurance",
        "loan_contract", "loan_holiday", "has_movables", "job_seeking", "iban", "account_holder", "delivery",
    }  # fmt: skip
    groups = {group.id: group for group in journey.repeated()}
    assert set(groups) == {"members", "other_costs", "movables"}
    assert {field.id for field in groups["members"].fields()} >= {
        "name",
        "code",
        "relation",
        "status",
        "has_income",
    }
    assert {slot.id for slot in journey.documents} >= {
        "incomes",
        "bills",
        "statement",
        "yearly_statement",
        "dwelling",
    }
    assert {(term.id, term.basis) for term in journey.terms} == {
        ("apply_by", "SHS § 132 lg 1"), ("decision", "SHS § 134 lg 2"), ("payment", "SHS § 134 lg 6"),
    }  # fmt: skip
    assert set(journey.on_behalf_of) == {"self", "adult_guardian", "mandate"}


def test_a_condition_names_what_it_asks_of_an_item():
    assert Condition.compile('members.exists(m, m.status in ["ill", "work"])').members >= {"status"}
    for by_key in ('item["status"] == "ill"', 'item ["status"] == "ill"', 'members[0].status == "ill"'):
        with pytest.raises(BrokenCondition, match="by its name"):
            Condition.compile(by_key)
