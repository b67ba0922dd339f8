"""Sending: once, by whom it may, and only what was looked over."""

import asyncio

import pytest
from sqlalchemy import select

from core_bridge.wire import Application
from journeys.tables import ApplicationRow, DraftRow
from portal.access.parties import party_of
from portal.audit import AuditRow
from portal.identity import Assurance, Party, RightKind
from portal.outbox import OutboxRow
from tests import factories
from tests.journeys.filling import TEIE, fill, page, send, start
from tests.journeys.page import Page
from tests.journeys.site import Site, open_site
from tests.site import browser

pytestmark = pytest.mark.anyio


@pytest.fixture
async def site(database, files, clock, catalogue) -> Site:
    return await open_site(database, files, clock, catalogue)


async def acting(site: Site, kind: RightKind) -> Site:
    """The same site, while the person acts for their aunt."""
    code, name = "EE44501019908", "Aino Männik"
    async with site.db.write() as tx:
        known = await party_of(tx, code, name)
    site.actor = factories.actor(site.actor.person, for_party=Party(known, code, name), kind=kind)
    site.client = browser(site.pages.routes(), site.clock, site.actor)
    return site


async def sent(site):
    async with site.db.read() as session:
        applications = (await session.execute(select(ApplicationRow))).all()
        planned = (await session.execute(select(OutboxRow))).all()
    return applications, planned


