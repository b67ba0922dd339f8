"""The whole portal in this process: a citizen who is signed in, and every statement that the database is sent."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import select

from inbox.tables import EntryRow
from journeys.loading import load_catalogue
from portal.app import create_app
from portal.clock import FixedClock
from portal.crypto import new_key
from portal.identity import Actor
from portal.parts import Parts, build
from portal.settings import Settings
from tests.bench.people import JOURNEY, sign_in, start_filled

URL = "http://uks.test"
_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass
class Whole:
    """The portal, a browser on it, and whose it is."""

    parts: Parts
    clock: FixedClock
    browser: httpx2.AsyncClient
    actor: Actor
    statements: list[str] = field(default_factory=list)

    async def looks_at(self, path: str) -> tuple[httpx2.Response, list[str]]:
        """Open a page; give it and the statements it took."""
        self.statements.clear()
        answer = await self.browser.get(path)
        return answer, list(self.statements)

    async def start_draft(self) -> str:
        """Start a draft in which everything is answered."""
        journey = load_catalogue()[JOURNEY]
        async with self.parts.db.write() as tx:
            return str(await start_filled(tx, self.actor, journey, self.clock.now()))

    async def attach(self, draft: str) -> None:
        """Add a file, as a browser would."""
        page = await self.browser.get(f"/et/drafts/{draft}/dokumendid")
        address = f"/et/drafts/{draft}/files/bills"
        files = {"files": ("arved.pdf", b"%PDF-1.4 arved", "application/pdf")}
        answer = await self.browser.post(address, data=hidden(page.text, address), files=files)
        assert answer.status_code == 303, answer.text

    async def send(self, draft: str) -> None:
        """Send an application, as a browser would."""
        address = f"/et/drafts/{draft}/review"
        page = await self.browser.get(address)
        answer = await self.browser.post(address, data={**hidden(page.text, address), "confirm": "y"})
        assert answer.headers.get("location") == f"/et/receipts/{draft}", answer.text

    async def entry(self, **about: str) -> str:
        """Find the id of what happened in a matter."""
        async with self.parts.db.read() as session:
            found = await session.scalar(select(EntryRow.id).filter_by(**about))
        assert found is not None
        return str(found)


@asynccontextmanager
async def open_whole(url: str, folder: Path, clock: FixedClock, **settings: Any) -> AsyncIterator[Whole]:
    """Build everything on a database that has its tables, and sign a citizen in."""
    configured = Settings(
        env="test",
        public_url=URL,
        database_url=url,
        files_url=f"file://{folder / 'files'}",
        keys=f"index:{new_key()},k1:{new_key()}",
        **settings,
    )
    parts = build(configured, clock)
    try:
        async with parts.db.write() as tx:
            cookie, actor, _session = await sign_in(tx, 0, clock.now())
        transport = httpx2.ASGITransport(create_app(parts))
        async with httpx2.AsyncClient(transport=transport, base_url=URL) as browser:
            browser.cookies.set("uks_session", cookie)
            whole = Whole(parts, clock, browser, actor)
            _listen(whole)
            yield whole
    finally:
        await parts.close()


def hidden(html: str, action: str) -> Mapping[str, str]:
    """Read the hidden fields of the form that is sent to an address."""
    start = html.index(f'action="{action}"')
    form = html[start : html.index("</form>", start)]
    fields = re.findall(r'<input[^>]* type="hidden"[^>]*>', form)
    return {_attribute(one, "name"): _attribute(one, "value") for one in fields}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


def _listen(whole: Whole) -> None:
    def note(statement: str) -> None:
        if not statement.lstrip().upper().startswith(_TRANSACTION):
            whole.statements.append(statement)

    whole.parts.db.hear(note)
