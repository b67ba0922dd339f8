"""The portal as a client of GovSSO: the addresses it sends the browser to, and the calls it makes itself."""

import base64
import hashlib
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from portal.auth.govsso.claims import Expected, Identity, LoggedOut, identity, logged_out
from portal.auth.govsso.errors import GovssoUnavailable, SignInError
from portal.auth.govsso.line import Line
from portal.auth.govsso.log import GovssoLog, Kind, named_in
from portal.auth.govsso.registration import OPENID, Registration
from portal.auth.govsso.trust import Trust
from portal.clock import Clock

__all__ = ["GovssoClient", "Registration", "Tokens"]

_ANSWERED_LATELY: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the token endpoint gave, checked."""

    identity: Identity
    id_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


class GovssoClient:
    """Talks to GovSSO and writes down what was said; one for a process."""

    def __init__(self, registration: Registration, clock: Clock, log: GovssoLog) -> None:
        self.registration = registration
        self.log = log
        self._clock = clock
        self._line = Line(registration)
        self._trust = Trust(registration.issuer, clock, self._line.get)

    async def authorization_url(self, *, state: str, nonce: str, verifier: str, lang: str) -> str:
        """Give the address that a sign-in starts at; raises `GovssoUnavailable` when GovSSO is silent."""
        metadata = await self._trust.metadata(_ANSWERED_LATELY)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        query = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": self.registration.redirect_uri,
            "scope": self.registration.scope,
            "state": state,
            "nonce": nonce,
            "acr_values": self.registration.min_acr,
            "ui_locales": lang,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        url = f"{metadata['authorization_endpoint']}?{urlencode(query)}"
        await self.log.write(Kind.AUTHENTICATION_REQUEST, url, {})
        return url

    async def exchange(self, code: str, *, verifier: str, nonce: str) -> Tokens:
        """Turn a code into tokens; raises `SignInError`."""
        url, back = await self._token_endpoint(), self.registration.redirect_uri
        said = {"grant_type": "authorization_code", "redirect_uri": back}
        await self.log.write(Kind.TOKEN_REQUEST, url, said)
        return await self._heard(
            Kind.TOKEN_ANSWER, url, nonce, self._line.exchange(url, code, back, verifier)
        )

    async def renew(self, refresh_token: str, *, nonce: str, scope: str = OPENID) -> Tokens:
        """Spend a refresh token for new tokens; raises `SignInError`."""
        url = await self._token_endpoint()
        said = {"grant_type": "refresh_token", "scope": scope}
        await self.log.write(Kind.SESSION_UPDATE_REQUEST, url, said)
        call = self._line.renew(url, refresh_token, scope)
        return await self._heard(Kind.SESSION_UPDATE_ANSWER, url, nonce, call)

    async def leave(self, id_token: str, *, state: str, lang: str) -> tuple[str, Mapping[str, str]]:
        """Give the address and the fields of the form that logs out of GovSSO; raises `GovssoUnavailable`.

        It is posted, never a link: a token that holds a list of representees is taken by POST alone.
        """
        url = (await self._trust.metadata(_ANSWERED_LATELY))["end_session_endpoint"]
        fields = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": self.registration.post_logout_redirect_uri,
            "state": state,
            "ui_locales": lang,
        }
        await self.log.write(Kind.LOGOUT_REQUEST, url, fields, **named_in(id_token))
        return url, fields

    async def logged_out(self, logout_token: str) -> LoggedOut:
        """Check a logout token; raises `InvalidToken` or `GovssoUnavailable`."""
        header, claims = await self._trust.read(logout_token)
        # Not before the signature is known to be GovSSO's: anybody may send anything here.
        url = f"{self.registration.public_url}/auth/backchannel-logout"
        said = {"logout_token": logout_token}
        await self.log.write(Kind.BACKCHANNEL_LOGOUT, url, said, **named_in(logout_token))
        return logged_out(claims, header, self._expected())

    async def _heard(self, kind: Kind, url: str, nonce: str, call: Awaitable[Mapping[str, Any]]) -> Tokens:
        try:
            answer = await call
        except SignInError as error:
            await self.log.write(kind, url, {"outcome": f"{type(error).__name__}: {error}"})
            raise
        id_token, refresh_token = answer.get("id_token"), answer.get("refresh_token")
        if not isinstance(id_token, str) or not isinstance(refresh_token, str):
            raise GovssoUnavailable("the token answer lacks a token")
        await self.log.write(kind, url, {"id_token": id_token}, **named_in(id_token))
        _header, claims = await self._trust.read(id_token)
        access_token = str(answer.get("access_token", ""))
        who = identity(claims, self._expected(), nonce=nonce, access_token=access_token)
        return Tokens(who, id_token, refresh_token)

    def _expected(self) -> Expected:
        known = self.registration
        return Expected(known.issuer, known.client_id, known.min_acr, self._clock.now())

    async def _token_endpoint(self) -> str:
        return (await self._trust.metadata())["token_endpoint"]
