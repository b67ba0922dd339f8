"""The simulator's insides in one place, for its pages and for tests that steer it."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.demo.govsso.backchannel import tell_all
from portal.demo.govsso.faults import Faults
from portal.demo.govsso.keys import SigningKeys
from portal.demo.govsso.paasuke import Paasuke
from portal.demo.govsso.settings import GovssoSettings, RegisteredClient
from portal.demo.govsso.state import TOKEN_LIFE, SsoSession, State
from portal.demo.people import DemoPerson

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(slots=True)
class Govsso:
    """The service: its keys, its memory, its faults."""

    settings: GovssoSettings
    keys: SigningKeys = field(default_factory=SigningKeys)
    state: State = field(default_factory=State)
    faults: Faults = field(default_factory=Faults)
    paasuke: Paasuke = field(init=False)

    def __post_init__(self) -> None:
        """Open Pääsuke with the mandates of the settings."""
        self.paasuke = Paasuke(self.settings.mandates)

    def now(self) -> datetime:
        """Tell the moment."""
        return self.settings.clock.now()

    def start_session(self, browser: str, person: DemoPerson, amr: str, acr: str) -> SsoSession:
        """Start a browser's session anew."""
        now = self.now()
        session = SsoSession(str(uuid.uuid4()), person, amr, acr, now, now + TOKEN_LIFE)
        self.state.sessions[session.sid] = session
        self.state.browsers[browser] = session
        return session

    def session_of(self, browser: str) -> SsoSession | None:
        """Find the live session of a browser."""
        session = self.state.browsers.get(browser)
        return session if session and session.alive(self.now()) else None

    async def replace_session(self, session: SsoSession) -> None:
        """End a session because the person signed in again: its refresh tokens are revoked."""
        self.state.revoke(session)
        await self.end_session(session)

    async def end_session(self, session: SsoSession) -> None:
        """End a session and tell every linked client by the back channel."""
        session.ended = True
        await self.tell(session.clients, sid=session.sid)

    async def end_sessions_of(self, sub: str) -> None:
        """End all sessions of a person, telling clients only the `sub` (as the service may)."""
        ended = [one for one in self.state.sessions.values() if one.person.code == sub and not one.ended]
        for session in ended:
            session.ended = True
        clients = {client.client_id: client for one in ended for client in one.clients}
        await self.tell(list(clients.values()), sub=sub)

    async def tell(self, clients: list[RegisteredClient], **about: str) -> None:
        """Send each client a logout token about a `sid` or a `sub`."""
        await tell_all([(one.backchannel_logout_uri, self.logout_token(one, **about)) for one in clients])

    def logout_token(self, client: RegisteredClient, **claims: Any) -> str:
        """Make a logout token; GovSSO's holds no `exp`."""
        return self.keys.sign(
            {
                "iss": self.settings.issuer,
                "aud": [client.client_id],
                "iat": int(self.now().timestamp()),
                "jti": str(uuid.uuid4()),
                "events": {LOGOUT_EVENT: {}},
                **claims,
            }
        )


def new_browser() -> str:
    """Make the value of the service's own cookie."""
    return secrets.token_urlsafe(32)
