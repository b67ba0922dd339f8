"""The pages that every public portal must have, and help; what they say must be true here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from portal.access import Action
from portal.ui.routing import BarePage, Page
from portal.ui.visit import Visit

ACCESSIBILITY_ASSESSED: Final = date(2026, 11, 21)
_SECURITY_TEXT_LASTS: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class AboutPages:
    """Accessibility, privacy, cookies, help; `contact` is the keeper's address, empty for none."""

    secure: bool
    draft_days: int
    contact: str = ""

    def routes(self) -> Sequence[Route]:
        """Give the routes."""
        return [
            Page("/accessibility", self.accessibility, Action.READ_OPEN_PAGES),
            Page("/privacy", self.privacy, Action.READ_OPEN_PAGES),
            Page("/cookies", self.cookies, Action.READ_OPEN_PAGES),
            Page("/help", self.help, Action.READ_OPEN_PAGES),
            BarePage("/.well-known/security.txt", self.security, Action.READ_OPEN_PAGES),
        ]

    async def accessibility(self, visit: Visit) -> Response:
        """Say how far the portal is accessible (AvTS § 32; Decision (EU) 2018/1523)."""
        return visit.render("about/accessibility.html", contact=self.contact, assessed=ACCESSIBILITY_ASSESSED)

    async def privacy(self, visit: Visit) -> Response:
        """Say what is done with personal data (GDPR Article 13)."""
        return visit.render("about/privacy.html", contact=self.contact, draft_days=self.draft_days)

    async def cookies(self, visit: Visit) -> Response:
        """Name each cookie, what it is for and how long it stays."""
        prefix = "__Host-" if self.secure else ""
        return visit.render("about/cookies.html", prefix=prefix)

    async def help(self, visit: Visit) -> Response:
        """Answer what people ask."""
        return visit.render("about/help.html", contact=self.contact, draft_days=self.draft_days)

    async def security(self, visit: Visit) -> Response:
        """Say where a weakness may be told (RFC 9116)."""
        if not self.contact:
            return PlainTextResponse("no contact is configured", HTTPStatus.NOT_FOUND)
        lines = [
            f"Contact: mailto:{self.contact}",
            f"Expires: {(visit.now + _SECURITY_TEXT_LASTS).strftime('%Y-%m-%dT%H:%M:%SZ')}",
            "Preferred-Languages: et, en, ru",
            f"Canonical: {visit.frame.public_url}/.well-known/security.txt",
        ]
        return PlainTextResponse("\n".join(lines) + "\n")
