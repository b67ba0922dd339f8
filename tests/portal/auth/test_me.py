"""The person's own page and the page of the mailed link."""

import re
from html import unescape

import httpx2
import pytest
from sqlalchemy import func, select

from portal import notify
from portal.auth.me.pages import MePages
from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.identity import Actor, Assurance
from portal.notify.tables import ContactRow
from portal.outbox import OutboxRow
from tests.factories import actor, party, person
from tests.site import browser, form_of

pytestmark = pytest.mark.anyio


def open_as(
    database: Database, clock: FixedClock, someone: Actor, *, mails: bool = True
) -> httpx2.AsyncClient:
    return browser(MePages(database, mails).routes(), clock, someone)


async def link_of(database: Database) -> str:
    async with database.read() as session:
        payload = await session.scalar(select(OutboxRow.payload).order_by(OutboxRow.id.desc()).limit(1))
    assert payload is not None
    return f"/et/me/confirm/{payload['token']}"


async def planned(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(OutboxRow)) or 0


async def test_the_page_shows_name_and_code_as_signed_in(database: Database, clock: FixedClock) -> None:
    for language, title in (("et", "Minu andmed"), ("en", ""), ("ru", "")):
        page = await open_as(database, clock, actor()).get(f"/{language}/me")
        assert page.status_code == 200
        assert "Jaak-Kristjan Jõeorg" in page.text
        assert "38001085718" in page.text
        assert title in page.text
        assert page.headers["cache-control"] == "no-store"


