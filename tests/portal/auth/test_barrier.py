"""Somebody signed in who may not do this now: told why, nothing typed is lost, and nobody else is named."""

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx2
import pytest
from sqlalchemy import func, select, update

from core_bridge.population import Codes
from portal.access.parties import party_of
from portal.auth.representation.register import Death, RegisterSource
from portal.auth.sessions import end_right
from portal.auth.tables import KeptFormRow, SessionRow
from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database, new_id
from portal.demo.people import AINO, KARL, LIISA, MARI_LIIS, DemoPerson
from portal.demo.register import INVENTED_CODES, Register
from tests.portal.auth.representation.test_register import SOURCE, running
from tests.portal.auth.site import Browser, Site, on_one_store, open_site

pytestmark = [pytest.mark.anyio, on_one_store]

TYPED = "Karlil on vaja\r\ntugiisikut & prille"
SEND = "/et/drafts/1/review"


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
async def site(
    database: Database, keys: KeyRing, clock: FixedClock, register: Register
) -> AsyncIterator[Site]:
    async def nobody_minds(_death: Death) -> None:
        return

    with running(register) as client:
        source = RegisterSource(client, clock, Codes.completed(INVENTED_CODES), nobody_minds)
        async with open_site(database, keys, clock, sources=[source]) as opened:
            yield opened
        await source.close()


def words(page: httpx2.Response) -> str:
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


async def acting(site: Site, whom: DemoPerson | None = KARL) -> Browser:
    browser = site.browser()
    await browser.sign_in()
    if whom is not None:
        await choose(browser, whom)
    return browser


async def choose(browser: Browser, whom: DemoPerson) -> None:
    token = await browser.csrf()
    await browser.post("/auth/acting-for", token | {"party": "", "source": SOURCE, "code": whom.code})


async def switch(browser: Browser, page: httpx2.Response) -> httpx2.Response:
    """Press the button that goes on for the other party."""
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    form = main[main.index('action="/auth/acting-for"') :]
    fields = re.findall(r'name="([^"]*)" value="([^"]*)"', form[: form.index("</form>")])
    return await browser.post("/auth/acting-for", {name: unescape(value) for name, value in fields})


async def kept_page(site: Site, browser: Browser, page: httpx2.Response) -> httpx2.Response:
    found = re.search(r"/et/kept/[0-9a-f-]{36}", unescape(page.text).replace("%2F", "/"))
    assert found, words(page)
    return await browser.get(found[0])


async def test_a_form_for_another_party_changes_nothing_and_is_sent_after_the_switch(site: Site) -> None:
    browser = await acting(site)
    form = await browser.csrf() | {"text": TYPED}
    await choose(browser, LIISA)
    page = await browser.post(SEND, form)
    assert page.status_code == 409
    assert site.pages.sent == []
    assert "Teie kirjutatu on alles" in words(page)
    assert "Jätka: Karl Männik" in words(page)
    kept = await switch(browser, page)
    told = words(kept)
    assert "Vormi täitsite kellegi teise asjas" in told
    assert "Seanss lõppes" not in told
    assert "tugiisikut & prille" in told
    await browser.press(kept)
    [sent] = site.pages.sent
    assert sent["text"] == TYPED


async def test_a_silent_source_is_told_as_such_and_the_form_goes_when_it_answers(
    site: Site, register: Register
) -> None:
    browser = await acting(site)
    form = await browser.csrf() | {"text": TYPED}
    register.faults.down = True
    page = await browser.post(SEND, form)
    assert page.status_code == 503
    assert "ei vasta" in words(page)
    kept = await kept_page(site, browser, page)
    assert "ei vastanud" in words(kept)
    assert "Seanss lõppes" not in words(kept)
    again = await browser.press(kept)
    assert again.status_code == 503
    register.faults.clear()
    await browser.press(await kept_page(site, browser, again))
    [sent] = site.pages.sent
    assert sent["text"] == TYPED