async def test_many_sendings_at_once_make_one_application(site):
    draft = await start(site)
    await fill(site, draft)
    form = {**(await page(site, f"{draft}/review")).form("/review"), "confirm": "y"}
    answers = await asyncio.gather(*(site.client.post(f"{draft}/review", data=form) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    applications, planned = await sent(site)
    assert (len(applications), len(planned)) == (1, 1)
    assert len(site.told.sent) == 1


async def test_what_was_changed_in_another_tab_is_looked_over_before_it_is_sent(site):
    draft = await start(site)
    await fill(site, draft)
    form = {**(await page(site, f"{draft}/review")).form("/review"), "confirm": "y"}
    await send(site, f"{draft}/teie", **TEIE | {"phone": "5111 1111"})
    answer = await site.client.post(f"{draft}/review", data=form)
    shown = Page(answer.text)
    assert answer.status_code == 422
    assert "Taotlust muudeti teises aknas" in shown.text
    assert "5111 1111" in shown.text or "51111111" in shown.text
    assert await sent(site) == ([], [])
    again = await site.client.post(f"{draft}/review", data={**shown.form("/review"), "confirm": "y"})
    assert again.status_code == 303


async def test_an_unfinished_application_is_not_sent(site):
    draft = await start(site)
    await fill(site, draft)
    form = {**(await page(site, f"{draft}/review")).form("/review"), "confirm": "y"}
    await send(site, f"{draft}/konto", iban="EE00")
    assert (await site.client.get(f"{draft}/review")).headers["location"] == draft
    revision = (await page(site, f"{draft}/konto")).form("/konto")["revision"]
    answer = await site.client.post(f"{draft}/review", data={**form, "revision": revision})
    assert answer.status_code == 422
    assert await sent(site) == ([], [])


async def test_a_draft_deleted_elsewhere_is_told_to_be_gone(site):
    draft = await start(site)
    await fill(site, draft)
    form = {**(await page(site, f"{draft}/review")).form("/review"), "confirm": "y"}
    await site.client.post(f"{draft}/delete", data=(await page(site, f"{draft}/delete")).form("/delete"))
    assert (await site.client.post(f"{draft}/review", data=form)).status_code == 404


async def test_a_guardian_applies_in_the_wards_name(site):
    site = await acting(site, RightKind.ADULT_GUARDIAN)
    draft = await start(site)
    await fill(site, draft)
    review = await page(site, f"{draft}/review")
    assert "Saada taotlus (taotleja: Aino Männik)" in review.text
    await site.client.post(f"{draft}/review", data={**review.form("/review"), "confirm": "y"})
    [application], _ = await sent(site)
    body = Application.model_validate_json(application.body)
    assert (body.applicant.name, body.applicant.code) == ("Aino Männik", "EE44501019908")
    assert (body.submitted_by.person.name, body.submitted_by.right.kind) == (
        "Mari-Liis Männik",
        "adult_guardian",
    )
    [members] = [answer.rows for answer in body.answers if answer.id == "members"]
    assert members is not None
    assert {answer.id: answer.value for answer in members[0]}["name"] == "Aino Männik"


async def test_whoever_looks_at_anothers_draft_is_written_down(site):
    async def acts():
        async with site.db.read() as session:
            return (await session.execute(select(AuditRow.act).order_by(AuditRow.id))).scalars().all()

    own = await start(site)
    await page(site, f"{own}/teie")
    assert await acts() == ["draft-started"]
    await acting(site, RightKind.ADULT_GUARDIAN)
    draft = await start(site)
    await page(site, f"{draft}/teie")
    await page(site, "/et/drafts")
    await fill(site, draft)
    told = await acts()
    assert {"draft-read", "drafts-listed", "draft-saved"} <= set(told)


async def test_a_parents_right_does_not_open_this_door(site):
    site = await acting(site, RightKind.PARENT)
    door = await site.client.get("/et/apply/toimetulekutoetus")
    assert door.status_code == 403
    said = Page(door.text)
    assert "Praegu tegutsete lapsevanemana" in said.text
    assert "eestkostja täiskasvanu eest" in said.text
    assert "/et/representation" in said.links
    answer = await site.client.post("/et/apply/toimetulekutoetus", data=site.form(kov="0663"))
    assert answer.status_code == 403
    async with site.db.read() as session:
        assert (await session.execute(select(DraftRow))).all() == []


async def test_a_passkey_is_not_enough_to_send(site):
    draft = await start(site)
    await fill(site, draft)
    form = {**(await page(site, f"{draft}/review")).form("/review"), "confirm": "y"}
    weak = factories.actor(
        factories.person(site.actor.person.code, "Mari-Liis", "Männik", known_as=site.actor.person.id),
        assurance=Assurance.PASSKEY,
    )
    assert (await site.as_(weak).post(f"{draft}/review", data=form)).status_code == 403
    assert await sent(site) == ([], [])


async def test_nothing_stands_behind_the_door_for_strangers(site):
    draft = await start(site)
    nobody = site.as_(None)
    for path in ("/et/apply/toimetulekutoetus", f"{draft}/teie", "/et/drafts"):
        assert (await nobody.get(path)).headers["location"].startswith("/auth/login")


@pytest.mark.parametrize("lang", ["et", "en", "ru"])
async def test_every_page_of_the_way_is_there_in_each_language(site, lang):
    draft = (await start(site)).replace("/et/", f"/{lang}/")
    await fill(site, draft)
    for path in ("teie", "pere", "eluase", "dokumendid", "konto", "review", "delete"):
        await page(site, f"{draft}/{path}")
    for path in ("/", "/services", "/services/toimetulekutoetus?kov=0784", "/kov/tallinn", "/drafts"):
        await page(site, f"/{lang}{path}")


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ("raha ei jätku üüriks", True),
        ("TÖÖTU", True),
        ("toimetulek", True),
        ("jalgratas", False),
        ("x" * 5000, False),
    ],
)
async def test_a_person_finds_help_by_their_own_words(site, wish, found):
    shown = Page((await site.client.get("/et/services", params={"q": wish})).text)
    assert ("me vastet ei leidnud" not in shown.text) == found
    assert "/et/services/toimetulekutoetus" in shown.links


async def test_a_municipality_is_chosen_on_the_home_page(site):
    answer = await site.client.get("/et/kov?ehak=0663")
    assert answer.headers["location"] == "/et/kov/rakvere-linn"
    for path in ("/et/kov/atlantis", "/et/services/nothing", "/et/kov/sotsiaalkindlustusamet"):
        assert (await site.client.get(path)).status_code == 404
