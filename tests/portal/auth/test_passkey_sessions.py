"""A session that was begun by passkey: how long it lasts, how it ends, and how one gets beyond it."""

import re
from html import unescape

import httpx2
import pytest
from sqlalchemy import select

from portal.auth import forget_old
from portal.auth.passkeys.tables import PasskeyChallengeRow, PasskeyHolderRow
from portal.auth.tables import SessionRow
from portal.demo.people import AINO
from tests.portal.auth.passkeys import JSON, Holder, kept, with_passkey
from tests.portal.auth.site import Site, on_one_store

pytestmark = pytest.mark.anyio

TYPED = "Üür on maksmata.\r\nPalun aidake & <kiiresti>"
SEND = "/et/drafts/1/review"


@pytest.fixture
async def holder(site: Site) -> Holder:
    """Somebody who has just come in by passkey."""
    someone = await with_passkey(site)
    assert (await someone.enter()).status_code == 200
    return someone


async def ended(site: Site) -> list[str | None]:
    async with site.db.read() as session:
        return list(await session.scalars(select(SessionRow.ended_reason).order_by(SessionRow.id)))


async def renew(holder: Holder, **fields: str) -> httpx2.Response:
    token = await holder.browser.csrf()
    holder.site.clock.advance(minutes=29)
    return await holder.browser.post("/auth/renew", token | fields, accept=JSON)


