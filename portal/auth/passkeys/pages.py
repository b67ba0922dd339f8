"""All pages of passkeys as one part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.routing import BaseRoute

from portal.auth.cookies import Cookies
from portal.auth.passkeys.ceremony import Site
from portal.auth.passkeys.entering import Entering
from portal.auth.passkeys.keeping import Keeping
from portal.auth.passkeys.own_pages import OwnPasskeyPages
from portal.auth.passkeys.sign_in_page import PasskeySignInPage
from portal.clock import Clock
from portal.db import Database


@dataclass(frozen=True, slots=True)
class PasskeyPages:
    """`life` is how long a passkey works after its owner's last sign-in through GovSSO."""

    db: Database
    clock: Clock
    cookies: Cookies
    public_url: str
    life: timedelta

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        site = Site.at(self.public_url)
        entering = Entering(self.db, self.clock, site, self.life)
        keeping = Keeping(self.db, self.clock, site)
        return [
            *PasskeySignInPage(self.cookies, entering).routes(),
            *OwnPasskeyPages(keeping, entering).routes(),
        ]
