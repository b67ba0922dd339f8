"""What a child filed alone, and what one parent keeps from the other: nobody else finds it anywhere."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Uuid, literal, select, update

from inbox.queries import waiting
from inbox.system_queries import owner_of
from inbox.tables import InteractionRow
from journeys.tables import ApplicationRow, AttachmentRow, DraftRow
from portal.access.privacy import OWN_MATTERS, may_know, only_for
from portal.db import new_id
from portal.identity import RightKind, age_on, birth_date, is_child
from tests import factories
from tests.journeys.family import FATHER, FOR_A_CHILD, KARL, MOTHER, SAARA, Home, home, id_of

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 21)
HIDDEN = FOR_A_CHILD | {"kellele": FOR_A_CHILD["kellele"] | {"safe_contact": "hide"}}
ALONE = FOR_A_CHILD | {
    "kellele": {"kov": "0663", "school": "Näidise Gümnaasium"},
    "kontaktid": {"residence": "Pikk tn 14", "lives_there": "yes", "contact_language": "et"},
}


@pytest.fixture
async def family(database, files, clock, catalogue) -> Home:
    return home(database, files, clock, catalogue)


async def only_for_of(family, path):
    async with family.db.read() as session:
        tables = (DraftRow, ApplicationRow, InteractionRow)
        found = [
            (await session.execute(select(table.only_for).where(table.id == id_of(path)))).first()
            for table in tables
        ]
    kept = {row.only_for for row in found if row is not None}
    assert len(kept) == 1, "draft, application and matter agree"
    return kept.pop()


async def test_a_matter_marked_for_safe_contact_is_only_for_who_filed_it_and_the_child(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    child = await family(SAARA)
    draft = await mother.start()
    await mother.fill(draft, HIDDEN)
    assert await mother.sees(draft)
    assert not await father.sees(draft)
    assert "Seda näete ainult Teie ja laps ise." in (await mother.page(f"{draft}/review")).text
    receipt = await mother.send(draft)
    assert "Seda näete ainult Teie ja laps ise." in (await mother.page(receipt)).text
    assert (await mother.sees(draft), await father.sees(draft), await child.sees(draft)) == (
        True,
        False,
        True,
    )
    assert await only_for_of(family, draft) == mother.actor.person.id


async def test_what_is_not_marked_both_parents_see(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    draft = await mother.start()
    await mother.fill(draft, FOR_A_CHILD)
    assert await father.sees(draft)
    assert "Alustas Mari-Liis Männik" in (await father.page("/et/drafts")).text
    await mother.send(draft)
    assert await father.sees(draft)


async def test_until_the_question_is_answered_a_draft_for_a_child_is_seen_by_who_began_it(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    draft = await mother.start()
    assert not await father.sees(draft)
    shown = await mother.page(f"{draft}/kellele")
    form = {**shown.form("/kellele"), "school": "Kool"}
    await mother.client.post(f"{draft}/kellele/autosave", data=form)
    assert not await father.sees(draft), "saved by the script, not answered yet"
    await mother.fill(draft, {"kellele": FOR_A_CHILD["kellele"]})
    assert await father.sees(draft)


async def test_who_continues_anothers_draft_is_promised_nothing_and_takes_nothing_away(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    draft = await mother.start()
    await mother.fill(draft, {"kellele": FOR_A_CHILD["kellele"]})
    shown = await father.page(f"{draft}/kellele")
    assert "Ärge näidake" not in shown.text
    form = {**shown.form("/kellele"), "safe_contact": "hide", "act": "next"}
    await father.client.post(f"{draft}/kellele", data=form)
    assert await mother.sees(draft)
    assert await only_for_of(family, draft) is None


async def test_the_mark_can_be_set_and_taken_off_until_it_is_sent(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    draft = await mother.start()
    await mother.fill(draft, FOR_A_CHILD)
    for steps, seen in ((HIDDEN, False), (FOR_A_CHILD, True), (HIDDEN, False)):
        shown = (await mother.page(f"{draft}/kellele")).form("/kellele")
        shown.pop("safe_contact", None)
        await mother.client.post(f"{draft}/kellele", data=shown | {"act": "next"} | steps["kellele"])
        assert await father.sees(draft) is seen


async def test_every_address_of_a_hidden_draft_is_closed_to_the_other_parent(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    draft = await mother.start()
    await mother.fill(draft, HIDDEN)
    forms = {
        path: (await mother.page(f"{draft}/{path}")).form(f"/{path}")
        for path in ("kellele", "vajadus", "delete", "review")
    }
    for path, form in forms.items():
        answer = await father.client.post(f"{draft}/{path}", data=form | {"confirm": "y", "act": "next"})
        assert answer.status_code in (303, 404), path
        assert answer.headers.get("location", "/et/drafts") == "/et/drafts"
    upload = {"files": ("a.pdf", b"%PDF-1.7\n", "application/pdf")}
    answer = await father.client.post(f"{draft}/files/child_papers", data=forms["delete"], files=upload)
    assert answer.status_code == 404
    async with family.db.read() as session:
        assert (await session.execute(select(AttachmentRow.id))).all() == []
        assert len((await session.execute(select(DraftRow.id))).all()) == 1
    assert await only_for_of(family, draft) == mother.actor.person.id


async def test_what_a_child_files_alone_the_parents_do_not_see(family):
    karl, mother = await family(KARL), await family(MOTHER, KARL)
    draft = await karl.start()
    assert not await mother.sees(draft)
    await karl.fill(draft, ALONE)
    review = (await karl.page(f"{draft}/review")).text
    assert "Seda näete ainult Teie. Vanemad ja teised" in review
    assert "seadus" not in review, "the age is not told as the law"
    await karl.send(draft)
    assert await karl.sees(draft)
    for kind in (RightKind.PARENT, RightKind.CHILD_GUARDIAN, RightKind.MANDATE):
        assert not await (await family(MOTHER, KARL, kind)).sees(draft)
    assert not await mother.sees(draft)


async def test_what_a_child_continues_of_a_hidden_draft_stays_hidden_from_the_other_parent(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    child = await family(SAARA)
    draft = await mother.start()
    await mother.fill(draft, HIDDEN)
    await child.press(f"{draft}/vajadus", "/vajadus", act="next", goal="Minu enda sõnad", known_person="no")
    assert not await father.sees(draft)
    await child.send(draft)
    assert (await mother.sees(draft), await father.sees(draft), await child.sees(draft)) == (
        True,
        False,
        True,
    )


async def test_nobody_else_is_told_that_it_waits_or_whose_it_is(family):
    mother, father = await family(MOTHER, SAARA), await family(FATHER, SAARA)
    draft = await mother.start()
    await mother.fill(draft, HIDDEN)
    await mother.send(draft)
    async with family.db.write() as tx:
        await tx.execute(update(InteractionRow).values(whose_turn="you"))
    async with family.db.read() as session:
        for actor, count in ((mother.actor, 1), (father.actor, 0)):
            person, party = literal(actor.person.id, Uuid()), literal(actor.party.id, Uuid())
            assert await session.scalar(select(waiting(party, person))) == count
            owner = await owner_of(session, actor.person.id, id_of(draft))
            assert owner == (actor.party.id if count else None)


PEOPLE = st.sampled_from([SAARA, KARL, FATHER, MOTHER])


@given(who=PEOPLE, whom=st.none() | PEOPLE, safe=st.booleans())
def test_only_one_rule_says_for_whose_eyes_it_is(who, whom, safe):
    actor = factories.actor(
        factories.person(*who), for_party=factories.party(factories.person(*whom)) if whom else None
    )
    hidden = only_for(actor, TODAY, safe_contact=safe)
    if actor.for_self:
        # Karl is 16, Saara 9: what she files the parents see.
        assert hidden == (actor.person.id if who == KARL else None)
    else:
        assert hidden == (actor.person.id if safe else None)
    if hidden:
        assert may_know(actor.person.id, party_id=actor.party.id, only_for=hidden)
        assert may_know(actor.party.id, party_id=actor.party.id, only_for=hidden)
        assert not may_know(new_id(), party_id=actor.party.id, only_for=hidden)


@given(born=st.dates(date(1920, 1, 1), date(2026, 1, 1)), lived=st.integers(0, 45_000))
def test_age_grows_by_one_a_year_on_the_birthday(born, lived):
    day = born + timedelta(days=lived)
    years, tomorrow = age_on(born, day), age_on(born, day + timedelta(days=1))
    assert abs(years - lived / 365.2425) < 1.01
    assert tomorrow - years in (0, 1)
    if tomorrow > years:
        grown = day + timedelta(days=1)
        on_the_day = (grown.month, grown.day) == (born.month, born.day)
        assert on_the_day or ((born.month, born.day), (grown.month, grown.day)) == ((2, 29), (2, 28))


def test_the_day_of_coming_of_age_counts():
    assert birth_date(KARL[0]) == date(2010, 5, 14)
    assert is_child(KARL[0], date(2028, 5, 13)) is True
    assert is_child(KARL[0], date(2028, 5, 14)) is False
    assert is_child("LV010101-12345", TODAY) is None


def test_the_age_of_own_matters_is_dated_and_not_called_verified():
    assert all(age.source and not age.verified for age in OWN_MATTERS)
    assert [age for age in OWN_MATTERS if age.valid_from <= TODAY and age.valid_to is None]
