"""What the simulator remembers while it runs: logins on their way, sessions, codes, refresh tokens."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from portal.demo.govsso.settings import RegisteredClient
from portal.demo.people import DemoPerson

CODE_LIFE: Final = timedelta(seconds=30)
CHALLENGE_LIFE: Final = timedelta(hours=1)
TOKEN_LIFE: Final = timedelta(minutes=15)
SESSION_MAX: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Authorization:
    """A checked authorization request."""

    client: RegisteredClient
    redirect_uri: str
    scope: tuple[str, ...]
    state: str
    nonce: str
    acr: str
    lang: str
    code_challenge: str
    requested_at: datetime


@dataclass(slots=True)
class SsoSession:
    """One browser's session, shared by the clients linked to it."""

    sid: str
    person: DemoPerson
    amr: str
    acr: str
    started_at: datetime
    expires_at: datetime
    clients: list[RegisteredClient] = field(default_factory=list)
    ended: bool = False

    def alive(self, now: datetime) -> bool:
        """Tell whether it may be continued: 15 minutes after the last renewal, 12 hours at most."""
        return not self.ended and now < self.expires_at and now < self.started_at + SESSION_MAX

    def prolong(self, client: RegisteredClient, now: datetime) -> None:
        """Link a client and start the 15 minutes again."""
        if client not in self.clients:
            self.clients.append(client)
        self.expires_at = now + TOKEN_LIFE

    def unlink(self, client_id: str) -> None:
        """Take one client out."""
        self.clients = [one for one in self.clients if one.client_id != client_id]

    def linked(self, client_id: str) -> bool:
        """Tell whether a client takes part."""
        return any(one.client_id == client_id for one in self.clients)


@dataclass(slots=True)
class Grant:
    """A code or a refresh token: what it was given for, and whether it has been spent."""

    asked: Authorization
    session: SsoSession
    expires_at: datetime
    spent: bool = False
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class LogoutRequest:
    """A log-out on its way through the browser."""

    client: RegisteredClient
    sid: str
    return_to: str
    lang: str


@dataclass(slots=True)
class State:
    """All of it; kept in memory only."""

    challenges: dict[str, tuple[Authorization, datetime]] = field(default_factory=dict)
    browsers: dict[str, SsoSession] = field(default_factory=dict)
    sessions: dict[str, SsoSession] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    refresh_tokens: dict[str, Grant] = field(default_factory=dict)
    logouts: dict[str, LogoutRequest] = field(default_factory=dict)
    keys_fetched: int = 0

    def challenge(self, asked: Authorization, now: datetime) -> str:
        """Remember a login on its way."""
        key = secrets.token_urlsafe(24)
        self.challenges[key] = (asked, now + CHALLENGE_LIFE)
        return key

    def asked(self, challenge: str, now: datetime) -> Authorization | None:
        """Find a login on its way; None when unknown or too old."""
        asked, expires_at = self.challenges.get(challenge, (None, now))
        return asked if now < expires_at else None

    def new_code(self, asked: Authorization, session: SsoSession, now: datetime) -> str:
        """Give out an authorization code."""
        code = "ory_ac_" + secrets.token_urlsafe(48)
        self.codes[code] = Grant(asked, session, now + CODE_LIFE)
        return code

    def new_refresh_token(self, asked: Authorization, session: SsoSession, now: datetime) -> str:
        """Give out a refresh token, good for one use."""
        token = "ory_rt_" + secrets.token_urlsafe(65)
        self.refresh_tokens[token] = Grant(asked, session, now + TOKEN_LIFE)
        return token

    def revoke(self, session: SsoSession) -> None:
        """Make the refresh tokens of a session worthless (another login took its place)."""
        for grant in self.refresh_tokens.values():
            grant.revoked = grant.revoked or grant.session is session