async def test_an_address_is_confirmed_by_a_press_not_by_opening_the_link(
    database: Database, clock: FixedClock
) -> None:
    someone = actor()
    me = open_as(database, clock, someone)
    answer = await me.post("/et/me", data=form_of(someone, address=" Jaak@Post.Example ", language="ru"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/et/me")
    page = unescape((await me.get("/et/me")).text)
    assert "Kinnitage aadress." in page
    assert "Jaak@post.example" in page
    assert "18.11.2026, kell 14.00" in page
    link = await link_of(database)
    for _ in range(2):
        opened = await me.get(link)
        assert opened.status_code == 200
        assert "Kinnita aadress" in opened.text
    async with database.read() as session:
        assert await session.scalar(select(ContactRow.confirmed_at)) is None
    done = await me.post(link, data=form_of(someone))
    assert (done.status_code, done.headers["location"]) == (303, "/et/me?done=confirmed")
    page = unescape((await me.get("/et/me?done=confirmed")).text)
    assert "Teated saadame aadressile Jaak@post.example" in page
    assert "juba kinnitatud" in (await me.get(link)).text


HOSTILE = ["", "jaak kristjan@post.example", "jaak@post.example\r\nBcc: koik@post.example", "x" * 60_000,
           "<script>alert(1)</script>@post.example"]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
async def test_what_is_no_address_comes_back_as_typed_and_nothing_is_sent(
    database: Database, clock: FixedClock, typed: str
) -> None:
    someone = actor()
    me = open_as(database, clock, someone)
    answer = await me.post("/et/me", data=form_of(someone, address=typed, language="en"))
    assert answer.status_code == 422
    assert "<title>Viga:" in answer.text
    assert "<script>alert" not in answer.text
    kept = re.search(r'<input[^>]*name="address"[^>]*>', answer.text)
    assert kept is not None
    value = re.search(r' value="([^"]*)"', kept.group())
    assert value is not None
    assert unescape(value.group(1)) == typed
    assert 'href="#address"' in answer.text
    assert re.search(r'value="en"[^>]* checked|checked[^>]*value="en"', answer.text)
    assert await planned(database) == 0


@pytest.mark.parametrize("language", ["", "fi", "et' OR 1=1", "x" * 5000])
async def test_a_language_we_do_not_write_in_is_refused(
    database: Database, clock: FixedClock, language: str
) -> None:
    someone = actor()
    form = form_of(someone, address="jaak@post.example", language=language)
    answer = await open_as(database, clock, someone).post("/et/me", data=form)
    assert answer.status_code == 422
    assert "Valige, mis keeles Teile kirjutame" in answer.text
    assert "jaak@post.example" in answer.text


async def test_a_form_without_its_token_or_for_another_party_changes_nothing(
    database: Database, clock: FixedClock
) -> None:
    someone = actor()
    me = open_as(database, clock, someone)
    good = form_of(someone, address="jaak@post.example", language="et")
    assert (await me.post("/et/me", data=good | {"csrf_token": "forged"})).status_code == 403
    assert (await me.post("/et/me", data=good | {"party": str(new_id())})).status_code == 409
    assert (await me.post("/et/me/remove", data={})).status_code == 403
    assert await planned(database) == 0


async def test_the_sixth_link_of_a_day_is_refused_in_words(database: Database, clock: FixedClock) -> None:
    someone = actor()
    me = open_as(database, clock, someone)
    for number in range(6):
        form = form_of(someone, address=f"jaak{number}@post.example", language="et")
        answer = await me.post("/et/me", data=form)
    assert answer.status_code == 429
    assert "Järgmise saate tellida homme" in answer.text
    assert "jaak5@post.example" in answer.text


async def test_the_links_of_others_and_old_and_made_up_ones_are_told_apart(
    database: Database, clock: FixedClock
) -> None:
    owner = actor()
    other = actor(person("EE60001019906", "Mary Änn", "O’Connež-Šuslik Testnumber"))
    form = form_of(owner, address="jaak@post.example", language="et")
    await open_as(database, clock, owner).post("/et/me", data=form)
    link = await link_of(database)
    stranger = open_as(database, clock, other)
    for answer in (await stranger.get(link), await stranger.post(link, data=form_of(other))):
        assert answer.status_code == 403
        assert "jaak@post.example" not in answer.text
        assert "Jaak-Kristjan" not in answer.text
    made_up = await stranger.post("/et/me/confirm/" + "a" * 32, data=form_of(other))
    assert made_up.status_code == 404
    clock.advance(days=2)
    late = await open_as(database, clock, owner).post(link, data=form_of(owner))
    assert late.status_code == 410
    assert "Link enam ei kehti" in late.text
    async with database.read() as session:
        assert await session.scalar(select(ContactRow.confirmed_at)) is None


async def test_removing_ends_the_notices(database: Database, clock: FixedClock) -> None:
    someone = actor()
    me = open_as(database, clock, someone)
    await me.post("/et/me", data=form_of(someone, address="jaak@post.example", language="et"))
    await me.post(await link_of(database), data=form_of(someone))
    assert (await me.post("/et/me/remove", data=form_of(someone))).status_code == 303
    page = (await me.get("/et/me?done=removed")).text
    assert "jaak@post.example" not in page
    assert "Praegu me Teile e-kirju ei saada." in page


async def test_a_failing_address_is_told(database: Database, clock: FixedClock) -> None:
    someone = actor()
    me = open_as(database, clock, someone)
    await me.post("/et/me", data=form_of(someone, address="jaak@post.example", language="et"))
    await me.post(await link_of(database), data=form_of(someone))
    async with database.write() as tx:
        await tx.execute(ContactRow.__table__.update().values(failing_since=clock.now()))  # type: ignore[attr-defined]
    page = (await me.get("/et/me")).text
    assert "Teated ei jõua Teieni." in page
    again = await me.post("/et/me", data=form_of(someone, address="jaak@post.example", language="et"))
    assert again.status_code == 303
    await me.post(await link_of(database), data=form_of(someone))
    async with database.read() as session:
        contact = await notify.contact_of(session, someone)
    assert contact is not None
    assert contact.failing_since is None


async def test_without_a_mail_server_no_address_is_asked_for(database: Database, clock: FixedClock) -> None:
    someone = actor()
    me = open_as(database, clock, someone, mails=False)
    assert 'name="address"' not in (await me.get("/et/me")).text
    await me.post("/et/me", data=form_of(someone, address="jaak@post.example", language="et"))
    assert await planned(database) == 0


async def test_acting_for_another_shows_ones_own_data(database: Database, clock: FixedClock) -> None:
    parent = person()
    child = party(person("EE61509120994", "Liis", "Jõeorg"))
    page = (await open_as(database, clock, actor(parent, for_party=child)).get("/et/me")).text
    assert "Siin on Teie enda andmed" in page
    assert "61509120994" not in page


async def test_a_passkey_reads_but_does_not_change(database: Database, clock: FixedClock) -> None:
    someone = actor(assurance=Assurance.PASSKEY)
    me = open_as(database, clock, someone)
    assert (await me.get("/et/me")).status_code == 200
    assert (await me.post("/et/me", data=form_of(someone))).status_code == 403


async def test_nobody_comes_in_without_signing_in(database: Database, clock: FixedClock) -> None:
    outside = browser(MePages(database, True).routes(), clock)
    for answer in (
        await outside.get("/et/me"),
        await outside.get("/ru/me/confirm/x"),
        await outside.post("/et/me"),
    ):
        assert answer.headers["location"].startswith("/auth/login")
