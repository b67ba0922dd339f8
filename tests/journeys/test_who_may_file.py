"""Who may file what for whom: refused in words, with the way on; and beyond a right's scope nothing exists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from journeys.permission import barred, barred_from_starting
from journeys.tables import ApplicationRow, DraftRow
from portal.db import new_id
from portal.identity import ALL_ABILITIES, RightKind
from tests import factories
from tests.journeys.family import AINO, FATHER, FOR_A_WARD, FOR_ONESELF, MOTHER, SAARA, Home, home

pytestmark = pytest.mark.anyio

CARE_HOME = ("EE10137025", "Näidise", "Hooldekodu OÜ")
JOURNEYS = ("toimetulekutoetus", "tugiisik")


@pytest.fixture
async def family(database, files, clock, catalogue) -> Home:
    return home(database, files, clock, catalogue)


async def kept(family):
    async with family.db.read() as session:
        drafts = (await session.execute(select(DraftRow.id))).all()
        return drafts, (await session.execute(select(ApplicationRow.id))).all()


@pytest.mark.parametrize(
    ("who", "whom", "kind", "journey", "said"),
    [
        (FATHER, SAARA, RightKind.PARENT, "toimetulekutoetus", "Praegu tegutsete lapsevanemana."),
        (FATHER, SAARA, RightKind.FOSTER_PARENT, "tugiisik", "Praegu tegutsete hooldusperena."),
        (FATHER, SAARA, RightKind.CHILD_GUARDIAN, "toimetulekutoetus", "Praegu tegutsete eestkostjana."),
        (MOTHER, CARE_HOME, RightKind.MANDATE, "tugiisik", "See teenus on inimestele."),
        (MOTHER, CARE_HOME, RightKind.MANDATE, "toimetulekutoetus", "See teenus on inimestele."),
    ],
)
async def test_a_right_that_is_not_enough_is_told_so_and_what_to_do(family, who, whom, kind, journey, said):
    person = await family(who, whom, kind)
    door = await person.page(f"/et/apply/{journey}", status=403)
    assert said in door.text
    assert "/et/representation" in door.links
    form = {
        "csrf_token": "the-csrf-token",
        "party": str(person.actor.party.id),
        "form_id": str(new_id()),
        "kov": "0784",
    }
    assert (await person.client.post(f"/et/apply/{journey}", data=form)).status_code == 403
    assert await kept(family) == ([], [])


async def test_who_may_file_it_is_listed(family):
    door = await (await family(FATHER, SAARA)).page("/et/apply/toimetulekutoetus", status=403)
    assert "inimene ise eestkostja täiskasvanu eest inimene, keda on volitatud" in door.text


async def test_a_draft_that_another_right_began_can_be_neither_seen_changed_deleted_nor_sent(family):
    niece = await family(MOTHER, AINO, RightKind.MANDATE)
    draft = await niece.start()
    await niece.fill(draft, FOR_A_WARD)
    forms = {
        path: (await niece.page(f"{draft}/{path}")).form(f"/{path}")
        for path in ("vajadus", "review", "delete")
    }
    # The right became another, which this journey does not list.
    foster = await family(MOTHER, AINO, RightKind.FOSTER_PARENT)
    for path in ("", "/vajadus", "/review", "/delete"):
        assert "Nii seda taotlust esitada ei saa" in (await foster.page(draft + path, status=403)).text
    for path, form in forms.items():
        answer = await foster.client.post(f"{draft}/{path}", data=form | {"confirm": "y", "goal": "muu"})
        assert answer.status_code == 403, path
    assert len((await kept(family))[0]) == 1
    assert (await niece.page(f"{draft}/vajadus")).form("/vajadus")["goal"] == FOR_ONESELF["vajadus"]["goal"]
    await niece.send(draft)


async def test_beyond_a_limited_right_drafts_and_applications_do_not_exist(family):
    aino = await family(AINO)
    one, other = await aino.start(), await aino.start()
    await aino.fill(one, FOR_ONESELF)
    await aino.send(one)
    for scope, reached in (
        (f"matter:{one.rsplit('/', 1)[-1]}", (True, False)),
        (f"matter:{other.rsplit('/', 1)[-1]}", (False, True)),
        ("service:tugiisik", (True, True)),
        ("service:toimetulekutoetus", (False, False)),
    ):
        niece = await family(MOTHER, AINO, RightKind.MANDATE, scope=ALL_ABILITIES | {scope})
        assert (await niece.sees(one), await niece.sees(other)) == reached, scope


async def test_something_new_beyond_the_scope_is_refused_in_words(family):
    aino = await family(AINO)
    draft = await aino.start()
    matter = frozenset({f"matter:{draft.rsplit('/', 1)[-1]}"})
    niece = await family(MOTHER, AINO, RightKind.MANDATE, scope=ALL_ABILITIES | matter)
    door = await niece.page("/et/apply/tugiisik", status=403)
    assert "Teie õigus ei hõlma seda taotlust" in door.text
    assert "Taotleja on Aino Männik." in door.text
    await niece.page(f"{draft}/kellele")
    service = await family(MOTHER, AINO, RightKind.MANDATE, scope=ALL_ABILITIES | {"service:tugiisik"})
    await service.start()
    await service.page("/et/apply/toimetulekutoetus", status=403)


async def test_who_began_and_who_sent_is_told_to_the_others(family):
    niece = await family(MOTHER, AINO, RightKind.MANDATE)
    aino = await family(AINO)
    draft = await niece.start()
    for path in ("/et/drafts", "/et/apply/tugiisik"):
        assert "Alustas Mari-Liis Männik" in (await aino.page(path)).text
        assert "Alustas" not in (await niece.page(path)).text
    await niece.fill(draft, FOR_A_WARD)
    receipt = await niece.send(draft)
    told = (await aino.page(receipt)).text
    assert "Saatis Mari-Liis Männik, volituse alusel." in told
    assert "Taotleja Aino Männik Saatja Mari-Liis Männik" in told
    assert "Saatsite volituse alusel." in (await niece.page(receipt)).text


async def test_what_the_party_sent_itself_names_nobody_else(family):
    aino = await family(AINO)
    draft = await aino.start()
    await aino.fill(draft, FOR_ONESELF)
    receipt = await aino.send(draft)
    assert "Saatja" not in (await aino.page(receipt)).text
    niece = await family(MOTHER, AINO, RightKind.ADULT_GUARDIAN)
    assert "Saatis Aino Männik." in (await niece.page(receipt)).text


@given(
    kind=st.sampled_from(RightKind),
    scope=st.frozensets(
        st.sampled_from(["service:tugiisik", "service:toimetulekutoetus", f"matter:{new_id()}"])
    ),
    company=st.booleans(),
    name=st.sampled_from(JOURNEYS),
)
def test_only_a_listed_right_for_a_person_within_its_scope_opens_the_door(
    catalogue, kind, scope, company, name
):
    party = factories.party(factories.person(*(CARE_HOME if company else AINO)))
    actor = factories.actor(for_party=party, kind=kind, scope=ALL_ABILITIES | scope)
    journey = catalogue[name]
    allowed = kind in journey.on_behalf_of and not company
    assert (barred(journey, actor) is None) == allowed
    reaches = not scope or f"service:{name}" in scope
    assert (barred_from_starting(journey, actor) is None) == (allowed and reaches)
