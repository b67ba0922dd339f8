"""A site of only the pages under test, with somebody at the door, to be browsed without a network."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import httpx2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from portal.access import Refusal
from portal.clock import Clock
from portal.db import new_id
from portal.identity import Actor, SignedIn
from portal.texts import Language, Texts
from portal.ui.boundary import BoundaryMiddleware
from portal.ui.errors import exception_handlers
from portal.ui.frame import Frame, FrameMiddleware
from portal.ui.headers import HeadersMiddleware

PUBLIC_URL = "http://uks.test"


@dataclass
class TestDoor:
    """Lets in whoever the test says is signed in."""

    signed_in: SignedIn | None

    async def recognise(self, _request: Request) -> SignedIn | None:
        return self.signed_in

    async def closed(self, _request: Request, language: Language, why: Refusal) -> Response:
        if why is Refusal.SIGN_IN:
            return RedirectResponse(f"/auth/login?lang={language}", 303)
        return HTMLResponse(f"<h1>{why}</h1>", 409 if why is Refusal.OTHER_PARTY else 403)

    async def reassured(self, _request: Request, _language: Language) -> SignedIn | Response:
        assert self.signed_in is not None
        return self.signed_in

    async def elsewhere(self, _request: Request, _language: Language) -> Response | None:
        return None


@cache
def _texts() -> Texts:
    """Compile the templates once for all tests."""
    return Texts.load()


def signed_in(actor: Actor, clock: Clock) -> SignedIn:
    """Make a live session."""
    now = clock.now()
    return SignedIn(
        new_id(), actor, "the-csrf-token", now + timedelta(minutes=15), now + timedelta(minutes=8)
    )


def browser(routes: Sequence[BaseRoute], clock: Clock, actor: Actor | None = None) -> httpx2.AsyncClient:
    """Open a browser on the pages; signed in when an actor is given."""
    door = TestDoor(signed_in(actor, clock) if actor else None)
    frame = Frame(_texts(), door, clock, PUBLIC_URL, "test", demo=False)
    app = Starlette(
        routes=list(routes),
        exception_handlers=exception_handlers(),
        middleware=[
            Middleware(HeadersMiddleware, host="uks.test", secure=False),
            Middleware(FrameMiddleware, frame=frame),
            Middleware(BoundaryMiddleware, largest=1024 * 1024),
        ],
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=PUBLIC_URL)


def form_of(actor: Actor, **typed: str) -> dict[str, str]:
    """Fill in a form with what every form of a session carries."""
    return {"csrf_token": "the-csrf-token", "form_id": str(new_id()), "party": str(actor.party.id), **typed}
