"""Sessions that end in the middle, are stolen, forged or borrowed; and ways out of the portal that are none."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest
from sqlalchemy import select

from inbox.matters import sent
from inbox.tables import EntryRow
from journeys.tables import DraftRow
from portal.access.parties import party
from portal.auth.tables import KeptFormRow, SessionRow
from portal.clock import FixedClock
from portal.db import new_id
from portal.demo.govsso import Govsso, GovssoSettings, RegisteredClient, create_govsso
from portal.demo.people import PEOPLE, DemoPerson
from portal.identity import Actor, Assurance, Party, Right, RightKind
from portal.identity import Person as Somebody
from tests.conftest import Sqlite
from tests.hostile.world import JOURNEY, PDF, Person, World, form_of, opened, told_plainly, words
from tests.journeys.page import Page
from tests.serving import free_port, serving_beside

pytestmark = pytest.mark.anyio

URL = "http://uks.test"
MARI, JAAK = PEOPLE[0], PEOPLE[1]


@asynccontextmanager
async def with_govsso(url: str, folder: Path, clock: FixedClock) -> AsyncIterator[World]:
    """Open the portal beside the real simulator of GovSSO."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}/"
    ours = RegisteredClient(
        "uks-demo",
        "demo-secret",
        {"et": "Uks"},
        frozenset({f"{URL}/auth/callback"}),
        frozenset({f"{URL}/auth/logged-out"}),
        f"{URL}/auth/backchannel-logout",
    )
    govsso = Govsso(GovssoSettings(issuer, [ours], PEOPLE, clock))
    with serving_beside(create_govsso(govsso.settings, govsso), port):
        async with opened(url, folder, clock, govsso_issuer=issuer) as world:
            yield world


@pytest.fixture
async def sso(sqlite: Sqlite, tmp_path: Path, clock: FixedClock, anyio_backend: str) -> AsyncIterator[World]:
    async with sqlite.fresh(tmp_path) as url, with_govsso(url, tmp_path, clock) as made:
        yield made


class Browser:
    """A browser that goes between the portal and GovSSO."""

    def __init__(self, world: World) -> None:
        self.world = world
        portal = httpx2.ASGITransport(world.app, raise_app_exceptions=False)
        self.client = httpx2.AsyncClient(mounts={URL: portal}, base_url=URL, timeout=20)
        world.stack.push_async_callback(self.client.aclose)

    async def follow(self, answer: httpx2.Response) -> httpx2.Response:
        for _ in range(12):
            if not answer.is_redirect:
                return answer
            answer = await self.client.get(answer.url.join(answer.headers["location"]))
        raise AssertionError("round in circles")

    async def press(self, page: httpx2.Response, **typed: str) -> httpx2.Response:
        """Press the button of the page's main form."""
        main = page.text[page.text.index("<main") :]
        form = re.search(r'<form method="post" action="([^"]+)".*?</form>', main, re.DOTALL)
        assert form, words(page)
        found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0])
        data: dict[str, Any] = {}
        for name, value in found:
            data.setdefault(unescape(name), []).append(unescape(value))
        answer = await self.client.post(page.url.join(unescape(form[1])), data=data | typed)
        return await self.follow(answer)

    async def sign_in(self, who: DemoPerson = MARI, path: str = "/et/inbox") -> httpx2.Response:
        page = await self.follow(await self.client.get(path))
        assert page.url.path == "/tara/authorize", words(page)
        return await self.press(page, person=who.code, method="idcard")

    async def out_and_in(self, over: httpx2.Response, who: DemoPerson = MARI) -> httpx2.Response:
        """Go on from the page that says the session is over until somebody is signed in."""
        left = await self.press(over) if 'name="id_token_hint"' in over.text else over
        login = re.search(r'href="(/auth/login\?[^"]+)"', left.text[left.text.index("<main") :])
        assert login, words(left)
        return await self.sign_in(who, unescape(login[1]))


