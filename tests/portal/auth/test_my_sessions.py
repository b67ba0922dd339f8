"""Where a person is signed in: seen by that person alone, and ended from there."""

import re
from html import unescape

import httpx2
import pytest
from sqlalchemy import select, text, update

from portal.auth.tables import KnownPlaceRow, SessionRow
from portal.demo.people import AINO
from portal.notify.tables import ContactRow
from portal.notify.warnings import WARNING
from portal.outbox import OutboxRow
from tests.portal.auth.site import Browser, Site

pytestmark = pytest.mark.anyio

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"
LIST = "/et/me/sessions"


def with_agent(site: Site, agent: str) -> Browser:
    made = site.browser()
    made.client.headers["User-Agent"] = agent
    return made


async def two(site: Site) -> tuple[Browser, Browser]:
    """Sign the same person in at a desk and on a phone."""
    desk, phone = with_agent(site, DESK), with_agent(site, PHONE)
    await desk.sign_in()
    await phone.sign_in()
    return desk, phone


def words(page: httpx2.Response) -> str:
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def ends(page: httpx2.Response) -> list[str]:
    return re.findall(r'action="(/et/me/sessions/[0-9a-f-]{36}/end)"', page.text)


async def form(browser: Browser) -> dict[str, str]:
    return await browser.csrf()


async def test_the_list_tells_where_when_and_by_what_means(site: Site) -> None:
    desk, _phone = await two(site)
    page = await desk.get(LIST)
    assert page.status_code == 200
    told = words(page)
    for part in (
        "Firefox, Windows – see seade",
        "Safari, iPhone",
        "ID-kaart",
        "17.11.2026, kell",
        "127.0.0.1",
    ):
        assert part in told, told
    assert told.index("see seade") < told.index("iPhone")
    assert len(ends(page)) == 1


async def test_nobody_elses_sessions_are_there_nor_can_they_be_ended(site: Site) -> None:
    desk, _phone = await two(site)
    stranger = with_agent(site, PHONE)
    await stranger.sign_in(AINO)
    assert "Firefox" not in (await stranger.get(LIST)).text
    [of_phone] = ends(await desk.get(LIST))
    assert (await stranger.post(of_phone, await form(stranger))).status_code == 404
    await stranger.post(f"{LIST}/end-others", await form(stranger))
    assert len(ends(await desk.get(LIST))) == 1


async def test_an_ended_session_is_told_so_in_words_at_its_next_click(site: Site) -> None:
    desk, phone = await two(site)
    typed = await phone.csrf() | {"reason": "Pool kirja"}
    [of_phone] = ends(await desk.get(LIST))
    page = await desk.post(of_phone, await form(desk))
    assert "Seanss on lõpetatud" in words(page)
    assert "Mujal Te praegu sisse logitud ei ole" in words(page)
    assert "lõpetasite seansi siit lehelt" in words(page)
    over = await phone.post("/et/drafts/1/step", typed)
    assert over.status_code == 401
    assert "Lõpetasite selle seansi ise" in words(over)
    assert "Teie kirjutatu on alles" in words(over)
    # GovSSO's own session in that browser must not let it in again with one click.
    left = await phone.press(over)
    assert "Lõpetasite selle seansi ise" in words(left)
    assert (await phone.get("/auth/login?lang=et")).url.path == "/tara/authorize"
    assert (await desk.get("/et/inbox")).json()["name"]


async def test_all_the_others_are_ended_and_this_one_goes_on(site: Site) -> None:
    desk, phone = await two(site)
    third = with_agent(site, DESK)
    await third.sign_in()
    page = await desk.post(f"{LIST}/end-others", await form(desk))
    assert "Kõik teised seansid on lõpetatud" in words(page)
    for other in (phone, third):
        assert (await other.client.get(site.url + "/et/inbox")).status_code == 401


async def test_all_are_ended_and_this_one_is_logged_out(site: Site) -> None:
    desk, phone = await two(site)
    left = await desk.press(await desk.post(f"{LIST}/end-all", await form(desk)))
    assert "Olete välja logitud" in words(left)
    assert desk.cookie() is None
    assert (await phone.client.get(site.url + "/et/inbox")).status_code == 401


async def test_to_end_this_very_session_is_to_log_out(site: Site) -> None:
    desk, phone = await two(site)
    [of_phone] = ends(await desk.get(LIST))
    page = await phone.post(of_phone, await form(phone))
    assert "Väljalogimine" in page.text
    assert (await desk.get("/et/inbox")).status_code == 200


