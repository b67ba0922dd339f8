"""A person's way through the pages, on both databases."""

import pytest
from sqlalchemy import select

from core_bridge.wire import Application
from journeys.loading import Catalogue
from journeys.tables import ApplicationRow, DraftRow
from portal.outbox import OutboxRow
from tests import factories
from tests.journeys.filling import PERE, TEIE, fill, page, send, send_off, start
from tests.journeys.page import Page
from tests.journeys.site import Site, open_site, silent_registers

pytestmark = pytest.mark.anyio


@pytest.fixture
async def site(database, files, clock, catalogue: Catalogue) -> Site:
    return await open_site(database, files, clock, catalogue)


async def rows(site, table):
    async with site.db.read() as session:
        return (await session.execute(select(table))).all()


async def test_from_the_door_to_the_receipt(site):
    draft = await start(site)
    assert await fill(site, draft) == f"{draft}/review"
    sent = await send_off(site, draft)
    assert sent.status_code == 303
    receipt = await page(site, sent.headers["location"])
    assert "Taotlus on saadetud" in receipt.text
    assert "Saime kätte 14.00" in receipt.text
    assert "5 tööpäevaga" in receipt.text
    [application] = await rows(site, ApplicationRow)
    body = Application.model_validate_json(application.body)
    assert body.content_hash == application.content_hash
    assert body.authority.name == "Rakvere Linnavalitsus"
    assert body.applicant.contacts.phone == "5123 4567"
    assert [row.topic for row in await rows(site, OutboxRow)] == ["journeys.application"]
    assert site.told.sent[0]["id"] == application.id
    assert await rows(site, DraftRow) == []


async def test_opening_the_door_writes_nothing(site):
    await site.client.get("/et/apply/toimetulekutoetus?kov=0663")
    assert await rows(site, DraftRow) == []


async def test_the_door_offers_the_open_draft(site):
    draft = await start(site)
    door = await page(site, "/et/apply/toimetulekutoetus")
    assert draft in door.links


async def test_the_same_start_form_twice_makes_one_draft(site):
    form = (await page(site, "/et/apply/toimetulekutoetus")).form("/toimetulekutoetus") | {"kov": "0663"}
    one = await site.client.post("/et/apply/toimetulekutoetus", data=form)
    two = await site.client.post("/et/apply/toimetulekutoetus", data=form)
    assert one.headers["location"] == two.headers["location"]
    assert len(await rows(site, DraftRow)) == 1


async def test_a_municipality_that_does_not_exist_is_asked_again(site):
    form = (await page(site, "/et/apply/toimetulekutoetus")).form("/toimetulekutoetus") | {"kov": "9999"}
    answer = await site.client.post("/et/apply/toimetulekutoetus", data=form)
    assert answer.status_code == 422
    assert "Valige vald või linn" in Page(answer.text).text


async def test_a_second_submit_gives_the_same_receipt(site):
    draft = await start(site)
    await fill(site, draft)
    review = await page(site, f"{draft}/review")
    form = {**review.form("/review"), "confirm": "y"}
    first = await site.client.post(f"{draft}/review", data=form)
    second = await site.client.post(f"{draft}/review", data=form)
    assert first.headers["location"] == second.headers["location"]
    assert len(await rows(site, ApplicationRow)) == 1
    assert len(await rows(site, OutboxRow)) == 1


async def test_after_sending_the_back_button_leads_to_the_receipt(site):
    draft = await start(site)
    await fill(site, draft)
    receipt = (await send_off(site, draft)).headers["location"]
    for path in (f"{draft}/teie", f"{draft}/review"):
        assert (await site.client.get(path)).headers["location"] == receipt


async def test_a_sending_without_confirmation_says_what_to_do(site):
    draft = await start(site)
    await fill(site, draft)
    review = await page(site, f"{draft}/review")
    answer = await site.client.post(f"{draft}/review", data=review.form("/review"))
    assert answer.status_code == 422
    assert "Kinnitage, et andmed on õiged" in Page(answer.text).text