async def test_what_was_typed_when_the_session_ended_is_there_after_signing_in_again(sso: World) -> None:
    browser = Browser(sso)
    door = await browser.sign_in(path=f"/et/apply/{JOURNEY}")
    started = await browser.client.post(
        f"/et/apply/{JOURNEY}", data=form_of(door, f"/et/apply/{JOURNEY}") | {"kov": "0663"}
    )
    path = f"{started.headers['location']}/teie"
    form = form_of(await browser.client.get(path), path)
    typed = {"residence": "Pikk 1 <b>\n„Õ“ 💶", "phone": "viis üks kaks", "act": "next"}
    sso.clock.advance(minutes=16)
    over = await browser.client.post(path, data=form | typed)
    assert over.status_code == 401
    assert "Teie kirjutatu on alles." in over.text
    assert "viis üks kaks" not in over.text
    kept = await browser.out_and_in(over)
    assert kept.url.path.startswith("/et/kept/")
    back = await browser.press(kept)
    assert back.status_code == 422
    shown = form_of(back, path)
    assert (shown["residence"], shown["phone"]) == (typed["residence"], typed["phone"])
    assert await sso.count(DraftRow) == 1


async def test_a_letter_written_when_the_session_ended_is_there_and_its_files_are_asked_for_again(
    sso: World,
) -> None:
    browser = Browser(sso)
    home = await browser.sign_in()
    matter = await _matter(sso, home)
    path = f"/et/inbox/{matter}/messages"
    form = form_of(await browser.client.get(path), path) | {"text": "Kirjutasin seda\npool tundi."}
    sso.clock.advance(minutes=16)
    files = [("files", ("arve.pdf", PDF, "application/pdf"))]
    over = await browser.client.post(path, data=form, files=files)
    assert over.status_code == 401
    assert "Teie kirjutatu on alles." in over.text
    kept = await browser.out_and_in(over)
    sent = await browser.press(kept)
    assert "Kirjutasin seda" in sent.text
    assert await sso.count(EntryRow, kind="message") == 1
    assert "Faile me hoida ei saanud." in kept.text


async def test_a_first_letter_written_when_the_session_ended_goes_on_after_signing_in(sso: World) -> None:
    browser, path = Browser(sso), "/et/messages/new"
    await browser.sign_in()
    typed = {"authority": "0663", "subject": "Koduabi emale", "text": "Kirjutasin seda\npool tundi."}
    form = form_of(await browser.client.get(path), path) | typed
    sso.clock.advance(minutes=16)
    over = await browser.client.post(path, data=form)
    assert over.status_code == 401
    assert await sso.count(EntryRow, kind="message") == 0
    sent = await browser.press(await browser.out_and_in(over))
    assert "Koduabi emale" in sent.text
    assert "pool tundi." in sent.text
    assert await sso.count(EntryRow, kind="message") == 1


async def _matter(world: World, home: httpx2.Response) -> str:
    """Put a sent application in the person's name."""
    async with world.db.write() as tx:
        of = await tx.scalar(select(SessionRow.party_id))
        assert of
        found = await party(tx, of)
        assert found
        who = Somebody(found.id, found.code, "Mari", "Männik", None)
        actor = Actor(who, Party(found.id, found.code, found.name), Right(RightKind.SELF), Assurance.GOVSSO)
        matter = new_id()
        await sent(
            tx, id=matter, actor=actor, journey=JOURNEY, period="2026-11", authority_code="0663", core="STAR",
            at=world.clock.now(),
        )  # fmt: skip
    return str(matter)


async def test_another_person_who_signs_in_after_that_sees_nothing_of_it(sso: World) -> None:
    browser = Browser(sso)
    door = await browser.sign_in(path=f"/et/apply/{JOURNEY}")
    form = form_of(door, f"/et/apply/{JOURNEY}") | {"kov": "0663", "note": "Salajane mure"}
    sso.clock.advance(minutes=16)
    over = await browser.client.post(f"/et/apply/{JOURNEY}", data=form)
    other = await browser.out_and_in(over, JAAK)
    assert other.status_code == 404
    assert "Salajane mure" not in other.text
    assert await sso.count(DraftRow) == 0


