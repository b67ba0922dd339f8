"""A portal of two pages behind the real door, GovSSO beside it, and browsers to walk between them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from portal.access import Action
from portal.auth import AuthPages, GovssoClient, GovssoLog, Registration
from portal.auth.govsso.renewal import Renewals
from portal.auth.representation.paasuke import PaasukeAlong, PaasukeSource
from portal.auth.representation.roles import Roles
from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database
from portal.demo.govsso import Govsso, GovssoSettings, RegisteredClient, create_govsso
from portal.demo.govsso.keys import SigningKeys
from portal.demo.people import MARI_LIIS, PEOPLE, DemoPerson
from portal.texts import Texts
from portal.ui import Page, PortalForm, Visit
from portal.ui.errors import exception_handlers
from portal.ui.frame import Frame, FrameMiddleware
from portal.ui.headers import HeadersMiddleware
from tests.serving import free_port, serving, serving_beside

SECRET = "a+b/c=%&ü"
LOCAL = frozenset({"localhost", "127.0.0.1"})

# For what is decided before any database is asked.
on_one_store = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


@dataclass(slots=True)
class Pages:
    """One page to look at, one form to send; what was sent is remembered."""

    sent: list[dict[str, str]] = field(default_factory=list)

    async def show(self, visit: Visit) -> Response:
        signed_in = visit.signed_in
        assert signed_in is not None
        return JSONResponse(
            {
                "name": visit.actor.person.name,
                "csrf": signed_in.csrf,
                "party": str(visit.actor.party.id),
                "for": visit.actor.party.name,
                "endsAt": signed_in.ends_at.isoformat(),
            }
        )

    async def send(self, visit: Visit) -> Response:
        await visit.form(PortalForm)
        self.sent.append({name: str(value) for name, value in (await visit.data()).items()})
        return visit.redirect("/inbox")


@dataclass(slots=True)
class Site:
    """The portal, GovSSO and what a test needs to steer them."""

    db: Database
    clock: FixedClock
    govsso: Govsso
    auth: AuthPages
    pages: Pages
    url: str
    browsers: list["Browser"] = field(default_factory=list)

    def browser(self) -> "Browser":
        self.browsers.append(Browser(self))
        return self.browsers[-1]


@dataclass(slots=True)
class Browser:
    """Somebody's browser: it keeps cookies and follows redirects between the two servers."""

    site: Site
    client: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(timeout=20))

    async def get(self, path: str, *, follow: bool = True, **headers: str) -> httpx2.Response:
        answer = await self.client.get(self._at(path), headers=headers)
        return await self.follow(answer) if follow else answer

    async def post(
        self, path: str, data: Any = None, *, follow: bool = True, **headers: str
    ) -> httpx2.Response:
        answer = await self.client.post(self._at(path), data=data, headers=headers)
        return await self.follow(answer) if follow else answer

    async def follow(self, answer: httpx2.Response) -> httpx2.Response:
        while answer.is_redirect:
            answer = await self.client.get(answer.url.join(answer.headers["location"]))
            assert answer.url.host in LOCAL
        return answer

    async def press(self, page: httpx2.Response, *, follow: bool = True, **fields: str) -> httpx2.Response:
        """Send the page's main form."""
        main = page.text[page.text.index("<main") :]
        form = re.search(r'<form method="post" action="([^"]+)".*?</form>', main, re.DOTALL)
        assert form, main
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0])
        data = {unescape(name): unescape(value) for name, value in hidden} | fields
        answer = await self.client.post(page.url.join(unescape(form[1])), data=data)
        return await self.follow(answer) if follow else answer

    async def to_govsso(self, path: str = "/et/inbox") -> httpx2.Response:
        """Come to the page of people."""
        page = await self.get(path)
        assert page.url.path == "/tara/authorize", page.text
        return page

    async def sign_in(self, who: DemoPerson = MARI_LIIS, path: str = "/et/inbox") -> httpx2.Response:
        return await self.press(await self.to_govsso(path), person=who.code, method="idcard")

    async def callback(self, who: DemoPerson = MARI_LIIS) -> str:
        """Go as far as the code, and stop before the portal sees it."""
        page = await self.to_govsso()
        answer = await self.press(page, follow=False, person=who.code, method="idcard")
        return str(answer.headers["location"])

    async def csrf(self) -> dict[str, str]:
        told = (await self.get("/et/inbox")).json()
        return {"csrf_token": told["csrf"], "party": told["party"]}

    def cookie(self, name: str = "uks_session") -> str | None:
        return next((one.value for one in self.client.cookies.jar if one.name == name), None)

    def _at(self, path: str) -> str:
        return path if path.startswith("http") else self.site.url + path


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@cache
def signing_keys() -> SigningKeys:
    return SigningKeys()  # making a key takes longer than the rest of a test


