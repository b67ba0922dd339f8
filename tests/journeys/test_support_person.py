"""The support person service: what is asked of whom, and what the municipality gets."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core_bridge.wire import Application, Fact
from journeys.behalf import CIRCUMSTANCES, Behalf
from journeys.flow import Path
from journeys.tables import ApplicationRow
from journeys.terms import decision_due
from portal.db import new_id
from portal.identity import Assurance, RightKind
from tests.journeys.family import AINO, FATHER, FOR_A_CHILD, FOR_ONESELF, KARL, MOTHER, SAARA, Home, home
from tests.journeys.site import AS_OF, registers
from tests.journeys.test_flow import TODAY

pytestmark = pytest.mark.anyio


@pytest.fixture
async def family(database, files, clock, catalogue) -> Home:
    return home(database, files, clock, catalogue)


def asked(catalogue, behalf, **answers):
    path = Path.of(catalogue["tugiisik"], answers, TODAY, behalf)
    return {each.field.id for step in path.route() for each in path.asked(step)}


CHILD = Behalf("child", "child")
WARD = Behalf("adult", "adult")
ONESELF = Behalf("self", "adult")
ALONE = Behalf("self", "child")


@pytest.mark.parametrize(
    ("behalf", "there", "not_there"),
    [
        (ONESELF, {"for_whom", "phone", "email"}, {"school", "safe_contact", "rep_phone"}),
        (CHILD, {"school", "safe_contact", "rep_phone"}, {"for_whom", "phone", "email"}),
        (WARD, {"for_whom", "phone", "email", "rep_phone"}, {"school", "safe_contact"}),
        (ALONE, {"school", "phone", "email"}, {"for_whom", "safe_contact", "rep_phone"}),
        (Behalf("child", "child", own_draft=False), {"school", "rep_phone"}, {"safe_contact"}),
    ],
)
def test_each_is_asked_what_concerns_them(catalogue, behalf, there, not_there):
    found = asked(catalogue, behalf)
    assert there <= found
    assert not (not_there & found)


def test_the_wished_person_is_asked_about_only_if_there_is_one(catalogue):
    assert not {"known_name", "known_contact"} & asked(catalogue, ONESELF, known_person="no")
    assert {"known_name", "known_contact"} <= asked(catalogue, ONESELF, known_person="yes")


@pytest.mark.parametrize(
    ("behalf", "known_person", "slots"),
    [
        (ONESELF, "no", []),
        (ONESELF, "yes", ["consent"]),
        (CHILD, "no", ["child_papers"]),
        (CHILD, "yes", ["consent", "child_papers"]),
        (ALONE, "no", ["child_papers"]),
    ],
)
def test_documents_are_for_whom_they_concern_and_none_is_a_must(catalogue, behalf, known_person, slots):
    path = Path.of(catalogue["tugiisik"], {"known_person": known_person}, TODAY, behalf)
    assert [slot.id for slot in path.documents()] == slots
    assert not any(slot.needed for slot in path.documents())
    assert ("dokumendid" in [step.id for step in path.route()]) == bool(slots)


def test_the_answer_to_a_child_goes_to_an_address_that_was_asked_for(catalogue):
    # A register may have given the child's address, which nobody is shown.
    assert "delivery_email" in asked(catalogue, CHILD, delivery="email", email="saara@naide.ee")
    assert "delivery_email" not in asked(catalogue, ONESELF, delivery="email", email="aino@naide.ee")


def test_the_decision_has_ten_working_days_from_a_whole_application(catalogue):
    journey = catalogue["tugiisik"]
    # 24, 25 and 26 December and the weekends are no working days.
    due = decision_due(journey, date(2026, 12, 17))
    assert due is not None
    assert (due.day, due.basis) == (date(2027, 1, 5), "SÜS § 25 lg 1")


ANY = st.text(alphabet="yesnoportalmailhide 0", max_size=8)
SPOKEN = st.dictionaries(
    st.sampled_from(["kov", "for_whom", "known_person", "lives_there", "delivery", "email", "goal"]), ANY
)
BEHALVES = st.builds(
    Behalf,
    acting_for=st.sampled_from(["self", "child", "adult"]),
    applicant=st.sampled_from(["child", "adult"]),
    own_draft=st.booleans(),
)


@given(SPOKEN, BEHALVES)
def test_no_answer_and_no_capacity_leaves_somebody_without_a_path(catalogue, answers, behalf):
    path = Path.of(catalogue["tugiisik"], answers, TODAY, behalf)
    route = [step.id for step in path.route()]
    assert route[0] == "kellele"
    assert route[-1] == "otsus"
    assert all(path.asked(step) or step.documents for step in path.route())
    found = asked(catalogue, behalf, **answers)
    assert ("rep_phone" in found) == (behalf.acting_for != "self")
    assert ("safe_contact" in found) == (behalf.acting_for == "child" and behalf.own_draft)
    assert not CIRCUMSTANCES & found


async def application(family) -> Application:
    async with family.db.read() as session:
        [row] = (await session.execute(select(ApplicationRow))).all()
    return Application.model_validate_json(row.body)


async def test_a_father_applies_for_his_daughter(family):
    father = await family(FATHER, SAARA)
    door = await father.page("/et/apply/tugiisik")
    assert "Saara Jõeorg Taotleja. Tegutsete lapsevanemana" in door.text
    assert "/et/representation" in door.links
    draft = await father.start()
    await father.fill(draft, FOR_A_CHILD)
    review = await father.page(f"{draft}/review")
    assert "Taotleja on Saara Jõeorg. Saadate lapsevanemana." in review.text
    assert "Jaak-Kristjan Jõeorg, lapsevanemana" in review.text
    assert "Saada taotlus (taotleja: Saara Jõeorg)" in review.text
    receipt = await father.page(await father.send(draft))
    assert "Taotleja on Saara Jõeorg. Saatsite lapsevanemana." in receipt.text
    assert "Otsus 10 tööpäevaga" in receipt.text
    sent = await application(family)
    assert (sent.applicant.name, sent.submitted_by.person.name) == ("Saara Jõeorg", "Jaak-Kristjan Jõeorg")
    assert sent.submitted_by.right.kind == "parent"
    assert (sent.applicant.contacts.phone, sent.applicant.contacts.address) == (None, "Näidise tn 3")
    told = {each.id: each for each in sent.answers}
    assert told["rep_phone"].value == "51234567"
    assert told["goal"].label_et.startswith("Mis on taotlejale raske")
    assert told["school"].value == "Näidise Kool"


async def test_an_adult_applies_for_herself_and_is_spoken_to_directly(family):
    aino = await family(AINO)
    assert "Taotlete enda eest" in (await aino.page("/et/apply/tugiisik")).text
    draft = await aino.start()
    step = await aino.page(f"{draft}/kellele")
    assert "Milles Te tuge vajate?" in step.text
    assert "Kui tuge vajab Teie laps, taotlege lapse eest." in step.text
    assert "/et/representation" in step.links
    await aino.fill(draft, FOR_ONESELF)
    await aino.send(draft)
    assert (await application(family)).applicant.contacts.phone == "5123 4567"


async def test_a_step_that_another_window_took_off_the_path_leads_to_what_is_to_do(family):
    aino = await family(AINO)
    draft = await aino.start()
    form = (await aino.page(f"{draft}/kellele")).form("/kellele")
    answer = await aino.client.post(f"{draft}/dokumendid", data={**form, "act": "next"})
    assert (answer.status_code, answer.headers["location"]) == (303, draft)


async def test_a_refused_file_of_a_step_that_is_no_longer_asked_leads_to_what_is_to_do(family):
    aino = await family(AINO)
    draft = await aino.start()
    form = (await aino.page(f"{draft}/kellele")).form("/kellele") | {"form_id": str(new_id())}
    virus = [("files", ("nimekiri.exe", b"MZ"))]
    answer = await aino.client.post(f"{draft}/files/consent", data=form, files=virus)
    assert (answer.status_code, answer.headers["location"]) == (303, draft)


async def test_a_guardian_is_not_told_to_choose_for_whom_and_writes_both_contacts(family):
    niece = await family(MOTHER, AINO, RightKind.ADULT_GUARDIAN)
    draft = await niece.start()
    step = await niece.page(f"{draft}/kellele")
    assert "taotlege lapse eest" not in step.text
    assert "Milles taotleja tuge vajab?" in step.text
    await niece.fill(draft, {"kellele": FOR_ONESELF["kellele"]})
    html = (await niece.client.get(f"{draft}/kontaktid")).text
    assert "Taotleja telefon" in html
    inputs = {name: tag for tag, name in re.findall(r'(<input[^>]*name="(\w+)"[^>]*>)', html)}
    assert 'autocomplete="off"' in inputs["phone"], "the browser must not fill in the niece's own number"
    assert 'autocomplete="tel"' in inputs["rep_phone"]


async def test_registers_are_asked_about_the_child_and_not_at_all_for_a_passkey(
    database, files, clock, catalogue
):
    school = Fact(field="school", value="Näidise Kool", source="Eesti Hariduse Infosüsteem", as_of=AS_OF)
    asked_for = []
    known = registers(school)

    async def prefill(core, request):
        asked_for.append((request.party.code, request.asked_by.right.kind))
        return await known(core, request)

    family = home(database, files, clock, catalogue, prefill)
    father = await family(FATHER, SAARA)
    step = await father.page(f"{await father.start()}/kellele")
    assert step.form("/kellele")["school"] == "Näidise Kool"
    assert "Eesti Hariduse Infosüsteem" in step.text
    assert asked_for == [(SAARA[0], "parent")]
    weak = await family(KARL, assurance=Assurance.PASSKEY)
    step = await weak.page(f"{await weak.start()}/kellele")
    assert step.form("/kellele")["school"] == ""
    assert "pääsuvõtmega, seepärast me registritest andmeid ei küsinud" in step.text
    assert len(asked_for) == 1


async def test_a_tick_that_is_taken_away_stays_away(family):
    father = await family(FATHER, SAARA)
    draft = await father.start()
    typed = FOR_A_CHILD["kellele"] | {"safe_contact": "hide"}
    await father.press(f"{draft}/kellele", "/kellele", act="next", **typed)
    shown = await father.page(f"{draft}/kellele")
    form = shown.form("/kellele")
    assert form.pop("safe_contact") == "hide"
    await father.client.post(f"{draft}/kellele", data=form | {"act": "next"})
    assert "safe_contact" not in (await father.page(f"{draft}/kellele")).form("/kellele")


@pytest.mark.parametrize("lang", ["et", "en", "ru"])
async def test_every_page_is_there_in_each_language(family, lang):
    father = await family(FATHER, SAARA)
    draft = (await father.start()).replace("/et/", f"/{lang}/")
    await father.fill(draft, FOR_A_CHILD)
    for page in (*FOR_A_CHILD, "review", "delete"):
        await father.page(f"{draft}/{page}")
    for page in ("/", "/services", "/services/tugiisik?kov=0784", "/kov/tallinn", "/apply/tugiisik"):
        shown = await father.page(f"/{lang}{page}")
        assert "tugiisik" in " ".join(shown.links) or "apply" in page


@pytest.mark.parametrize("wish", ["tugiisik", "laps vajab koolis abi", "üksindus", "puue"])
async def test_it_is_found_by_ones_own_words(family, wish):
    nobody = await family(AINO)
    answer = await nobody.client.get("/et/services", params={"q": wish})
    assert "/et/services/tugiisik" in answer.text
    assert "me vastet ei leidnud" not in answer.text