async def test_what_is_too_long_to_keep_is_told_and_the_page_does_not_run_away(sso: World) -> None:
    browser = Browser(sso)
    door = await browser.sign_in(path=f"/et/apply/{JOURNEY}")
    form = form_of(door, f"/et/apply/{JOURNEY}") | {"kov": "x" * 300_000}
    sso.clock.advance(minutes=16)
    over = await browser.client.post(f"/et/apply/{JOURNEY}", data=form)
    assert over.status_code == 401
    assert "Vormi me hoida ei saanud." in over.text
    assert "data-autosubmit" not in over.text
    assert await sso.count(KeptFormRow) == 0


async def test_after_a_day_what_was_kept_is_gone(sso: World) -> None:
    browser = Browser(sso)
    door = await browser.sign_in(path=f"/et/apply/{JOURNEY}")
    form = form_of(door, f"/et/apply/{JOURNEY}") | {"kov": "0663"}
    sso.clock.advance(minutes=16)
    over = await browser.client.post(f"/et/apply/{JOURNEY}", data=form)
    sso.clock.advance(hours=24, minutes=1)
    assert (await browser.out_and_in(over)).status_code == 404
    await sso.work()
    assert await sso.count(KeptFormRow) == 0


EVIL = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "https://evil.example", "https:/evil.example", "http://uks.test@evil.example/", "/%2f/evil.example",
    "/\t/evil.example", "/\n//evil.example", "/et/inbox\r\nSet-Cookie: x=1", "javascript:alert(1)",
    "data:text/html,x", " //evil.example", "/.//evil.example", "/et/../..//evil.example", "/%5cevil.example",
    "//evil.example%2f..", "/\u2028/evil.example", "//evil。example", "/et/inbox\x00", "http:///evil.example",
    "", "x", "?", "/auth/logout",
]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
async def test_no_way_back_leads_out_of_the_portal(world: World, mari: Person, evil: str) -> None:
    csrf = (await mari.fresh())["csrf_token"]
    state = f"et.logout.{_coded(evil)}"
    answers = [
        await mari.client.get(f"/auth/login?return_to={quote(evil)}"),
        await mari.client.get(f"/auth/login?lang={quote(evil)}"),
        await mari.client.get(f"/auth/logged-out?state={quote(state)}"),
        await mari.client.get(f"/et/kov?ehak={quote(evil)}"),
        await mari.post("/auth/renew", {"csrf_token": csrf, "next": evil}),
    ]
    for answer in answers:
        leads = [answer.headers.get("location", "/")]
        leads += re.findall(r'(?:href|action)="([^"]*)"', answer.text)
        for lead in map(unescape, leads):
            to = answer.url.join(lead)
            assert to.host in ("uks.test", "127.0.0.1") or to.scheme in ("tel", "mailto"), (evil, lead)
            back = parse_qs(urlsplit(lead).query).get("return_to", ["/"])[0]
            assert answer.url.join(back).host == "uks.test", (evil, back)
        assert "x" not in answer.headers.get("set-cookie", "").split("=")[0]


def _coded(text: str) -> str:
    import base64

    return base64.urlsafe_b64encode(text.encode()).decode()


FORGED = ["", "x", "a" * 43, "a" * 44, "../../etc", "' OR 1=1 --", "\x7f" * 43, "é" * 43]


async def test_a_forged_or_borrowed_cookie_opens_nothing(world: World, mari: Person) -> None:
    draft = await mari.draft()
    changed = mari.token[:-1] + ("A" if mari.token[-1] != "A" else "B")
    for token in [
        *FORGED,
        changed,
        mari.token.swapcase(),
        mari.token + "=",
        f'"{mari.token}',
        mari.token[:42],
    ]:
        client = world.client()
        cookie = f"uks_session={token}".encode()
        answer = await client.get(f"/et/drafts/{draft}/teie", headers={b"Cookie": cookie})
        assert answer.status_code == 303, (token, answer.status_code)
        assert answer.headers["location"].startswith("/auth/login?")
        await client.aclose()