async def test_when_the_right_has_ended_the_words_can_still_be_read(site: Site, register: Register) -> None:
    browser = await acting(site)
    form = await browser.csrf() | {"text": TYPED}
    register.end(MARI_LIIS.code, KARL.code)
    page = await browser.post(SEND, form)
    assert page.status_code == 403
    assert "on lõppenud" in words(page)
    assert "Vaata, mida kirjutasite" in words(page)
    kept = await kept_page(site, browser, page)
    assert "tugiisikut & prille" in words(kept)
    assert "oli lõppenud" in words(kept)
    assert (await browser.press(kept)).status_code == 403
    assert site.pages.sent == []


async def test_a_right_that_is_revoked_stops_the_very_next_click(site: Site) -> None:
    browser = await acting(site)
    async with site.db.write() as tx:
        person_id = await party_of(tx, MARI_LIIS.code, "Mari-Liis Männik")
        assert await end_right(tx, site.clock.now(), person_id=person_id) == 1
    page = await browser.get("/et/inbox")
    assert page.status_code == 403
    assert "on lõppenud" in words(page)


async def test_a_weak_sign_in_is_sent_for_a_strong_one_with_the_form_kept(site: Site) -> None:
    browser = await acting(site, None)
    form = await browser.csrf() | {"text": TYPED}
    async with site.db.write() as tx:
        await tx.execute(update(SessionRow).values(assurance="passkey"))
    page = await browser.post(SEND, form)
    assert page.status_code == 403
    assert "return_to=%2Fet%2Fkept%2F" in page.text
    told = words(await kept_page(site, browser, page))
    assert "kindlamalt tuvastada" in told
    assert "Seanss lõppes" not in told


async def test_after_signing_in_again_the_form_says_whose_it_is_and_switches_first(site: Site) -> None:
    browser = await acting(site)
    form = await browser.csrf() | {"text": TYPED}
    site.clock.advance(minutes=20)
    over = await browser.post(SEND, form)
    assert over.status_code == 401
    left = await browser.press(over)
    login = re.search(r'href="(/auth/login\?return_to[^"]*)"', left.text[left.text.index("<main") :])
    assert login, words(left)
    people = await browser.get(unescape(login[1]))
    kept = await browser.press(people, person=MARI_LIIS.code, method="idcard")
    assert "Seanss lõppes enne" in words(kept)
    assert "Jätka: Karl Männik" in words(kept)
    ready = await switch(browser, kept)
    assert "Jätka: Karl" not in words(ready)
    done = await browser.press(ready)
    assert done.status_code == 200, words(done)
    assert [sent["text"] for sent in site.pages.sent] == [TYPED]


async def test_a_form_with_a_strangers_id_in_it_names_nobody(site: Site) -> None:
    stranger = site.browser()
    await stranger.sign_in(AINO)
    anothers = (await stranger.csrf())["party"]
    browser = await acting(site, None)
    for party in (anothers, str(new_id()), "x", ""):
        page = await browser.post(SEND, await browser.csrf() | {"party": party, "text": TYPED})
        assert page.status_code == 409
        assert "Aino" not in page.text
        assert "Aino" not in (await kept_page(site, browser, page)).text
    assert site.pages.sent == []


async def test_two_tabs_that_meet_the_closed_door_each_get_their_own_back(site: Site) -> None:
    browser = await acting(site, None)
    form = await browser.csrf()
    site.clock.advance(minutes=20)
    pages = [await browser.post(SEND, form | {"text": f"{TYPED} {tab}"}) for tab in (1, 2)]
    assert [page.status_code for page in pages] == [401, 401]
    async with site.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(KeptFormRow)) == 2
        paths = [f"/et/kept/{each}" for each in (await session.scalars(select(KeptFormRow.id))).all()]
    await browser.press(pages[0])
    await browser.press(await browser.get("/auth/login?lang=et"), person=MARI_LIIS.code, method="idcard")
    for path in paths:
        await browser.press(await browser.get(path))
    assert sorted(sent["text"] for sent in site.pages.sent) == [f"{TYPED} 1", f"{TYPED} 2"]