async def test_pressing_twice_or_for_a_session_that_is_not_does_no_harm(site: Site) -> None:
    desk, _phone = await two(site)
    [of_phone] = ends(await desk.get(LIST))
    for _ in range(2):
        assert (await desk.post(of_phone, await form(desk))).status_code == 200
    made_up = of_phone.replace(of_phone.split("/")[4], "00000000-0000-7000-8000-000000000000")
    assert (await desk.post(made_up, await form(desk))).status_code == 404
    assert (await desk.post(f"{LIST}/end-all", {"csrf_token": "forged"})).status_code == 403


async def test_a_session_that_ran_out_is_among_the_ended(site: Site) -> None:
    desk, _phone = await two(site)
    site.clock.advance(minutes=16)
    await desk.press(await desk.get("/et/inbox"))
    await desk.sign_in(path="/auth/login?lang=et")
    told = words(await desk.get(LIST))
    assert told.index("Hiljuti lõppenud") < told.index("iPhone")
    assert "seansi aeg sai läbi" in told


async def test_browser_and_address_are_kept_encrypted(site: Site) -> None:
    await two(site)
    async with site.db.read() as session:
        for table in ("session", "known_place"):
            for row in await session.execute(text(f"SELECT * FROM {table}")):
                stored = b"".join(v for v in row if isinstance(v, bytes)) + repr(row).encode()
                for secret in (b"127.0", b"Firefox", b"iPhone"):
                    assert secret not in stored


async def test_each_sign_in_tells_when_the_last_one_was(site: Site) -> None:
    desk = with_agent(site, DESK)
    await desk.sign_in()
    first = await place(site)
    site.clock.advance(days=1)
    await with_agent(site, PHONE).sign_in()
    assert first["before"] is None
    assert (await place(site))["before"].startswith("2026-11-17T12")


async def place(site: Site) -> dict[str, str]:
    async with site.db.read() as session:
        newest = select(SessionRow.place).order_by(SessionRow.created_at.desc())
        found: dict[str, str] | None = await session.scalar(newest)
    assert found is not None
    return found


async def reachable(site: Site) -> None:
    """Give everybody who has signed in an address that they have confirmed."""
    async with site.db.write() as tx:
        for person_id in set((await tx.scalars(select(SessionRow.person_id))).all()):
            await tx.execute(
                ContactRow.__table__.insert().values(  # type: ignore[attr-defined]
                    person_id=person_id, language="et", address="mari@post.example",
                    confirmed_at=site.clock.now(), mails=0,
                )
            )  # fmt: skip


async def mails(site: Site) -> int:
    async with site.db.read() as session:
        topics = (await session.scalars(select(OutboxRow.topic))).all()
    return topics.count(WARNING)


async def test_a_sign_in_from_a_new_browser_is_told_by_mail_and_only_once(site: Site) -> None:
    await with_agent(site, DESK).sign_in()
    await reachable(site)
    assert await mails(site) == 0, "the first sign-in of all is nothing to tell"
    await with_agent(site, DESK).sign_in()
    assert await mails(site) == 0
    for _ in range(2):
        await with_agent(site, PHONE).sign_in()
        assert await mails(site) == 1
    # A new version of the same browser is the same browser.
    await with_agent(site, DESK.replace("132", "145")).sign_in()
    assert await mails(site) == 1


async def test_who_has_confirmed_no_address_is_not_written_to(site: Site) -> None:
    await two(site)
    assert await mails(site) == 0
    await reachable(site)
    async with site.db.write() as tx:
        await tx.execute(update(ContactRow).values(confirmed_at=None))
    await with_agent(site, "something else").sign_in()
    assert await mails(site) == 0


async def test_what_one_person_uses_is_not_known_for_another(site: Site) -> None:
    await two(site)
    await with_agent(site, DESK).sign_in(AINO)
    await reachable(site)
    await with_agent(site, PHONE).sign_in(AINO)
    assert await mails(site) == 1


async def test_places_are_forgotten_after_a_year(site: Site) -> None:
    from portal.auth import forget_old

    await two(site)
    site.clock.advance(days=366)
    async with site.db.write() as tx:
        await forget_old(tx, site.clock.now())
        assert (await tx.execute(select(KnownPlaceRow))).all() == []
