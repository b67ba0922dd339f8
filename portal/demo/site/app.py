"""A municipality's website as it might be: another origin, from which people come to the portal."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

_TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "demo" / "site"


def create_site(portal_url: str) -> Starlette:
    """Make the site; it links to the portal at `portal_url`."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    page = environment.get_template("index.html").render(portal=portal_url)

    async def index(_request: Request) -> HTMLResponse:
        return HTMLResponse(page)

    return Starlette(
        routes=[Route("/", index), Mount("/static", StaticFiles(directory=_TEMPLATES / "static"))]
    )
