"""A whole portal with its worker, a real core over HTTP, a mail server, and a citizen: to break one and watch the rest."""

import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import insert, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core_bridge.calls import Calls
from core_bridge.errors import CoreError
from core_bridge.http import HttpCore
from core_bridge.in_process import in_process
from core_bridge.signing import Signer, generate_key, public
from core_bridge.vouching import SeenInMemory, SignedCallers
from core_bridge.ways import Direct, Outgoing
from core_bridge.wire import freeze
from core_bridge.wire.event import MEDIA_TYPE
from inbox.tables import EntryRow
from journeys.loading import load_catalogue
from portal.app import create_app
from portal.clock import FixedClock
from portal.crypto import new_key
from portal.db import new_id
from portal.demo.mail import Mailbox, smtp_server
from portal.identity import Actor
from portal.notify.tables import ContactRow
from portal.outbox import OutboxRow
from portal.parts import Parts, build
from portal.parts.cores import Cores
from portal.settings import Settings
from portal.worker import drain
from tests.core_bridge.running import Official, Running, running_core
from tests.e2e.citizens import finished_draft, invented_codes, sign_in
from tests.journeys.page import Page

URL = "http://uks.test"
PDF = b"%PDF-1.7\narve\n%%EOF"


@dataclass(slots=True)
class Garbled:
    """Another core, whose change feed says whatever it is told to."""

    page: bytes = b'{"events": [], "next": "0", "more": false}'
    key: dict[str, Any] = field(default_factory=generate_key)

    def app(self) -> Starlette:
        async def changes(_: Request) -> Response:
            return Response(self.page, media_type="application/json")

        return Starlette(routes=[Route("/v1/changes", changes)])


@dataclass(slots=True)
class World:
    """The portal as it runs, and everything around it that can fail."""

    parts: Parts
    app: Starlette
    star: Running
    skais: Garbled
    clock: FixedClock
    mailbox: Mailbox
    smtp_port: int
    actor: Actor
    browser: httpx2.AsyncClient
    official: Official

    async def see(self, path: str) -> str:
        """Open a page as the citizen; gives its words."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return Page(answer.text).text

    async def apply(self, *, with_file: bool = False) -> UUID:
        """Send an application through the pages; it is not handed over yet."""
        journey = load_catalogue()["toimetulekutoetus"]
        draft = await finished_draft(self.parts.db, journey, self.actor, self.clock.now())
        path = f"/et/drafts/{draft}/review"
        form = Page((await self.browser.get(path)).text).form("/review") | {"confirm": "y"}
        if with_file:
            told = {name: form[name] for name in ("csrf_token", "party")} | {"form_id": str(new_id())}
            upload = {"files": ("arve.pdf", PDF, "application/pdf")}
            added = await self.browser.post(f"/et/drafts/{draft}/files/bills", data=told, files=upload)
            assert added.status_code == 303
        answer = await self.browser.post(path, data=form)
        assert answer.headers["location"] == f"/et/receipts/{draft}"
        return draft

    async def send(self, path: str, **typed: Any) -> httpx2.Response:
        """Send the form of a page as the citizen."""
        forms = Page((await self.browser.get(path)).text).forms
        return await self.browser.post(path, data=forms.get(path, forms.get("", {})) | typed)

    async def work(self, **later: float) -> None:
        """Let time pass, then let the worker do whatever can be done now."""
        self.clock.advance(**later)
        await drain(self.parts)

    async def push(self, core: str, key: dict[str, Any], events: bytes) -> int:
        """Push events as a core does; gives the answer's status."""
        way = Direct(URL, "uks", Signer(core, key, self.clock))
        async with Calls(way, transport=httpx2.ASGITransport(self.app)) as calls:
            try:
                call = Outgoing("/bridge/v1/events", events)
                return (await calls.send("POST", call, media_type=MEDIA_TYPE, at_most=65536)).status
            except CoreError as error:
                return int(str(error).split()[0])

    async def in_star(self) -> list[UUID]:
        """List the applications that the core has, as its official sees them."""
        found = await self.official.see("/")
        return [each for each in await self.sent() if f"/applications/{each}" in found]

    async def sent(self) -> list[UUID]:
        """List what the portal took from citizens."""
        return await self.rows(EntryRow.interaction_id, EntryRow.what == "sent")

    async def told(self, matter: UUID, what: str) -> int:
        """Count how often something is written down in a matter."""
        return len(await self.rows(EntryRow.id, EntryRow.interaction_id == matter, EntryRow.what == what))

    async def events(self) -> list[bytes]:
        """Give what STAR has said so far, as it says it."""
        return [freeze(event) for event in await self.star.events()]

    async def waiting(self) -> list[str | None]:
        """List the last errors of what waits in the outbox."""
        return await self.rows(OutboxRow.last_error, OutboxRow.id.is_not(None))

    async def rows(self, column: Any, *where: Any) -> list[Any]:
        """Read a column."""
        async with self.parts.db.read() as session:
            return list((await session.scalars(select(column).where(*where))).all())

    @contextmanager
    def post_office(self) -> Iterator[None]:
        """Let the mail server run for a while."""
        server = smtp_server(self.mailbox, self.smtp_port)
        server.start()
        try:
            yield
        finally:
            server.stop()

    async def give_address(self, address: str) -> None:
        """Let the citizen have a confirmed address."""
        values = {"person_id": self.actor.person.id, "language": "et", "address": address, "mails": 0}
        async with self.parts.db.write() as tx:
            await tx.execute(insert(ContactRow).values(confirmed_at=self.clock.now(), **values))


@asynccontextmanager
async def opened(url: str, folder: Path, clock: FixedClock, *, patience: float) -> AsyncIterator[World]:
    """Open a portal with one citizen signed in, beside STAR; the mail server is not running yet."""
    async with running_core(folder, clock, patience=patience) as star:
        skais = Garbled()
        port, mailbox = _free_port(), Mailbox(clock)
        settings = _settings(url, folder, port)
        parts = build(settings, clock, _cores(star, skais, clock))
        app = create_app(parts)
        async with parts.db.write() as tx:
            token, actor = await sign_in(tx, invented_codes(1)[0], clock.now(), lasts=timedelta(days=30))
        official = Official(star.url)
        await official.sign_in()
        browser = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app), base_url=URL, cookies={"uks_session": token}
        )
        try:
            yield World(parts, app, star, skais, clock, mailbox, port, actor, browser, official)
        finally:
            await official.close()
            await parts.close()


def _settings(url: str, folder: Path, smtp_port: int) -> Settings:
    return Settings(
        env="demo",
        public_url=URL,
        database_url=url,
        files_url=f"file://{folder / 'files'}",
        keys=f"index:{new_key()},k1:{new_key()}",
        idle_minutes=720,
        smtp_url=f"smtp://127.0.0.1:{smtp_port}",
    )


def _cores(star: Running, skais: Garbled, clock: FixedClock) -> Cores:
    ours = generate_key()
    named: dict[str, HttpCore] = {
        "STAR": star.core,
        "SKAIS": in_process("SKAIS", skais.app(), issuer="uks", key=ours, clock=clock),
    }
    keys = {"STAR": public(star.settings.key), "SKAIS": public(skais.key)}
    return Cores(named, SignedCallers("uks", keys, SeenInMemory(clock), clock))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def events_page(events: Sequence[bytes], last: int) -> bytes:
    """Make a page of a change feed of events as they are."""
    return b'{"events": [' + b",".join(events) + f'], "next": "{last}", "more": false}}'.encode()
