"""The portal as a client of GovSSO: the addresses it sends the browser to, and the calls it makes itself."""

import base64
import hashlib
import ssl
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

import anyio
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.integrations.httpx_client.oauth2_client import httpx2 as http

from portal.auth.claims import Expected, Identity, LoggedOut, identity, logged_out
from portal.auth.errors import GovssoRefused, GovssoUnavailable
from portal.auth.trust import Trust
from portal.clock import Clock

_TIMEOUT: Final = 5.0
_ANSWERED_LATELY: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Registration:
    """The portal as RIA has it registered; `ca` names the only roots that are trusted for GovSSO."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    min_acr: str = "high"
    ca: Path | None = None

    @property
    def redirect_uri(self) -> str:
        """Where GovSSO sends the browser after signing in."""
        return f"{self.public_url}/auth/callback"

    @property
    def post_logout_redirect_uri(self) -> str:
        """Where GovSSO sends the browser after logging out."""
        return f"{self.public_url}/auth/logged-out"

    @property
    def origin(self) -> str:
        """GovSSO's origin, for the content policy of the page that posts there."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the token endpoint gave, checked."""

    identity: Identity
    id_token: str = field(repr=False)
    refresh_token: str = field(repr=False)


class GovssoClient:
    """Talks to GovSSO; one for a process."""

    def __init__(self, registration: Registration, clock: Clock) -> None:
        self.registration = registration
        self._clock = clock
        self._trust = Trust(registration.issuer, clock, self._fetch)
        self._verify: ssl.SSLContext | bool = True
        if registration.ca:
            self._verify = ssl.create_default_context(cafile=str(registration.ca))

    async def authorization_url(self, *, state: str, nonce: str, verifier: str, lang: str) -> str:
        """Give the address that a sign-in starts at; raises `GovssoUnavailable` when GovSSO is silent."""
        metadata = await self._trust.metadata(_ANSWERED_LATELY)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        query = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": self.registration.redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "acr_values": self.registration.min_acr,
            "ui_locales": lang,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        return f"{metadata['authorization_endpoint']}?{urlencode(query)}"

    async def exchange(self, code: str, *, verifier: str, nonce: str) -> Tokens:
        """Turn a code into tokens; raises `SignInError`."""
        async with self._client() as client:
            call = client.fetch_token(
                await self._token_endpoint(),
                grant_type="authorization_code",
                code=code,
                redirect_uri=self.registration.redirect_uri,
                code_verifier=verifier,
            )
            return await self._checked(await _answered(call), nonce)

    async def renew(self, refresh_token: str, *, nonce: str) -> Tokens:
        """Spend a refresh token for new tokens; raises `SignInError`."""
        async with self._client() as client:
            # Without a scope the library would ask for all of them again at every renewal.
            call = client.refresh_token(
                await self._token_endpoint(), refresh_token=refresh_token, scope="openid"
            )
            return await self._checked(await _answered(call), nonce)

    async def end_session_endpoint(self) -> str:
        """Give the address a log-out is posted to; raises `GovssoUnavailable` when GovSSO is silent."""
        return (await self._trust.metadata(_ANSWERED_LATELY))["end_session_endpoint"]

    async def logged_out(self, logout_token: str) -> LoggedOut:
        """Check a logout token; raises `InvalidToken` or `GovssoUnavailable`."""
        header, claims = await self._trust.read(logout_token)
        return logged_out(claims, header, self._expected())

    async def _checked(self, answer: Mapping[str, Any], nonce: str) -> Tokens:
        id_token, refresh_token = answer.get("id_token"), answer.get("refresh_token")
        if not isinstance(id_token, str) or not isinstance(refresh_token, str):
            raise GovssoUnavailable("the token answer lacks a token")
        _header, claims = await self._trust.read(id_token)
        access_token = str(answer.get("access_token", ""))
        who = identity(claims, self._expected(), nonce=nonce, access_token=access_token)
        return Tokens(who, id_token, refresh_token)

    def _expected(self) -> Expected:
        known = self.registration
        return Expected(known.issuer, known.client_id, known.min_acr, self._clock.now())

    async def _token_endpoint(self) -> str:
        return (await self._trust.metadata())["token_endpoint"]

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            self.registration.client_id,
            self.registration.client_secret,
            token_endpoint_auth_method=_form_encoded_basic,
            timeout=_TIMEOUT,
            verify=self._verify,
            trust_env=False,
        )

    async def _fetch(self, url: str) -> Any:
        try:
            with anyio.fail_after(_TIMEOUT):
                async with self._client() as client:
                    answer = await client.request("GET", url, withhold_token=True)
                    answer.raise_for_status()
                    return answer.json()
        except (http.HTTPError, TimeoutError, ValueError) as error:
            raise GovssoUnavailable(type(error).__name__) from error


async def _answered(call: Awaitable[Any]) -> Mapping[str, Any]:
    try:
        with anyio.fail_after(_TIMEOUT):
            answer: Mapping[str, Any] = await call
    except OAuthError as error:
        raise GovssoRefused(str(error.error)) from error
    except (http.HTTPError, TimeoutError, TypeError, ValueError) as error:
        raise GovssoUnavailable(type(error).__name__) from error
    return answer


def _form_encoded_basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    # RFC 6749 §2.3.1: both parts are form-url-encoded first; the library's own method leaves that out.
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return uri, headers, body