@cache
def _texts() -> Texts:
    return Texts.load()


@asynccontextmanager
async def open_site(
    db: Database,
    keys: KeyRing,
    clock: FixedClock,
    *,
    roles: Roles | None = None,
    proxies: str = "",
    **options: Any,
) -> AsyncIterator[Site]:
    """Start GovSSO in a thread and the portal in this loop, both over real HTTP."""
    port, govsso_port = free_port(), free_port()
    url, issuer = f"http://localhost:{port}", f"http://127.0.0.1:{govsso_port}/"
    clients = [_client(url, port), _other_client(url)]
    settings = GovssoSettings(issuer, clients, PEOPLE, clock, options.pop("mandates", ()))
    govsso = Govsso(settings, signing_keys())
    registration = Registration(issuer, "uks-demo", SECRET, url, options.pop("min_acr", "high"))
    if roles is not None:
        registration = replace(registration, represents=True)
    client = GovssoClient(registration, clock, GovssoLog(db, clock))
    if roles is not None:
        options["sources"] = [PaasukeSource(db, clock, Renewals(db, clock, keys, client), roles)]
        options["along"] = PaasukeAlong(clock, roles)
    auth = AuthPages(
        db,
        clock,
        client,
        keys,
        secure=False,
        idle=timedelta(minutes=30),
        **options,
    )
    pages = Pages()
    trust = {"proxy_headers": bool(proxies), "forwarded_allow_ips": proxies or None}
    with serving_beside(create_govsso(govsso.settings, govsso), govsso_port):
        # In the test's own loop, since the database's connections belong to it.
        app = _portal(auth, pages, url, port, clock)
        async with serving(app, port, host="localhost", **trust):
            site = Site(db, clock, govsso, auth, pages, url)
            yield site
            for browser in site.browsers:
                await browser.client.aclose()


def _portal(auth: AuthPages, pages: Pages, url: str, port: int, clock: FixedClock) -> Starlette:
    frame = Frame(_texts(), auth.door(), clock, url, "test", demo=True)
    return Starlette(
        routes=[
            *auth.routes(),
            Page("/inbox", pages.show, Action.READ_INBOX),
            Page("/drafts/1/step", pages.show, Action.READ_DRAFT),
            Page("/drafts/1/step", pages.send, Action.FILL_DRAFT, methods=("POST",)),
            Page("/drafts/1/review", pages.send, Action.SEND_APPLICATION, methods=("POST",)),
            Page("/drafts/1/send", pages.send, Action.SEND_APPLICATION, methods=("POST",)),
        ],
        exception_handlers=exception_handlers(),
        max_body_size=1024 * 1024,
        middleware=[
            Middleware(_AnyLoopbackHost, host=f"localhost:{port}"),
            Middleware(FrameMiddleware, frame=frame),
        ],
    )


class _AnyLoopbackHost(HeadersMiddleware):
    """The back channel calls by address in these tests, as a server would by an inner name."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["headers"] = [
                (name, self.host.encode() if name == b"host" else value) for name, value in scope["headers"]
            ]
        await super().__call__(scope, receive, send)

    def __init__(self, app: Any, host: str) -> None:
        super().__init__(app, host=host, secure=False)


def _client(url: str, port: int) -> RegisteredClient:
    return RegisteredClient(
        "uks-demo",
        SECRET,
        {"et": "Uks", "en": "Uks", "ru": "Uks"},
        frozenset({f"{url}/auth/callback"}),
        frozenset({f"{url}/auth/logged-out"}),
        f"http://127.0.0.1:{port}/auth/backchannel-logout",
        frozenset({"openid", "phone", "representee.*", "representee_list"}),
    )


def _other_client(url: str) -> RegisteredClient:
    names = {"et": "Teine teenus"}
    return RegisteredClient("other", "other", names, frozenset({f"{url}/other"}), frozenset({f"{url}/other"}))
