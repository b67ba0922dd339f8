"""Signing in (by choosing who one is: the core is for trying out) and out."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute

from .visit import Door, Visit


@dataclass(frozen=True, slots=True)
class EntryScreens:
    """The entry page."""

    door: Door

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            self.door.page("/login", self.choose, public=True),
            self.door.act("/login", self.enter, public=True),
            self.door.act("/logout", self.leave),
        ]

    async def choose(self, visit: Visit) -> Response:
        """Show the officials."""
        return visit.render("login.html", officials=self.door.settings.caseworkers)

    async def enter(self, visit: Visit, form: FormData) -> Response:
        """Begin a session as the chosen one."""
        chosen = str(form.get("official", ""))
        if chosen not in self.door.officials:
            return visit.redirect("/login")
        visit.request.session.clear()
        visit.request.session["official"] = chosen
        return visit.redirect("/")

    async def leave(self, visit: Visit, form: FormData) -> Response:
        """End the session."""
        del form
        visit.request.session.clear()
        return visit.redirect("/login")
