"""The way in for who names no language; and, in the demo, the page that shows every part of the look."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from portal.access import Action
from portal.ui.routing import BarePage, Page
from portal.ui.styleguide import styleguide_context
from portal.ui.visit import Visit


@dataclass(frozen=True, slots=True)
class Entrance:
    """The first address that people type."""

    demo: bool

    def routes(self) -> Sequence[Route]:
        """List the pages."""
        look = [Page("/styleguide", self.styleguide, Action.READ_OPEN_PAGES)] if self.demo else []
        return [BarePage("/", self.choose_language, Action.READ_OPEN_PAGES), *look]

    async def choose_language(self, visit: Visit) -> Response:
        """Lead to the home page in the language that the browser asks for."""
        answer = visit.redirect("/")
        answer.headers["Vary"] = "Accept-Language"
        return answer

    async def styleguide(self, visit: Visit) -> Response:
        """Show every component in every state."""
        return visit.render("styleguide.html", **styleguide_context())
