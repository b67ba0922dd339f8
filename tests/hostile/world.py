"""The whole portal in this process, a real core beside it, and browsers of people who do what they like."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx2
from sqlalchemy import select, update
from starlette.applications import Starlette
from stdnum.ee.ik import calc_check_digit

from core_bridge.in_process import in_process
from core_bridge.reference_core import CoreSettings, Faults, create_core
from core_bridge.signing import generate_key, public
from core_bridge.vouching import SeenInMemory, SignedCallers
from inbox.matters import draft_saved
from inbox.tables import EntryRow
from journeys.drafts import Start, start_draft
from journeys.facts import nothing_known
from journeys.loading import load_catalogue
from journeys.tables import DraftRow
from portal.app import create_app
from portal.auth.govsso.claims import Identity
from portal.auth.govsso.client import Tokens
from portal.auth.sessions import act_for, start
from portal.clock import FixedClock
from portal.crypto import new_key
from portal.db import Base, Database, new_id
from portal.identity import ALL_ABILITIES, Actor, Party, Right, RightKind
from portal.parts import Parts, build
from portal.parts.cores import Cores
from portal.settings import Settings
from portal.worker import drain
from tests.core_bridge.running import Official
from tests.journeys.answering import WHOLE
from tests.journeys.page import Page

JOURNEY = "toimetulekutoetus"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
TOKEN_LIFE = timedelta(hours=12)


@dataclass(slots=True)
class Person:
    """Somebody with a browser."""

    world: "World"
    client: httpx2.AsyncClient
    actor: Actor
    token: str
    session: UUID

    async def acts_for(self, child_or_ward: Party, kind: RightKind) -> None:
        """Let the session act for somebody from now on."""
        right = Right(kind, "population-register", ALL_ABILITIES)
        self.actor = Actor(self.actor.person, child_or_ward, right, self.actor.assurance)
        async with self.world.db.write() as tx:
            assert await act_for(tx, self.session, self.actor)

    async def get(self, path: str, status: int = 200, **headers: str) -> httpx2.Response:
        answer = await self.client.get(path, headers=headers)
        assert answer.status_code == status, f"{path}: {answer.status_code}: {words(answer)}"
        return answer

    async def page(self, path: str) -> Page:
        return Page((await self.get(path)).text)

    async def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """Open a page and give what one of its forms would send."""
        return form_of(await self.get(path), action or path)

    async def post(self, path: str, data: Any = None, **more: Any) -> httpx2.Response:
        return await self.client.post(path, data=data, **more)

    async def send(self, path: str, **typed: Any) -> httpx2.Response:
        """Open a page, type something, press the button."""
        return await self.post(path, (await self.form(path)) | typed)

    def tokens(self, html: str) -> dict[str, str]:
        """Give what every form of this session carries."""
        found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', html)
        assert found, "a page with a form"
        return {
            "csrf_token": found[1],
            "party": str(self.actor.party.id),
            "form_id": str(new_id()),
        }

    async def fresh(self) -> dict[str, str]:
        return self.tokens((await self.get("/et/inbox")).text)

    async def draft(self, of: str = JOURNEY, **answers: Any) -> str:
        """Have a draft in which everything is answered."""
        journey, draft_id, now = load_catalogue()[of], new_id(), self.world.clock.now()
        given = WHOLE[of]() | answers
        if of == JOURNEY:
            given["members"][0] |= {"name": self.actor.person.name, "code": self.actor.person.code[2:]}
        async with self.world.db.write() as tx:
            begun = Start(journey, "0663", given, nothing_known(now))
            await start_draft(tx, self.actor, draft_id, begun, at=now, on_draft=draft_saved)
            done = " ".join(step.id for step in journey.steps)
            await tx.execute(update(DraftRow).where(DraftRow.id == draft_id).values(done=done))
        return str(draft_id)

    async def attach(
        self, draft: str, *files: tuple[str, bytes], slot: str = "bills", **told: str
    ) -> httpx2.Response:
        form = (await self.fresh()) | told
        parts = [("files", (name, content, "application/pdf")) for name, content in files]
        return await self.post(f"/et/drafts/{draft}/files/{slot}", form, files=parts)

    async def sent(self, **answers: Any) -> str:
        """Send an application."""
        draft = await self.draft(**answers)
        answer = await self.send(f"/et/drafts/{draft}/review", confirm="y")
        assert answer.headers.get("location") == f"/et/receipts/{draft}", words(answer)
        return draft


@dataclass(slots=True)
class Overheard:
    """An application, and the addresses it was asked at."""

    app: Starlette
    addresses: list[str] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.addresses.append(f"{scope['raw_path'].decode()}?{scope['query_string'].decode()}")
        await self.app(scope, receive, send)


@dataclass(slots=True)
class World:
    """The portal, its core and the people."""

    parts: Parts
    app: Starlette
    official: Official
    asked_core: list[str]
    clock: FixedClock
    folder: Path
    stack: AsyncExitStack
    people: list[Person] = field(default_factory=list)

    @property
    def db(self) -> Database:
        return self.parts.db

    @property
    def url(self) -> str:
        return self.parts.settings.public_url

    def client(self) -> httpx2.AsyncClient:
        """Give a browser that nobody has signed in with; a fault of ours comes out as a 500."""
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url=self.url, timeout=30)

    async def person(
        self, given: str = "Näidis", family: str = "Kodanik", lasts: timedelta = TOKEN_LIFE
    ) -> Person:
        """Sign somebody new in."""
        code, now = invented_code(len(self.people)), self.clock.now()
        who = Identity(
            f"EE{code}", given, family, None, f"sid-{code}", "high", "idcard", "n", now, now + lasts
        )
        async with self.db.write() as tx:
            token, actor, session = await start(tx, Tokens(who, "id-token", "refresh"), "et", now, None)
        client = await self.stack.enter_async_context(self.client())
        client.cookies.set(self.cookie, token)
        self.people.append(Person(self, client, actor, token, session))
        return self.people[-1]

    @property
    def cookie(self) -> str:
        return "__Host-uks_session" if self.url.startswith("https") else "uks_session"

    async def work(self, **later: float) -> None:
        """Let time pass, then the worker do what can be done."""
        self.clock.advance(**later)
        await drain(self.parts)

    async def entry(self, matter: str, kind: str, **about: Any) -> str:
        """Find the newest entry of a kind in a matter."""
        wanted = select(EntryRow.id).filter_by(interaction_id=UUID(matter), kind=kind, **about)
        async with self.db.read() as session:
            found = await session.scalar(wanted.order_by(EntryRow.id.desc()))
        assert found is not None, (kind, about)
        return str(found)

    async def count(self, table: Any, **about: Any) -> int:
        async with self.db.read() as session:
            return len((await session.execute(select(table).filter_by(**about))).all())

    async def rows(self) -> dict[str, list[Any]]:
        """Read every row of every table."""
        async with self.db.read() as session:
            return {
                name: sorted(map(tuple, (await session.execute(select(table))).all()), key=repr)
                for name, table in Base.metadata.tables.items()
            }

    async def asked(self, person: Person) -> tuple[str, str]:
        """Have an application about which something is asked; gives it and the task's page."""
        matter = await person.sent()
        await self.work()
        await self.official.act(UUID(matter), "register", complete="no")
        told = {"title": "Üürileping", "text": "Palun lisage.", "due_on": "2026-12-01"}
        await self.official.act(UUID(matter), "ask", **told)
        await self.work(minutes=1)
        return matter, f"/et/inbox/{matter}/tasks/{await self.entry(matter, 'task')}"

    async def decided(self, person: Person, reasons: str = "Sobib.") -> tuple[str, str]:
        """Have a decided application; gives it and the decision's page."""
        matter = await person.sent()
        await self.work()
        await self.official.act(UUID(matter), "register", complete="yes")
        told = {"outcome": "granted_in_part", "amount": "120", "per": "once", "reasons": reasons}
        await self.official.act(UUID(matter), "decide", **told)
        await self.work(minutes=1)
        return matter, f"/et/inbox/{matter}/decisions/{await self.entry(matter, 'decision')}"