async def test_what_was_typed_is_kept_however_wrong(site):
    draft = await start(site)
    await fill(site, draft, until="pere")
    answer = await send(site, f"{draft}/pere", **PERE | {"members-0-status": "<script>alert(1)</script>"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    answer = await send(site, f"{draft}/pere", **PERE | {"has_undocumented": "yes"})
    assert "Veel mõni küsimus." in Page(answer.text).text
    answer = await send(site, f"{draft}/pere", undocumented_amount="sada eurot", undocumented_source="ema")
    shown = Page(answer.text)
    assert answer.status_code == 422
    assert "Parandage 1 koht" in shown.text
    assert "Kirjutage summa numbritega, näiteks 100,00" in shown.text
    assert shown.form("/pere")["undocumented_amount"] == "sada eurot"
    assert (await page(site, f"{draft}/pere")).form("/pere")["undocumented_amount"] == "sada eurot"


async def test_family_members_come_and_go_without_losing_what_was_typed(site):
    draft = await start(site)
    await fill(site, draft, until="pere")
    path = f"{draft}/pere"
    form = (await page(site, path)).form("/pere") | {"job_seeking": "Otsin tööd"}
    added = await site.client.post(path, data={**form, "add": "members"})
    assert added.headers["location"].endswith("/pere#members-1")
    form = (await page(site, path)).form("/pere")
    assert form["job_seeking"] == "Otsin tööd"
    form |= {"members-1-name": "Karl Männik", "members-1-has_income": "yes"}
    await site.client.post(path, data={**form, "add": "members"})
    form = (await page(site, path)).form("/pere") | {"members-2-name": "Aino"}
    await site.client.post(path, data={**form, "remove": "members-1"})
    shown = await page(site, path)
    assert shown.form("/pere")["members-1-name"] == "Aino"
    assert "members-2-name" not in shown.form("/pere")
    still = await site.client.post(path, data={**shown.form("/pere"), "remove": "members-0"})
    assert still.status_code == 303
    assert "Mari-Liis Männik" in (await page(site, path)).text


async def test_incomes_of_a_family_member_are_added_one_by_one(site):
    draft = await start(site)
    await fill(site, draft, until="pere")
    path = f"{draft}/pere"
    await send(site, path, **PERE | {"members-0-has_income": "yes"})
    form = (await page(site, path)).form("/pere") | {
        "members-0-incomes-0-kind": "wage",
        "members-0-incomes-0-amount": "1 200,50 €",
    }
    added = await site.client.post(path, data={**form, "add": "members-0-incomes"})
    assert added.headers["location"].endswith("#members-0-incomes-1")
    form = (await page(site, path)).form("/pere") | {
        "members-0-incomes-1-kind": "pension",
        "members-0-incomes-1-amount": "99.5",
    }
    done = await site.client.post(path, data={**form, "act": "next"})
    assert done.status_code == 303, Page(done.text).text
    assert "1 300,00 €" in (await page(site, path)).text.replace("\xa0", " ")


async def test_a_step_that_lies_ahead_leads_back_to_what_is_to_do(site):
    draft = await start(site)
    answer = await site.client.get(f"{draft}/konto")
    assert answer.headers["location"] == draft
    assert (await site.client.get(draft)).headers["location"] == f"{draft}/teie"


async def test_a_second_tab_shows_both_values_and_saves_neither(site):
    draft = await start(site)
    path = f"{draft}/teie"
    old = (await page(site, path)).form("/teie")
    await send(site, path, **TEIE | {"phone": "5111 1111"})
    answer = await site.client.post(path, data={**old, **TEIE, "phone": "5222 2222", "act": "next"})
    shown = Page(answer.text)
    assert answer.status_code == 409
    assert "Teises aknas salvestati: 51111111" in shown.text
    assert shown.form("/teie")["phone"] == "5222 2222"
    assert (await page(site, path)).form("/teie")["phone"] == "5111 1111"
    chosen = await site.client.post(path, data={**shown.form("/teie"), "act": "next"})
    assert chosen.status_code == 303, Page(chosen.text).text
    assert (await page(site, path)).form("/teie")["phone"] == "5222 2222"


async def test_the_same_step_sent_twice_is_harmless(site):
    draft = await start(site)
    form = (await page(site, f"{draft}/teie")).form("/teie") | TEIE | {"act": "next", "first_time": "yes"}
    one = await site.client.post(f"{draft}/teie", data=form)
    two = await site.client.post(f"{draft}/teie", data=form)
    assert (one.status_code, one.headers["location"]) == (two.status_code, two.headers["location"])


async def test_autosave_keeps_unfinished_text_and_gives_the_new_revision(site):
    draft = await start(site)
    form = (await page(site, f"{draft}/teie")).form("/teie") | {"residence": "Pikk t"}
    answer = await site.client.post(f"{draft}/teie/autosave", data=form)
    assert answer.json() == {"savedAt": "14.00", "revision": 2, "reshaped": False}
    assert (await page(site, f"{draft}/teie")).form("/teie")["residence"] == "Pikk t"
    stale = await site.client.post(f"{draft}/teie/autosave", data=form | {"residence": "Muu"})
    assert stale.status_code == 409


async def test_autosave_tells_when_an_answer_opens_a_question(site):
    draft = await start(site)
    form = (await page(site, f"{draft}/teie")).form("/teie") | {"lives_there": "no"}
    answer = await site.client.post(f"{draft}/teie/autosave", data=form)
    assert answer.json()["reshaped"] is True
    shown = await page(site, f"{draft}/teie")
    assert "Kus Te päriselt elate?" in shown.text
    again = await site.client.post(f"{draft}/teie/autosave", data=shown.form("/teie") | {"phone": "5"})
    assert again.json()["reshaped"] is False


async def test_leaving_keeps_everything_without_complaint(site):
    draft = await start(site)
    answer = await send(site, f"{draft}/teie", residence="Pooleli", act="leave")
    assert answer.headers["location"] == "/et/drafts"
    listed = await page(site, "/et/drafts")
    assert "15.02.2027" in listed.text
    assert draft in listed.links


async def test_a_deleted_draft_is_gone_with_its_files(site):
    draft = await start(site)
    form = (await page(site, f"{draft}/delete")).form("/delete")
    for _ in range(2):
        answer = await site.client.post(f"{draft}/delete", data=form)
        assert answer.headers["location"] == "/et/drafts"
    assert await rows(site, DraftRow) == []
    assert len(site.told.gone) == 1


async def test_another_persons_draft_does_not_exist(site):
    draft = await start(site)
    stranger = site.as_(factories.actor())
    for path in (f"{draft}/teie", f"{draft}/review", f"{draft}/delete", draft):
        assert (await stranger.get(path)).status_code == 404
    form = (await page(site, f"{draft}/teie")).form("/teie")
    answer = await stranger.post(f"{draft}/teie", data=form)
    assert answer.status_code == 409, "the form is for another party"


async def test_a_forged_token_changes_nothing(site):
    draft = await start(site)
    form = (await page(site, f"{draft}/teie")).form("/teie") | TEIE | {"csrf_token": "forged"}
    assert (await site.client.post(f"{draft}/teie", data=form)).status_code == 403
    assert (await page(site, f"{draft}/teie")).form("/teie")["residence"] == ""


async def test_registers_that_do_not_answer_stop_nobody(database, files, clock, catalogue):
    site = await open_site(database, files, clock, catalogue, prefill=silent_registers)
    draft = await start(site)
    shown = await page(site, f"{draft}/teie")
    assert "Riigi registrid ei vasta praegu" in shown.text


async def test_a_draft_of_last_month_is_moved_by_one_button(site):
    draft = await start(site)
    await fill(site, draft)
    site.clock.advance(days=20)
    review = await page(site, f"{draft}/review")
    assert "Kuu on läbi." in review.text
    refused = await site.client.post(f"{draft}/review", data={**review.form("/review"), "confirm": "y"})
    assert refused.status_code == 422
    await site.client.post(f"{draft}/period", data=review.form("/period"))
    await send(site, f"{draft}/teie")
    assert "novembri sissetulekud" in (await page(site, f"{draft}/pere")).text
    [row] = await rows(site, DraftRow)
    assert row.period == "2026-12"
