"""The municipality's website as an application of its own."""

import secrets
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from anyio.to_thread import run_sync
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from embeds.files import ELEMENT, integrity
from portal.demo.site.pages import FRONT, PLATFORMS, TRIALS, SamplePage
from portal.demo.site.policies import by_origin
from portal.demo.site.wordpress import cut_down, embedded

_TEMPLATES: Final = Path(__file__).parents[3] / "templates" / "demo" / "site"
_PASTED_ADDRESS: Final = "/et/services/toimetulekutoetus?kov=0663"


def create_site(portal_url: str) -> Starlette:
    """Make the site; its entries lead to the portal at `portal_url`."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals |= {
        "portal": portal_url,
        "script": f"{portal_url}/embed/v1/{ELEMENT}",
        "integrity": integrity(),
        "platforms": PLATFORMS,
        "trials": TRIALS,
    }
    return Starlette(routes=_Site(portal_url, environment).routes())


@dataclass(frozen=True, slots=True)
class _Site:
    portal: str
    templates: Environment

    def routes(self) -> list[BaseRoute]:
        pages = [
            Route(page.path, partial(self.show, page), name=page.name)
            for page in (FRONT, *PLATFORMS, *TRIALS)
        ]
        media = Route("/omavalitsusportaal/media/oembed", self.media)
        return [*pages, media, Mount("/static", StaticFiles(directory=_TEMPLATES / "static"))]

    async def show(self, page: SamplePage, _request: Request) -> Response:
        """Show a page as its platform would."""
        nonce = secrets.token_urlsafe(16)
        address = self.portal + _PASTED_ADDRESS
        context = {"page": page, "nonce": nonce, "embedded": "", "cut_down": _cut_down}
        if page.name == "wordpress":
            context["embedded"] = Markup(await run_sync(embedded, address))  # noqa: S704 it is filtered
        text = self.templates.get_template(page.template).render(context)
        policy = page.policy(self.portal, nonce)
        headers = {"Content-Security-Policy": policy} if policy else {}
        return HTMLResponse(text, headers=headers | {"Cache-Control": "no-store"})

    async def media(self, _request: Request) -> Response:
        """Show what an oEmbed brought in a page of its own, as Drupal does."""
        text = self.templates.get_template("media.html").render()
        return HTMLResponse(text, headers={"Content-Security-Policy": by_origin(self.portal, "")})


def _cut_down(pasted: str) -> Markup:
    return Markup(cut_down(pasted))  # noqa: S704 it is filtered
