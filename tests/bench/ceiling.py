"""What nothing of ours can beat: bare Starlette and Jinja2 rendering our own pages from values that are ready.

`/rendered/…` renders alone. `/looked-up/…` also finds the session and reads twenty rows by an index, both as
prepared statements of the bare driver, with nothing decrypted and no SQLAlchemy. The values are those of the
real page, taken from the portal at the first request.
"""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import aiosqlite
import asyncpg
import httpx2
from jinja2 import Template
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal.app import create_app
from portal.auth.cookies import Cookies
from portal.crypto import KeyRing
from portal.parts import Parts, build
from portal.settings import Settings
from portal.texts import Language, Texts

_SESSION: Final = "SELECT * FROM session WHERE token_hash = "
_LINES: Final = (
    "SELECT id, kind, journey, period, authority_code, core, state, whose_turn, due_on, next_task_id, words, unread,"
    " sent_at, handed_over_at, complete_at, withdrawal_at, updated_at, behind_since, expires_at"
    " FROM interaction WHERE NOT closed AND party_id = "
)
_ORDER: Final = " ORDER BY updated_at DESC LIMIT 20"

LookUp = Callable[[bytes], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class RecordingTexts(Texts):
    """Renders, and remembers what was rendered last."""

    last: dict[str, Any] = field(default_factory=dict)

    def render(self, template: str, language: Language, context: Mapping[str, Any]) -> str:
        self.last.update(template=self.environments[language].get_template(template), context=context)
        return Texts.render(self, template, language, context)


class Ceilings:
    """The pages that have been asked for, each as its template and its values."""

    def __init__(self, parts: Parts) -> None:
        self._texts = RecordingTexts(parts.frame.texts.environments)
        self._portal = create_app(replace(parts, frame=replace(parts.frame, texts=self._texts)))
        self._pages: dict[str, tuple[Template, dict[str, Any]]] = {}
        self._keys = KeyRing.parse(parts.settings.keys.get_secret_value())
        self._cookies = Cookies(secure=False)
        self.look_up: LookUp | None = None

    async def rendered(self, request: Request) -> Response:
        """Render a page from ready values."""
        path = request.path_params["path"]
        if path not in self._pages:
            await self._learn(path, request)
        template, values = self._pages[path]
        return HTMLResponse(template.render(values))

    async def looked_up(self, request: Request) -> Response:
        """Find the session, read twenty rows, and render."""
        token = self._cookies.session(request.cookies)
        assert token is not None
        assert self.look_up is not None
        assert await self.look_up(self._keys.lookup(token)) == 20
        return await self.rendered(request)

    async def _learn(self, path: str, request: Request) -> None:
        transport = httpx2.ASGITransport(self._portal)
        async with httpx2.AsyncClient(
            transport=transport, base_url=f"http://{request.headers['host']}"
        ) as browser:
            answer = await browser.get(f"/{path}", headers={"cookie": request.headers["cookie"]})
        assert answer.status_code == 200, answer
        template, values = self._texts.last["template"], dict(self._texts.last["context"])
        assert template.render(values) == answer.text
        self._pages[path] = template, values


def from_environment() -> Starlette:
    """Make the application, with the settings of the portal beside it."""
    settings = Settings()
    ceilings = Ceilings(build(settings))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        open_look_up = _sqlite if settings.database_url.startswith("sqlite") else _postgresql
        async with open_look_up(settings.database_url) as ceilings.look_up:
            yield

    return Starlette(
        routes=[
            Route("/health/live", lambda _request: PlainTextResponse("alive")),
            Route("/rendered/{path:path}", ceilings.rendered),
            Route("/looked-up/{path:path}", ceilings.looked_up),
        ],
        lifespan=lifespan,
    )


@asynccontextmanager
async def _postgresql(url: str) -> AsyncIterator[LookUp]:
    async def as_it_is(_connection: Any) -> None:
        """Nothing is left behind that would have to be reset."""

    async with asyncpg.create_pool(url, min_size=10, max_size=10, reset=as_it_is) as pool:
        yield partial(_ask_postgresql, pool)


async def _ask_postgresql(pool: Any, token_hash: bytes) -> int:
    # asyncpg prepares a statement once for each connection and keeps it.
    async with pool.acquire() as connection:
        found = await connection.fetchrow(f"{_SESSION}$1", token_hash)
        return len(await connection.fetch(f"{_LINES}$1{_ORDER}", found["party_id"]))


@asynccontextmanager
async def _sqlite(url: str) -> AsyncIterator[LookUp]:
    async with aiosqlite.connect(url.removeprefix("sqlite:///")) as connection:
        connection.row_factory = sqlite3.Row
        yield partial(_ask_sqlite, connection)


async def _ask_sqlite(connection: aiosqlite.Connection, token_hash: bytes) -> int:
    [found] = await connection.execute_fetchall(f"{_SESSION}?", (token_hash,))
    return len(list(await connection.execute_fetchall(f"{_LINES}?{_ORDER}", (found["party_id"],))))
