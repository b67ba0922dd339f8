"""The simulator's own page: who may represent whom, and switches to make things go wrong."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from portal.demo.people import DemoPerson
from portal.demo.register.state import VALID, Link, Register

_TEMPLATES: Final = Path(__file__).parents[3] / "templates" / "demo"
# It looks like the GovSSO simulator's page, on purpose: both are switches of the demo.
_STYLES: Final = _TEMPLATES / "govsso" / "static"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
_PAGE: Final = Environment(
    autoescape=True,
    undefined=StrictUndefined,
    loader=FileSystemLoader(_TEMPLATES / "register"),
    trim_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A right as the page shows it."""

    holder: DemoPerson
    ward: DemoPerson
    link: Link

    @property
    def valid(self) -> bool:
        """Tell whether it holds."""
        return self.link.state == VALID


@dataclass(frozen=True, slots=True)
class ControlPage:
    """`/simulator`; it has no counterpart in the real service."""

    register: Register

    def routes(self) -> list[BaseRoute]:
        """List the addresses; `/` leads here."""
        return [
            Route("/", self.home),
            Route("/simulator", self.show),
            Route("/simulator/{what}", self.change, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STYLES)),
        ]

    async def home(self, _request: Request) -> Response:
        """Lead to the page."""
        return RedirectResponse("/simulator", 303)

    async def show(self, _request: Request) -> Response:
        """Show people, rights and faults."""
        known = self.register.people
        links = [Shown(known[each.holder], known[each.ward], each) for each in self.register.links]
        text = _PAGE.get_template("simulator.html").render(
            links=links, people=known.values(), dead=self.register.dead, faults=self.register.faults
        )
        return HTMLResponse(text, headers=_HEADERS)

    async def change(self, request: Request) -> Response:
        """Turn a fault on or off, end a right, let somebody be dead, or begin anew."""
        faults, form = self.register.faults, await request.form()
        match request.path_params["what"]:
            case "down":
                faults.down = not faults.down
            case "slow":
                faults.slow_seconds = 0.0 if faults.slow_seconds else 10.0
            case "contradictory":
                faults.contradictory = not faults.contradictory
            case "custody":
                self.register.end(str(form.get("holder", "")), str(form.get("ward", "")))
            case "death":
                if form.get("person", "") in self.register.people:
                    self.register.bury(str(form["person"]))
            case "anew":
                self.register.begin_anew()
        return RedirectResponse("/simulator", 303)
