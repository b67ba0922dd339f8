"""The simulator's own page: what is going on, and switches to make it go wrong."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portal.demo.govsso.control import Govsso
from portal.demo.govsso.render import page


@dataclass(frozen=True, slots=True)
class SimulatorPage:
    """`/simulator`; it has no counterpart in the real service."""

    govsso: Govsso

    def routes(self) -> list[BaseRoute]:
        """List the addresses; `/` leads here."""
        return [
            Route("/", self.home),
            Route("/simulator", self.show),
            Route("/simulator/{what}", self.change, methods=["POST"]),
        ]

    async def home(self, _request: Request) -> Response:
        """Lead to the page."""
        return RedirectResponse("/simulator", 303)

    async def show(self, _request: Request) -> Response:
        """Show sessions and faults."""
        now = self.govsso.now()
        sessions = [one for one in self.govsso.state.sessions.values() if one.alive(now)]
        names = {one.code: one.name for one in self.govsso.settings.people}
        return page(
            "simulator.html", "et", sessions=sessions, faults=self.govsso.faults,
            paasuke=self.govsso.paasuke, names=names,
        )  # fmt: skip

    async def change(self, request: Request) -> Response:
        """Turn a fault on or off, rotate the key, end a session from afar."""
        faults, form = self.govsso.faults, await request.form()
        match request.path_params["what"]:
            case "down":
                faults.down = not faults.down
            case "slow":
                faults.slow_seconds = 0.0 if faults.slow_seconds else 5.0
            case "refresh":
                faults.refresh_status = None if faults.refresh_status else 500
            case "paasuke":
                self.govsso.paasuke.down = not self.govsso.paasuke.down
            case "mandate" if str(form.get("index", "")).isdecimal():
                self.govsso.paasuke.switch(int(str(form["index"])))
            case "rotate":
                self.govsso.keys.rotate()
            case "end":
                session = self.govsso.state.sessions.get(str(form.get("sid", "")))
                if session:
                    await self.govsso.end_session(session)
        return RedirectResponse("/simulator", 303)
