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

from journeys.loading import load_catalogue
from portal.demo.site.pages import FRONT, PLATFORMS, TRIALS, SamplePage
from portal.demo.site.pasted import Pasted
from portal.demo.site.policies import by_origin
from portal.demo.site.wordpress import brought, cut_down
from portal.parts.embeds import offered
from portal.texts import Texts

_TEMPLATES: Final = Path(__file__).parents[3] / "templates" / "demo" / "site"
_SERVICE: Final = "toimetulekutoetus"


def create_site(portal_url: str) -> Starlette:
    """Make the site; its entries lead to the portal at `portal_url`."""
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    pasted = Pasted(portal_url, offered(load_catalogue()), Texts.load())
    templates.globals |= {
        "portal": portal_url,
        "pasted": pasted,
        "platforms": PLATFORMS,
        "trials": TRIALS,
        "cut_down": _cut_down,
    }
    return Starlette(routes=_Site(portal_url, pasted, templates).routes())


@dataclass(frozen=True, slots=True)
class _Site:
    portal: str
    pasted: Pasted
    templates: Environment

    def routes(self) -> list[BaseRoute]:
        """List the pages."""
        pages = [
            Route(page.path, partial(self.show, page), name=page.name)
            for page in (FRONT, *PLATFORMS, *TRIALS)
        ]
        media = Route("/omavalitsusportaal/media/oembed", self.media)
        return [*pages, media, Mount("/static", StaticFiles(directory=_TEMPLATES / "static"))]

    async def show(self, page: SamplePage, _request: Request) -> Response:
        """Show a page as its platform would."""
        nonce = secrets.token_urlsafe(16)
        oembed = Markup(await self._oembed(page))  # noqa: S704 WordPress filters it; the others do not
        text = self.templates.get_template(page.template).render(page=page, nonce=nonce, oembed=oembed)
        policy = page.policy(self.portal, nonce)
        headers = {"Content-Security-Policy": policy} if policy else {}
        return HTMLResponse(text, headers=headers | {"Cache-Control": "no-store"})

    async def media(self, _request: Request) -> Response:
        """Show what an oEmbed brought in a page of its own, as Drupal does."""
        oembed = Markup(await run_sync(brought, self.pasted.address(_SERVICE)))  # noqa: S704 as Drupal
        text = self.templates.get_template("media.html").render(oembed=oembed)
        return HTMLResponse(text, headers={"Content-Security-Policy": by_origin(self.portal, "")})

    async def _oembed(self, page: SamplePage) -> str:
        if page.oembed is None:
            return ""
        return await run_sync(page.oembed, self.pasted.address(_SERVICE))


def _cut_down(pasted: str) -> Markup:
    return Markup(cut_down(pasted))  # noqa: S704 it is filtered
