"""What was typed when the session ended is there after signing in again, for the same person only."""

import re
from html import unescape

import httpx2
import pytest
from sqlalchemy import func, select, text

from portal.auth import forget_old
from portal.auth.tables import KeptFormRow, SessionRow
from portal.demo.people import AINO, MARI_LIIS, DemoPerson
from tests.portal.auth.site import Browser, Site

pytestmark = pytest.mark.anyio

TYPED = "Üür on maksmata.\r\nPalun aidake & <kiiresti> \"nüüd\" — 'jah'"


async def kept(site: Site) -> int:
    async with site.db.read() as session:
        return await session.scalar(select(func.count()).select_from(KeptFormRow)) or 0


async def sent_too_late(site: Site, browser: Browser, **fields: str) -> str:
    """Sign in, open a form, come back after the session's end and send it; gives the page's text."""
    await browser.sign_in()
    form = await browser.csrf() | {"form_id": "0190-once", "revision": "3", "reason": TYPED} | fields
    site.clock.advance(minutes=20)
    page = await browser.post("/et/drafts/1/step", form)
    assert page.status_code == 401
    return page.text


def way_back(page: str) -> str:
    """Find the kept form that the page's way on leads to."""
    found = re.search(r"/auth/login\?return_to=([^&\"]+)", unescape(page))
    assert found, page
    return found[0]


async def back_in(site: Site, browser: Browser, page: str, who: DemoPerson = MARI_LIIS) -> httpx2.Response:
    over = await browser.follow(await browser.client.get(site.url + "/et/drafts/1/step"))
    left = await browser.press(over)
    assert left.url.path in ("/auth/logged-out", "/et/drafts/1/step")
    form = re.search(r'name="state" value="([^"]+)"', page)
    assert form
    left = await browser.get(f"/auth/logged-out?state={form[1]}")
    assert "Teie kirjutatu on alles" in left.text
    people = await browser.get(way_back(left.text))
    return await browser.press(people, person=who.code, method="idcard")


async def test_what_was_typed_is_sent_with_one_button_after_signing_in_again(
    site: Site, browser: Browser
) -> None:
    page = await sent_too_late(site, browser, empty="", twice="1")
    assert "Teie kirjutatu on alles" in page
    waiting = await back_in(site, browser, page)
    assert "Teie kirjutatu on alles" in waiting.text
    await browser.press(waiting)
    [sent] = site.pages.sent
    token = sent.pop("csrf_token")
    assert token
    assert sent.pop("party")
    assert sent == {"form_id": "0190-once", "revision": "3", "reason": TYPED, "empty": "", "twice": "1"}


async def test_another_person_on_the_same_computer_never_sees_it(site: Site, browser: Browser) -> None:
    page = await sent_too_late(site, browser)
    waiting = await back_in(site, browser, page, AINO)
    assert waiting.status_code == 404
    assert "maksmata" not in waiting.text
    assert "ainult inimesele, kes selle kirjutas" in waiting.text


async def test_it_is_kept_for_a_day(site: Site, browser: Browser) -> None:
    page = await sent_too_late(site, browser)
    site.clock.advance(hours=24)
    assert (await back_in(site, browser, page)).status_code == 404


async def test_it_is_kept_encrypted(site: Site, browser: Browser) -> None:
    await sent_too_late(site, browser)
    async with site.db.read() as session:
        row = (await session.execute(text("SELECT * FROM kept_form"))).one()
    stored = b"".join(value for value in row if isinstance(value, bytes)) + repr(row).encode()
    assert b"maksmata" not in stored
    assert b"/et/drafts" not in stored


async def test_nothing_is_kept_without_the_ended_sessions_own_token(site: Site, browser: Browser) -> None:
    page = await sent_too_late(site, browser, csrf_token="forged")
    assert "alles" not in page
    assert await kept(site) == 0


async def test_nothing_is_kept_for_a_browser_without_the_ended_sessions_cookie(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    form = await browser.csrf()
    site.clock.advance(minutes=20)
    answer = await site.browser().post("/et/drafts/1/step", form, follow=False)
    assert answer.status_code == 303
    assert await kept(site) == 0


async def test_a_form_of_another_session_is_not_kept_for_this_one(site: Site, browser: Browser) -> None:
    other = site.browser()
    await other.sign_in(AINO)
    anothers = await other.csrf()
    page = await sent_too_late(site, browser, csrf_token=anothers["csrf_token"])
    assert "alles" not in page


@pytest.mark.parametrize(("size", "count"), [(200 * 1024, 1), (300 * 1024, 0)])
async def test_only_so_much_is_kept(site: Site, browser: Browser, size: int, count: int) -> None:
    await sent_too_late(site, browser, much="x" * size)
    assert await kept(site) == count


async def test_files_are_not_kept(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    form = await browser.csrf()
    site.clock.advance(minutes=20)
    files = {"file": ("a.pdf", b"%PDF", "application/pdf")}
    answer = await browser.client.post(site.url + "/et/drafts/1/step", data=form, files=files)
    assert answer.status_code == 401
    assert await kept(site) == 0


async def test_a_log_out_that_came_too_late_is_not_kept(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    form = await browser.csrf()
    site.clock.advance(minutes=20)
    await browser.post("/auth/logout", form)
    await browser.post("/auth/renew", form)
    assert await kept(site) == 0


async def test_one_ended_session_cannot_fill_the_store(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    form = await browser.csrf()
    site.clock.advance(minutes=20)
    for _ in range(22):
        await browser.post("/et/drafts/1/step", form)
    assert await kept(site) == 20


async def test_forms_left_open_in_other_tabs_work_after_the_same_person_is_back(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    form = await browser.csrf() | {"reason": TYPED}
    site.clock.advance(minutes=20)
    await browser.press(await browser.get("/et/inbox"))
    await browser.press(await browser.get("/auth/login?lang=et"), person=MARI_LIIS.code, method="idcard")
    await browser.post("/et/drafts/1/step", form)
    assert [sent["reason"] for sent in site.pages.sent] == [TYPED]


async def test_forms_left_open_do_not_work_for_another_person(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    form = await browser.csrf() | {"reason": TYPED}
    site.clock.advance(minutes=20)
    await browser.press(await browser.get("/et/inbox"))
    await browser.press(await browser.get("/auth/login?lang=et"), person=AINO.code, method="idcard")
    assert (await browser.post("/et/drafts/1/step", form)).status_code == 403
    assert site.pages.sent == []


async def test_after_logging_out_old_forms_are_worthless(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    form = await browser.csrf()
    await browser.press(await browser.post("/auth/logout", form))
    await browser.sign_in()
    assert (await browser.post("/et/drafts/1/step", form)).status_code == 403


async def test_what_has_served_is_thrown_away(site: Site, browser: Browser) -> None:
    await sent_too_late(site, browser)
    await browser.get("/auth/login?lang=et", follow=False)
    site.clock.advance(hours=25)
    async with site.db.write() as tx:
        await forget_old(tx, site.clock.now())
    async with site.db.read() as session:
        for table in (KeptFormRow, SessionRow):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
        assert await session.scalar(text("SELECT count(*) FROM sign_in")) == 0
        assert await session.scalar(text("SELECT count(*) FROM sign_in_count")) == 0
