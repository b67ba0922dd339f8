"""What registers know is there from the start, with its source; the person's correction stands beside it."""

import json

import pytest
from sqlalchemy import select

from core_bridge.wire import Fact
from journeys.tables import ApplicationRow
from tests.journeys.filling import ELUASE, KONTO, PERE, TEIE, page, send, send_off, start
from tests.journeys.site import AS_OF, Site, open_site, registers, silent_registers

pytestmark = pytest.mark.anyio


def fact(name, value, source="Rahvastikuregister"):
    return Fact(field=name, value=value, source=source, as_of=AS_OF)


FACTS = (
    fact("residence", "Pikk tn 14–6, Rakvere linn"),
    fact("phone", "5550 1010"),
    fact(
        "members",
        (
            {"code": "EE47101010033", "name": "Mari-Liis Männik", "relation": "self", "status": "unemployed"},
            {"code": "EE51003059901", "name": "Karl Männik", "relation": "child", "status": "pupil"},
        ),
    ),
    fact("incomes", ({"code": "EE47101010033", "kind": "wage", "amount": "320.00"},), "Maksu- ja Tolliamet"),
    fact(
        "incomes",
        ({"code": "EE47101010033", "kind": "family_benefit", "amount": "160"},),
        "Sotsiaalkindlustusamet",
    ),
    fact("incomes", ({"code": "EE10101010005", "kind": "wage", "amount": "1"},), "Maksu- ja Tolliamet"),
)


@pytest.fixture
async def site(database, files, clock, catalogue) -> Site:
    return await open_site(database, files, clock, catalogue, prefill=registers(*FACTS))


async def test_known_answers_stand_in_the_form_with_their_source(site):
    draft = await start(site)
    shown = await page(site, f"{draft}/teie")
    assert shown.form("/teie")["residence"] == "Pikk tn 14–6, Rakvere linn"
    assert "Rahvastikuregister, seis 10.11.2026" in shown.text
    await send(site, f"{draft}/teie", **{**TEIE, "residence": shown.form("/teie")["residence"]})
    family = await page(site, f"{draft}/pere")
    form = family.form("/pere")
    assert form["members-1-name"] == "Karl Männik"
    assert form["members-0-status"] == "unemployed"
    assert form["members-0-register_incomes-0-amount"] == "320,00"
    assert form["members-0-register_incomes-1-amount"] == "160,00"
    assert "Maksu- ja Tolliamet, seis 10.11.2026" in family.text


async def test_a_correction_goes_to_the_core_beside_the_registers_word(site):
    draft = await start(site)
    await send(site, f"{draft}/teie", **TEIE | {"residence": "Uus tn 1, Rakvere"})
    await send(
        site,
        f"{draft}/pere",
        **PERE | {"members-0-register_incomes-0-amount": "300", "members-1-has_income": "no"},
    )
    assert "Registris on: 320,00" in (await page(site, f"{draft}/pere")).text
    await fill_rest(site, draft)
    await send_off(site, draft)
    async with site.db.read() as session:
        body = await session.scalar(select(ApplicationRow.body))
    application = json.loads(body)
    answers = {answer["id"]: answer for answer in application["answers"]}
    assert answers["residence"]["value"] == "Uus tn 1, Rakvere"
    assert answers["residence"]["register"]["value"] == "Pikk tn 14–6, Rakvere linn"
    mother = {answer["id"]: answer for answer in answers["members"]["rows"][0]}
    assert (mother["name"]["value"], mother["relation"]["value"]) == ("Mari-Liis Männik", "applicant")
    wage = {answer["id"]: answer for answer in mother["register_incomes"]["rows"][0]}
    assert (wage["amount"]["value"], wage["amount"]["register"]["value"]) == ("300", "320.00")
    assert wage["kind"]["textEt"] == "Palk või töötasu"


async def fill_rest(site, draft):
    for step, typed in (("eluase", ELUASE), ("dokumendid", {}), ("konto", KONTO)):
        answer = await send(site, f"{draft}/{step}", **typed)
        assert answer.status_code == 303


async def test_registers_asked_again_fill_only_what_is_empty(database, files, clock, catalogue):
    site = await open_site(database, files, clock, catalogue, prefill=silent_registers)
    draft = await start(site)
    await send(site, f"{draft}/teie", residence="Minu oma aadress")
    form = (await page(site, f"{draft}/teie")).form("/facts?step=teie")
    object.__setattr__(site.pages, "prefill", registers(*FACTS))
    again = await site.as_(site.actor).post(f"{draft}/facts?step=teie", data=form)
    assert again.headers["location"] == f"{draft}/teie"
    shown = await page(site, f"{draft}/teie")
    assert shown.form("/teie")["residence"] == "Minu oma aadress"
    assert shown.form("/teie")["phone"] == "5550 1010"
    assert "Registris on: Pikk tn 14–6, Rakvere linn" in shown.text


async def test_the_estimate_is_a_range_and_never_says_not_to_apply(site):
    draft = await start(site)
    await send(site, f"{draft}/teie", **TEIE)
    await send(site, f"{draft}/pere", **PERE | {"members-1-has_income": "no"})
    await fill_rest(site, draft)
    review = (await page(site, f"{draft}/review")).text.replace("\xa0", " ")
    # 220 + 264 and 260 € of rent, less 480 €: from 4 to 264, and 15 more with a child.
    assert "Umbes 4,00 € kuni 264,00 €." in review
    assert "lisaks 15,00 €" in review
    assert "ligikaudne arvutus, mitte otsus" in review
