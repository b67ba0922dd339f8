"""Who is at the screen: the session, the form token, the page."""

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from core_bridge.clock import Clock
from core_bridge.reference_core.paper import euros
from core_bridge.reference_core.settings import Caseworker, CoreSettings

from . import words
from .forms import LABELS

HERE = Path(__file__).parent.parent
_ENVIRONMENT = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    loader=FileSystemLoader(HERE / "templates"),
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(day=words.day, moment=words.moment, said=words.said, euros=euros)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a screen."""

    request: Request
    core: str
    now: datetime
    by: Caseworker | None

    @property
    def official(self) -> Caseworker:
        """Return who is signed in; the route has already made sure."""
        assert self.by is not None
        return self.by

    def render(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Return a page."""
        token = self.request.session.setdefault("csrf", secrets.token_urlsafe(24))
        page = _ENVIRONMENT.get_template(template).render(
            core=self.core,
            by=self.by,
            csrf=token,
            once=str(uuid4()),
            state_word=lambda state: words.state_word(self.core, state),
            words=words,
            labels=LABELS,
            **context,
        )
        return HTMLResponse(page, status, _HEADERS)

    def redirect(self, path: str) -> Response:
        """Go to another page after a form."""
        return RedirectResponse(path, 303, {"Cache-Control": "no-store"})

    def problem(self, title: str, status: int) -> Response:
        """Say what is the matter."""
        return self.render("problem.html", status=status, title=title)

    async def form(self) -> FormData | None:
        """Return what was typed; None if the form is not of this session."""
        form = await self.request.form(max_files=0, max_fields=60, max_part_size=128 * 1024)
        token = str(form.get("csrf", ""))
        kept = self.request.session.get("csrf", "")
        return form if kept and hmac.compare_digest(token.encode(), kept.encode()) else None


Answering = Callable[[Visit], Awaitable[Response]]
FormAnswering = Callable[[Visit, FormData], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Door:
    """Makes routes that only a signed-in official may use."""

    settings: CoreSettings
    clock: Clock

    @property
    def officials(self) -> Mapping[str, Caseworker]:
        """Return the officials by id."""
        return {official.id: official for official in self.settings.caseworkers}

    def visit(self, request: Request) -> Visit:
        """Return the visit, signed in or not."""
        by = self.officials.get(request.session.get("official", ""))
        return Visit(request, self.settings.name, self.clock.now(), by)

    def page(self, path: str, answer: Answering, *, public: bool = False) -> Route:
        """Return a page to look at."""

        async def endpoint(request: Request) -> Response:
            visit = self.visit(request)
            if visit.by is None and not public:
                return visit.redirect("/login")
            return await answer(visit)

        return Route(path, endpoint, methods=["GET"])

    def act(self, path: str, answer: FormAnswering, *, public: bool = False) -> Route:
        """Return what a form is sent to."""

        async def endpoint(request: Request) -> Response:
            visit = self.visit(request)
            if visit.by is None and not public:
                return visit.redirect("/login")
            form = await visit.form()
            if form is None:
                return visit.problem("Vorm on aegunud. Avage leht uuesti.", 403)
            return await answer(visit, form)

        return Route(path, endpoint, methods=["POST"])