async def stay(holder: Holder, *, minutes: int) -> None:
    """Click now and then."""
    for _ in range(minutes // 20):
        holder.site.clock.advance(minutes=20)
        assert (await holder.browser.get("/et/inbox")).status_code == 200
    holder.site.clock.advance(minutes=minutes % 20)


async def test_it_ends_after_half_an_hour_without_a_click(holder: Holder) -> None:
    holder.site.clock.advance(minutes=30)
    page = await holder.browser.get("/et/inbox")
    assert page.status_code == 401
    assert "Te ei ole mõnda aega midagi teinud" in page.text
    assert "data-autosubmit" not in page.text, "there is nothing to log out of at GovSSO"
    assert 'href="/et/passkey?return_to=%2Fet%2Finbox&amp;lang=et"' in page.text


async def test_it_ends_after_eight_hours_whatever_is_done(holder: Holder) -> None:
    await stay(holder, minutes=8 * 60 - 1)
    assert (await holder.browser.get("/et/inbox")).status_code == 200
    holder.site.clock.advance(minutes=1)
    page = await holder.browser.get("/et/inbox")
    assert page.status_code == 401
    assert "Seansi aeg sai läbi" in page.text


async def test_govsso_is_never_asked_to_renew_it(holder: Holder) -> None:
    calls = len(holder.site.govsso.state.refresh_tokens)
    holder.site.govsso.faults.down = True
    told = (await renew(holder, active="1")).json()
    assert set(told) == {"endsAt"}
    holder.site.clock.advance(minutes=29)
    assert (await holder.browser.get("/et/inbox")).status_code == 200
    assert len(holder.site.govsso.state.refresh_tokens) == calls


async def test_a_script_alone_does_not_keep_it_going(holder: Holder) -> None:
    assert (await renew(holder)).status_code == 200
    holder.site.clock.advance(minutes=1)
    assert (await holder.browser.get("/et/inbox")).status_code == 401


async def test_the_button_keeps_it_going_without_scripts(holder: Holder) -> None:
    token = await holder.browser.csrf()
    holder.site.clock.advance(minutes=29)
    page = await holder.browser.post("/auth/renew", {**token, "next": "/et/drafts/1/step"})
    assert page.url.path == "/et/drafts/1/step"
    assert page.status_code == 200
    holder.site.clock.advance(minutes=29)
    assert (await holder.browser.get("/et/inbox")).status_code == 200


async def test_near_the_eight_hours_the_button_says_that_they_are_the_most(holder: Holder) -> None:
    await stay(holder, minutes=8 * 60 - 10)
    token = await holder.browser.csrf()
    page = await holder.browser.post("/auth/renew", token)
    assert page.status_code == 409
    assert "kuni 8 tundi" in page.text
    by_script = await holder.browser.post("/auth/renew", token | {"active": "1"}, accept=JSON)
    assert (by_script.status_code, by_script.json()["reason"]) == (409, "longest")


async def test_logging_out_asks_nothing_of_govsso(holder: Holder) -> None:
    holder.site.govsso.faults.down = True
    holder.site.clock.advance(seconds=16)
    page = await holder.browser.post("/auth/logout", await holder.browser.csrf())
    assert "Olete välja logitud" in page.text
    assert "ei vasta" not in page.text
    assert "data-autosubmit" not in page.text
    assert holder.browser.cookie() is None
    assert (await ended(holder.site))[-1] == "logout"


async def test_a_log_out_at_govsso_leaves_it_alone(holder: Holder) -> None:
    at_work = holder.site.browser()
    await at_work.sign_in()
    await holder.site.govsso.end_sessions_of("EE47101010033")
    assert (await at_work.get("/et/inbox")).status_code == 401
    assert (await holder.browser.get("/et/inbox")).status_code == 200


async def test_it_takes_the_place_of_the_browsers_former_session(site: Site) -> None:
    holder = await with_passkey(site)
    await holder.browser.sign_in(AINO)
    forms = await holder.browser.csrf()
    assert (await holder.enter()).json()["name"] == "Mari-Liis Männik"
    assert (await ended(site))[-2:] == ["replaced", None]
    assert (await holder.browser.post("/et/drafts/1/step", forms)).status_code == 403


async def test_who_is_in_through_govsso_is_not_made_weaker(site: Site) -> None:
    holder = await with_passkey(site)
    await holder.browser.sign_in()
    page = await holder.browser.get("/et/passkey?return_to=/et/drafts/1/step", follow=False)
    assert page.headers["location"] == "/et/drafts/1/step"
    assert (await holder.enter()).status_code == 200
    assert (await holder.browser.post(SEND, await holder.browser.csrf())).status_code == 200


async def test_a_second_passkey_sign_in_ends_the_first(holder: Holder) -> None:
    sent = holder.device.get(await holder.challenge())
    csrf = await holder.browser.csrf()
    assert (await holder.send(sent)).status_code == 200
    assert (await ended(holder.site))[-2:] == ["replaced", None]
    assert await holder.browser.csrf() == csrf, "forms opened before stay valid"


# --- beyond it


async def test_what_asks_for_more_leads_to_govsso_and_back_with_what_was_typed(holder: Holder) -> None:
    form = await holder.browser.csrf() | {"reason": TYPED}
    page = await holder.browser.post(SEND, form)
    assert page.status_code == 403
    assert "Selleks logige sisse ID-kaardi" in page.text
    assert holder.site.pages.sent == []
    found = re.search(r'href="(/auth/login\?return_to=[^"]*kept[^"]*)"', page.text)
    assert found, page.text
    people = await holder.browser.get(unescape(found[1]))
    assert people.url.path == "/tara/authorize"
    waiting = await holder.browser.press(people, person="EE47101010033", method="idcard")
    assert "Teie kirjutatu on alles" in waiting.text
    await holder.browser.press(waiting)
    assert [sent["reason"] for sent in holder.site.pages.sent] == [TYPED]
    assert (await ended(holder.site))[-2:] == ["replaced", None]


async def test_somebody_else_at_govsso_gets_nothing_of_what_was_typed(holder: Holder) -> None:
    page = await holder.browser.post(SEND, await holder.browser.csrf() | {"reason": TYPED})
    found = re.search(r'href="(/auth/login\?return_to=[^"]*kept[^"]*)"', page.text)
    assert found
    before = await holder.browser.csrf()
    people = await holder.browser.get(unescape(found[1]))
    there = await holder.browser.press(people, person=AINO.code, method="idcard")
    assert there.status_code == 404
    assert "kiiresti" not in there.text
    assert (await holder.browser.get("/et/inbox")).json()["name"] == "Aino Männik"
    assert (await holder.browser.post(SEND, before)).status_code == 403, "the other's forms are worthless"


async def test_a_passkey_adds_and_removes_no_passkeys(holder: Holder) -> None:
    (row,) = await kept(holder.site)
    page = await holder.browser.get("/et/me/passkeys")
    assert "Punane telefon" in page.text
    assert "/auth/login?lang=et&amp;return_to=/et/me/passkeys" in page.text
    one = await holder.browser.get(f"/et/me/passkeys/{row.id}")
    assert "Eemalda pääsuvõti" not in one.text
    assert f"/auth/login?lang=et&amp;return_to=/et/me/passkeys/{row.id}" in one.text
    fields = await holder.browser.csrf()
    assert (await holder.browser.post(f"/et/me/passkeys/{row.id}/remove", fields)).status_code == 403
    assert (await holder.browser.post("/passkeys/options", fields, accept=JSON)).status_code == 403
    assert len(await kept(holder.site)) == 1


async def test_for_nobody_else_is_acted_by_passkey(holder: Holder) -> None:
    fields = await holder.browser.csrf() | {"source": "mandate", "code": AINO.code}
    assert (await holder.browser.post("/auth/acting-for", fields)).status_code == 403


# --- when GovSSO is down


async def test_when_govsso_is_down_the_page_offers_the_passkey_which_works(site: Site) -> None:
    holder = await with_passkey(site)
    site.govsso.faults.down = True
    site.clock.advance(seconds=16)
    page = await holder.browser.get("/auth/login?return_to=/et/drafts/1/step&lang=et")
    assert page.status_code == 503
    assert "ei vasta" in page.text
    found = re.search(r'href="(/et/passkey\?return_to=[^"]+)"', page.text)
    assert found
    offer = await holder.browser.get(unescape(found[1]))
    assert 'name="return_to" value="/et/drafts/1/step"' in offer.text
    assert (await holder.enter("/et/drafts/1/step")).json()["name"] == "Mari-Liis Männik"


@on_one_store
async def test_the_way_in_leads_only_to_pages_of_our_own(site: Site) -> None:
    holder = await with_passkey(site)
    for wrong in ("https://uks.example/", "//uks.example", "/auth/logout"):
        page = await holder.browser.get(f"/et/passkey?return_to={wrong}")
        assert 'name="return_to" value="/et/inbox"' in page.text
    assert (await holder.enter("//uks.example/")).url.path == "/et/inbox"


@on_one_store
async def test_without_scripts_the_pages_say_so(site: Site) -> None:
    holder = await with_passkey(site)
    page = await holder.browser.get("/et/passkey")
    assert re.search("<div data-scriptless>.*Pääsuvõti vajab JavaScripti", page.text, re.DOTALL)
    assert re.search("<form[^>]* hidden>", page.text)


async def test_what_nobody_came_back_for_is_forgotten(site: Site) -> None:
    holder = Holder(site, site.browser())
    await holder.browser.sign_in()
    await holder.options()
    await with_passkey(site, AINO)
    site.clock.advance(days=1, seconds=1)
    async with site.db.write() as tx:
        await forget_old(tx, site.clock.now())
    async with site.db.read() as session:
        assert (await session.execute(select(PasskeyChallengeRow))).all() == []
        assert len((await session.execute(select(PasskeyHolderRow))).all()) == 1
