"""The pages of representation behind the real door and real sessions, with a population register that obeys the test."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from html import unescape
from typing import Any, Final
from uuid import UUID

import httpx2
from sqlalchemy import event, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from portal.access import Action
from portal.access.rights import RightRow
from portal.auth import AuthPages, GovssoClient, GovssoLog, Registration
from portal.auth.govsso.claims import Identity
from portal.auth.govsso.client import Tokens
from portal.auth.representation import Acting, Asking, Representee, Silent
from portal.auth.representation.endings import Endings
from portal.auth.representation.kept import OFFICIAL, KeptSource, MandateSource
from portal.auth.representation.pages import RepresentationPages
from portal.auth.representation.register import Capacity
from portal.auth.sessions import start
from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database, Session, Transaction, new_id
from portal.demo.people import MARI_LIIS, DemoPerson
from portal.identity import ALL_ABILITIES, Actor, Right, RightKind
from portal.texts import Texts
from portal.ui import NotFound, Page, PortalForm, Visit
from portal.ui.boundary import BoundaryMiddleware
from portal.ui.errors import exception_handlers
from portal.ui.frame import Frame, FrameMiddleware
from portal.ui.headers import HeadersMiddleware

URL: Final = "http://uks.test"
NAMES: Final = {
    "koduteenus": {"et": "Koduteenus", "en": "Home help", "ru": "Помощь на дому"},
    "kov_tugiisik": {"et": "Tugiisik", "en": "Support person", "ru": "Опорное лицо"},
}
FULL: Final = Capacity(alive=True, minor=False, restricted=False)


@dataclass
class Register:
    """A population register: who is not named may act alone; it is a source of rights too, and may be silent."""

    silent: bool = False
    people: dict[str, Capacity] = field(default_factory=dict)
    rights: dict[tuple[str, str], Representee] = field(default_factory=dict)
    name: str = "population-register"
    asked: int = 0
    lists_no_rights: bool = False

    async def capacity(self, code: str) -> Capacity:
        self._answer()
        return self.people.get(code, FULL)

    async def representees(self, asking: Asking) -> list[Representee]:
        self._answer()
        found = [each for (holder, _code), each in self.rights.items() if holder == asking.person.code]
        return [replace(each, right=None) if self.lists_no_rights else each for each in found]

    async def ask(self, asking: Asking, code: str) -> Representee | None:
        self._answer()
        return self.rights.get((asking.person.code, code))

    async def still(self, _tx: Transaction, _found: Representee) -> bool:
        return True

    def custody(self, parent: DemoPerson, child: DemoPerson, until: Any) -> None:
        right = Right(RightKind.PARENT, self.name, ALL_ABILITIES, until)
        self.rights[parent.code, child.code] = Representee(self.name, child.code, child.name, right)

    def _answer(self) -> None:
        self.asked += 1
        if self.silent:
            raise Silent("the register is silent")


@dataclass
class Matters:
    """One page to look at and one binding act; what was sent is remembered, and by whom for whom."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    owners: dict[UUID, UUID] = field(default_factory=dict)

    async def owner_of(self, _session: Session, _person_id: UUID, thing: UUID) -> UUID | None:
        return self.owners.get(thing)

    async def matter(self, visit: Visit) -> Response:
        if self.owners.get(visit.id()) != visit.actor.party.id:
            raise NotFound
        return JSONResponse({"matter": str(visit.id())})

    async def show(self, visit: Visit) -> Response:
        return JSONResponse({"party": visit.actor.party.name, "right": visit.actor.right.kind})

    async def send(self, visit: Visit) -> Response:
        await visit.form(PortalForm)
        text = str((await visit.data()).get("text", ""))
        self.sent.append((visit.actor.person.code, visit.actor.party.code, text))
        return visit.redirect("/inbox")


@dataclass
class Site:
    """The portal and what a test steers."""

    db: Database
    clock: FixedClock
    keys: KeyRing
    register: Register
    matters: Matters
    endings: Endings
    app: Starlette
    statements: list[str] = field(default_factory=list)
    opened: list[httpx2.AsyncClient] = field(default_factory=list)

    async def sign_in(self, who: DemoPerson = MARI_LIIS) -> "Browser":
        """Begin a session, as a checked ID token would."""
        now = self.clock.now()
        identity = Identity(
            who.code, who.given_name, who.family_name, who.birthdate, new_id().hex, "high", "idcard", "n", now,
            now + timedelta(days=800),
        )  # fmt: skip
        async with self.db.write() as tx:
            token, actor, session_id = await start(tx, Tokens(identity, "i", "r"), "et", now, None)
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app), base_url=URL)
        client.cookies.set("uks_session", token)
        self.opened.append(client)
        return Browser(self, client, actor, self.keys.mac("csrf", session_id.bytes))

    async def rows(self) -> list[Any]:
        async with self.db.read() as session:
            return list((await session.execute(select(RightRow).order_by(RightRow.begun_at))).all())


