"""Signing in as one part: its door and its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network

from starlette.routing import BaseRoute

from portal.auth.barrier import Barrier, OwnerOf, nobodys
from portal.auth.cookies import Cookies
from portal.auth.door import SessionDoor
from portal.auth.govsso.backchannel import Backchannel
from portal.auth.govsso.client import GovssoClient
from portal.auth.govsso.farewell import Farewell
from portal.auth.govsso.renewal import Along, Renewals
from portal.auth.govsso.sign_in_pages import SignInPages
from portal.auth.me.sessions_pages import MySessionsPages
from portal.auth.passkeys.pages import PasskeyPages
from portal.auth.representation import Acting, Source
from portal.auth.representation.acting_pages import ActingPages
from portal.auth.session_pages import SessionPages
from portal.auth.sessions import Sessions, WaitingOf
from portal.clock import Clock
from portal.crypto import KeyRing
from portal.db import Database


@dataclass(frozen=True, slots=True)
class AuthPages:
    """Everything between a closed door and a signed-in person."""

    db: Database
    clock: Clock
    govsso: GovssoClient
    keys: KeyRing
    secure: bool
    idle: timedelta = timedelta(minutes=30)
    logout_from: Sequence[IPv4Network | IPv6Network] = ()
    waiting: WaitingOf | None = None
    sources: Sequence[Source] = ()
    along: Along | None = None
    owner_of: OwnerOf = nobodys
    passkey_life: timedelta = timedelta(days=90)

    def door(self) -> SessionDoor:
        """Make the door that the frame asks at every page."""
        sessions = Sessions.build(self.keys, self.idle, self.waiting)
        renewals = Renewals(self.db, self.clock, self.keys, self.govsso, self.along)
        barrier = Barrier(self.db, self._acting(), self.owner_of)
        return SessionDoor(
            self.db, self.clock, self._cookies(), sessions, renewals, self._farewell(), barrier
        )

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages of `/auth/…` and `/kept/…`."""
        parts = (
            SignInPages(self.db, self.clock, self._cookies(), self.govsso),
            SessionPages(self.db, self.clock, self.door(), self._farewell()),
            MySessionsPages(self.db, self.idle, self._farewell()),
            ActingPages(self.db, self._acting()),
            self._passkeys(),
            Backchannel(self.db, self.clock, self.govsso, self.logout_from),
        )
        return [route for part in parts for route in part.routes()]

    def _acting(self) -> Acting:
        return Acting(self.db, self.clock, {source.name: source for source in self.sources})

    def _passkeys(self) -> PasskeyPages:
        public_url = self.govsso.registration.public_url
        return PasskeyPages(self.db, self.clock, self._cookies(), public_url, self.passkey_life)

    def _cookies(self) -> Cookies:
        return Cookies(self.secure)

    def _farewell(self) -> Farewell:
        return Farewell(self.db, self.govsso, self._cookies())