@asynccontextmanager
async def opened(
    url: str, folder: Path, clock: FixedClock, public_url: str = "http://uks.test", **settings: Any
) -> AsyncIterator[World]:
    """Open the portal on a database that has its tables, beside STAR."""
    ours, theirs = generate_key(), generate_key()
    core = CoreSettings("STAR", folder / "star.sqlite", theirs, {"uks": public(ours)})
    star = create_core(core, clock, Faults())
    heard = Overheard(star)
    named = {"STAR": in_process("STAR", cast(Starlette, heard), issuer="uks", key=ours, clock=clock)}
    cores = Cores(named, SignedCallers("uks", {"STAR": public(theirs)}, SeenInMemory(clock), clock))
    configured: dict[str, Any] = {
        "env": "test",
        "public_url": public_url,
        "database_url": url,
        "files_url": f"file://{folder / 'files'}",
        "keys": f"index:{new_key()},k1:{new_key()}",
        "idle_minutes": 720,
        # Nobody listens there.
        "govsso_issuer": "http://127.0.0.1:9/",
    }
    parts = build(Settings(**configured | settings), clock, cores)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(star.router.lifespan_context(star))
        official = Official("http://star.test")
        official.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(star), base_url="http://star.test", follow_redirects=True
        )
        stack.push_async_callback(official.close)
        stack.push_async_callback(parts.close)
        await official.sign_in()
        yield World(parts, create_app(parts), official, heard.addresses, clock, folder, stack)


def invented_code(number: int) -> str:
    """Invent an isikukood with one of the serials that nobody has."""
    born = date(1971, 1, 1) + timedelta(days=number // 10)
    front = f"4{born:%y%m%d}99{number % 10}"
    return f"{front}{calc_check_digit(front)}"


def form_of(answer: httpx2.Response, action: str) -> dict[str, Any]:
    """Give what the form with this address would send; a form without an address is sent to its own page."""
    forms = Page(answer.text).forms
    for known in (action, action.partition("?")[0], ""):
        if known in forms:
            return dict(forms[known])
    raise AssertionError(f"no form for {action}, but {list(forms)}")


def words(answer: httpx2.Response) -> str:
    """Give the words of a page, for messages and for comparing."""
    main = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>", "", answer.text)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())[:3000]


def told_plainly(answer: httpx2.Response, *allowed: int) -> None:
    """Check that a refusal is a page in words: 4xx, one h1, a sentence, nothing of our inside."""
    assert answer.status_code in (allowed or range(400, 500)), (answer.status_code, words(answer))
    page = Page(answer.text)
    assert len(page.text) > 80, page.text
    for inside in ("Traceback", "sqlalchemy", "Error(", "site-packages", "Undefined"):
        assert inside not in answer.text, inside


def fields_of(answer: httpx2.Response, action: str) -> Mapping[str, Any]:
    """Name the fields that a form sends, the unchosen ones too."""
    start = (
        answer.text.index(f'action="{action}"')
        if f'action="{action}"' in answer.text
        else answer.text.index("<form")
    )
    form = answer.text[start : answer.text.index("</form>", start)]
    names = re.findall(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"', form)
    return dict.fromkeys(map(unescape, names), "")