@dataclass
class Browser:
    """Somebody's browser."""

    site: Site
    client: httpx2.AsyncClient
    actor: Actor
    csrf: str

    async def get(self, path: str) -> httpx2.Response:
        self.site.statements.clear()
        return await self.client.get(path)

    async def post(self, path: str, party: str | None = None, **fields: Any) -> httpx2.Response:
        """Send a form; it is for the person, unless another party is named."""
        data = {
            "csrf_token": self.csrf,
            "form_id": str(new_id()),
            "party": party or str(self.actor.person.id),
        }
        return await self.client.post(path, data={**data, **fields})

    async def give(self, to: DemoPerson, path: str = "give", **fields: Any) -> httpx2.Response:
        """Offer somebody a mandate, or with `ask` ask for one."""
        terms = {
            "code": to.code[2:], "name": to.name, "extent": "all", "level": "send", "notices": "y",
            "last_day": "1.12.2026",
        }  # fmt: skip
        return await self.post(f"/et/representation/{path}", **{**terms, **fields})

    async def act_for(self, whom: DemoPerson, source: str = "mandate") -> httpx2.Response:
        """Choose somebody."""
        return await self.client.post(
            "/auth/acting-for", data={"csrf_token": self.csrf, "source": source, "code": whom.code}
        )

    async def acts(self, party: str, text: str = "tere") -> httpx2.Response:
        """Do a binding act."""
        return await self.post("/et/letters", party=party, text=text)


def id_in(answer: httpx2.Response) -> UUID:
    """Read the id of the mandate that an answer leads to."""
    assert answer.status_code == 303, words_of(answer)
    found = re.search(r"/representation/([0-9a-f-]{36})", answer.headers["location"])
    assert found, answer.headers
    return UUID(found[1])


def words_of(answer: httpx2.Response) -> str:
    """Give the words of a page's main part."""
    main = answer.text[max(answer.text.find("<main"), 0) :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main.split("<footer")[0])).split())


@asynccontextmanager
async def open_portal(db: Database, keys: KeyRing, clock: FixedClock) -> AsyncIterator[Site]:
    """Build the pages around the door."""
    register, matters, endings = Register(), Matters(), Endings(db, clock)
    sources = (
        register,
        MandateSource.of(db, clock, register.capacity, endings.lost_capacity),
        KeptSource(OFFICIAL, db, clock),
    )
    registration = Registration("http://127.0.0.1:1/", "uks", "secret", URL)
    govsso = GovssoClient(registration, clock, GovssoLog(db, clock))
    auth = AuthPages(
        db,
        clock,
        govsso,
        keys,
        secure=False,
        idle=timedelta(days=800),
        sources=sources,
        owner_of=matters.owner_of,
    )
    acting = Acting(db, clock, {source.name: source for source in sources})
    frame = Frame(_texts(), auth.door(), clock, URL, "test", demo=False)
    app = Starlette(
        routes=[
            *auth.routes(),
            *RepresentationPages(db, acting, register.capacity, endings, NAMES).routes(),
            Page("/inbox", matters.show, Action.READ_INBOX),
            Page("/inbox/{id:uuid}", matters.matter, Action.READ_MATTER),
            Page("/letters", matters.send, Action.WRITE_MESSAGE, methods=("POST",)),
        ],
        exception_handlers=exception_handlers(),
        middleware=[
            Middleware(HeadersMiddleware, host="uks.test", secure=False),
            Middleware(FrameMiddleware, frame=frame),
            Middleware(BoundaryMiddleware, largest=1024 * 1024),
        ],
    )
    site = Site(db, clock, keys, register, matters, endings, app)
    _listen(site)
    yield site
    for client in site.opened:
        await client.aclose()


@cache
def _texts() -> Texts:
    return Texts.load()


def _listen(site: Site) -> None:
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        site.statements.append(statement)

    event.listen(site.db.engine.sync_engine, "before_cursor_execute", note)