async def test_a_forged_or_borrowed_token_of_a_form_changes_nothing(
    world: World, mari: Person, jaak: Person
) -> None:
    draft = await mari.draft()
    path = f"/et/drafts/{draft}/teie"
    form = await mari.form(path)
    own = form["csrf_token"]
    for token in [
        "",
        "x",
        own[:-1],
        own + "x",
        own.swapcase(),
        (await jaak.fresh())["csrf_token"],
        "\x00",
        "é",
    ]:
        for target in (path, f"{path}/autosave", f"/et/drafts/{draft}/delete", "/et/me", "/et/me/remove"):
            answer = await mari.post(
                target, form | {"csrf_token": token, "residence": "Mujal", "act": "next"}
            )
            told_plainly(answer, 403)
        told_plainly(await mari.post("/auth/logout", {"csrf_token": token}), 403)
        told_plainly(await mari.post("/auth/renew", {"csrf_token": token}), 403)
        assert (
            await mari.post(path, {n: v for n, v in form.items() if n != "csrf_token"})
        ).status_code == 403
    assert (await mari.form(path))["residence"] == form["residence"]


async def test_after_logging_out_the_cookie_and_the_open_forms_are_worthless(
    world: World, mari: Person
) -> None:
    draft = await mari.draft()
    path = f"/et/drafts/{draft}/teie"
    form = await mari.form(path)
    await mari.post("/auth/logout", {"csrf_token": form["csrf_token"]})
    client = world.client()
    client.cookies.set("uks_session", mari.token)
    for answer in (await client.get(path), await client.post(path, data=form | {"residence": "Mujal"})):
        assert answer.status_code in (303, 401)
        assert "Pikk tn 14" not in answer.text
    assert (
        await client.post(f"{path}/autosave", data=form, headers={"Accept": "application/json"})
    ).status_code == 401
    await client.aclose()


async def test_who_is_not_signed_in_can_send_nothing(world: World, mari: Person) -> None:
    draft, sent = await mari.draft(), await mari.sent()
    form = (await mari.fresh()) | {"text": "x", "act": "next", "confirm": "y"}
    before = await world.rows()
    client = world.client()
    for path in _posts(draft, sent):
        answer = await client.post(path, data=form)
        assert answer.status_code == 303, (path, answer.status_code)
        assert answer.headers["location"].startswith("/auth/login?")
        json = await client.post(path, data=form, headers={"Accept": "application/json"})
        assert json.status_code == 401
    await client.aclose()
    assert await world.rows() == before


def _posts(draft: str, sent: str) -> list[str]:
    other = str(new_id())
    return [
        f"/et/drafts/{draft}/teie", f"/et/drafts/{draft}/teie/autosave", f"/et/drafts/{draft}/review",
        f"/et/drafts/{draft}/files/bills", f"/et/drafts/{draft}/files/bills/{other}/remove",
        f"/et/drafts/{draft}/delete", f"/et/drafts/{draft}/period", f"/et/drafts/{draft}/facts",
        f"/et/apply/{JOURNEY}", f"/et/inbox/{sent}/messages", f"/et/inbox/{sent}/messages/read",
        "/et/messages/new",
        f"/et/inbox/{sent}/tasks/{other}", f"/et/inbox/{sent}/decisions/{other}", f"/et/inbox/{sent}/withdrawal",
        "/et/me", "/et/me/remove", "/et/me/confirm/x",
    ]  # fmt: skip


async def test_a_flood_of_sign_ins_from_one_address_is_stopped_and_others_come_in(sso: World) -> None:
    async def begin(address: str) -> int:
        transport = httpx2.ASGITransport(sso.app, client=(address, 1))
        async with httpx2.AsyncClient(transport=transport, base_url=URL) as client:
            return (await client.get("/auth/login")).status_code

    statuses = [await begin("192.0.2.1") for _ in range(60)]
    assert set(statuses) == {303}
    assert await asyncio.gather(*[begin("192.0.2.1") for _ in range(5)]) == [429] * 5
    assert await begin("192.0.2.2") == 303
    sso.clock.advance(minutes=11)
    assert await begin("192.0.2.1") == 303


async def test_the_page_that_stops_a_flood_says_when_to_try_again(sso: World) -> None:
    client = sso.client()
    for _ in range(61):
        answer = await client.get("/auth/login")
    told_plainly(answer, 429)
    assert "kümme minutit" in Page(answer.text).text
    await client.aclose()
