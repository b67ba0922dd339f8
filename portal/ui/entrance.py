"""The way in for who names no language."""

from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import Route

from portal.access import Action
from portal.ui.routing import BarePage
from portal.ui.visit import Visit


def entrance() -> Sequence[Route]:
    """Lead from the bare address, which people type, to the home page."""
    return [BarePage("/", _choose_language, Action.READ_OPEN_PAGES)]


async def _choose_language(visit: Visit) -> Response:
    """Take the language that the browser asks for."""
    answer = visit.redirect("/")
    answer.headers["Vary"] = "Accept-Language"
    return answer
