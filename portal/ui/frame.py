"""What every page shares: the words, the door, the clock, and the addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.access import Refusal
from portal.clock import Clock
from portal.identity import SignedIn
from portal.texts import LANGUAGES, Language, Texts


class Door(Protocol):
    """Who comes in: sessions are somebody else's matter, a page only asks."""

    async def recognise(self, request: Request) -> SignedIn | None:
        """Tell whose live session the request carries, if any."""
        ...

    async def closed(self, request: Request, language: Language, why: Refusal) -> Response:
        """Answer somebody who may not do this now; what they sent is kept for them."""
        ...

    async def reassured(self, request: Request, language: Language) -> SignedIn | Response:
        """Ask for the right again at its source, before a binding act for another party."""
        ...

    async def elsewhere(self, request: Request, language: Language) -> Response | None:
        """Answer somebody who looks for a thing of another party for whom they may act; None for anybody else."""
        ...


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame around every page; a middleware hands it to each request."""

    texts: Texts
    door: Door
    clock: Clock
    public_url: str
    static_version: str
    demo: bool

    def language(self, request: Request) -> Language:
        """Tell the language of the address; without one, the best that the browser asks for."""
        # Not by `request.url`, which is put together out of the headers when it is asked for.
        first = request.path_params.get("lang") or request.scope["path"][1:].partition("/")[0]
        for language in LANGUAGES:
            if language == first:
                return language
        return preferred(request.headers.get("accept-language", ""))

    def context(self, request: Request, signed_in: SignedIn | None) -> dict[str, Any]:
        """Give what every template may use."""
        language = self.language(request)
        return {
            "signed_in": signed_in,
            "actor": signed_in and signed_in.actor,
            "waiting": signed_in.waiting if signed_in else 0,
            "csrf": signed_in.csrf if signed_in else "",
            "here": request.scope["path"],
            "url": lambda path: f"/{language}{path}",
            "static": lambda name: f"/static/{self.static_version}/{name}",
            "language_links": _language_links(request, language),
            "now": self.clock.now(),
            "today": self.clock.today(),
            "public_url": self.public_url,
            "demo": self.demo,
        }

    def problem_page(
        self, request: Request, title: str, text: str, *, status: int, values: Mapping[str, object]
    ) -> Response:
        """Render a fault in the person's language; needs no database, since that may be what failed."""
        language = self.language(request)
        context = self.context(request, request.scope.get("uks.signed_in")) | {
            "title": self.texts.say(language, title, **values),
            "text": self.texts.say(language, text, **values),
            "incident": values.get("incident"),
            "status": status,
        }
        body = self.texts.render("problem.html", language, context)
        return HTMLResponse(body, status, headers={"Cache-Control": "no-store"})


@dataclass(frozen=True, slots=True)
class FrameMiddleware:
    """Hands the frame to each request."""

    app: ASGIApp
    frame: Frame

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the frame into the scope."""
        scope["uks.frame"] = self.frame
        await self.app(scope, receive, send)


def preferred(accept_language: str) -> Language:
    """Choose the language for an `Accept-Language` header; Estonian when none of ours is asked for."""
    wishes: list[tuple[float, Language]] = []
    for part in accept_language.lower().split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        for language in LANGUAGES:
            if tag.split("-")[0] == language:
                wishes.append((_weight(weight), language))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else "et"


def _weight(text: str) -> float:
    try:
        return min(float(text), 1.0) if text else 1.0
    except ValueError:
        return 0.0


def _language_links(request: Request, current: Language) -> list[tuple[str, str, str, bool]]:
    path = request.scope["path"]
    named = path[1:3] in LANGUAGES and path[3:4] in ("", "/")
    rest = path[3:] if named else "/"
    # An address without a language (the way back from GovSSO) holds what no link may repeat.
    asked = request.scope["query_string"].decode("latin-1")
    query = f"?{asked}" if named and asked and request.method == "GET" else ""
    names = {"et": "Eesti keeles", "en": "In English", "ru": "По-русски"}
    return [(code, names[code], f"/{code}{rest}{query}", code == current) for code in LANGUAGES]
