"""The simulator as an application of its own, to be served on its own port."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from portal.demo.govsso.control import Govsso
from portal.demo.govsso.faults import FaultyLine
from portal.demo.govsso.login import LoginPages
from portal.demo.govsso.logout import LogoutPages
from portal.demo.govsso.metadata import Metadata
from portal.demo.govsso.render import TEMPLATES
from portal.demo.govsso.settings import GovssoSettings
from portal.demo.govsso.simulator import SimulatorPage
from portal.demo.govsso.token_endpoint import TokenEndpoint


def create_govsso(settings: GovssoSettings, govsso: Govsso | None = None) -> Starlette:
    """Make the simulator; pass a `Govsso` of the same settings to steer it."""
    govsso = govsso or Govsso(settings)
    parts = (Metadata, LoginPages, TokenEndpoint, LogoutPages, SimulatorPage)
    routes = [route for part in parts for route in part(govsso).routes()]
    styles = Mount("/static", StaticFiles(directory=TEMPLATES / "static"))
    return Starlette(routes=[*routes, styles], middleware=[Middleware(FaultyLine, govsso.faults)])
