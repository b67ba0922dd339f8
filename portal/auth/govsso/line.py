"""The line to GovSSO: whom it trusts, which address it leaves from, how the portal names itself."""

import base64
import ssl
from collections.abc import Awaitable, Mapping
from typing import Any, Final
from urllib.parse import quote_plus

import anyio
from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from authlib.integrations.httpx_client.oauth2_client import httpx2 as http

from portal.auth.govsso.errors import GovssoFailed, GovssoRefused, GovssoUnavailable
from portal.auth.govsso.registration import Registration

_TIMEOUT: Final = 5.0


class Line:
    """Makes calls; every one has five seconds."""

    def __init__(self, registration: Registration) -> None:
        self._registration = registration
        self._verify: ssl.SSLContext | bool = True
        if registration.ca:
            self._verify = ssl.create_default_context(cafile=str(registration.ca))

    async def get(self, url: str) -> Any:
        """Fetch a JSON document; raises `GovssoUnavailable`."""
        try:
            with anyio.fail_after(_TIMEOUT):
                async with self._client() as client:
                    answer = await client.request("GET", url, withhold_token=True)
                    answer.raise_for_status()
                    return answer.json()
        except (http.HTTPError, TimeoutError, ValueError) as error:
            raise GovssoUnavailable(type(error).__name__) from error

    async def exchange(self, url: str, code: str, redirect_uri: str, verifier: str) -> Mapping[str, Any]:
        """Ask for tokens for a code; raises `GovssoRefused` and `GovssoUnavailable`."""
        async with self._client() as client:
            call = client.fetch_token(
                url,
                grant_type="authorization_code",
                code=code,
                redirect_uri=redirect_uri,
                code_verifier=verifier,
            )
            return await _answered(call)

    async def renew(self, url: str, refresh_token: str, scope: str) -> Mapping[str, Any]:
        """Ask for new tokens; raises `GovssoRefused` and `GovssoUnavailable`."""
        async with self._client() as client:
            # Without a scope the library would ask for all of them again at every renewal.
            return await _answered(client.refresh_token(url, refresh_token=refresh_token, scope=scope))

    def _client(self) -> Any:
        known = self._registration
        transport = http.AsyncHTTPTransport(
            verify=self._verify, trust_env=False, local_address=known.own_address
        )
        return AsyncOAuth2Client(
            known.client_id,
            known.client_secret,
            token_endpoint_auth_method=_form_encoded_basic,
            timeout=_TIMEOUT,
            transport=transport,
            trust_env=False,
        )


async def _answered(call: Awaitable[Any]) -> Mapping[str, Any]:
    try:
        with anyio.fail_after(_TIMEOUT):
            answer: Mapping[str, Any] = await call
    except OAuthError as error:
        raise GovssoRefused(str(error.error)) from error
    except http.HTTPStatusError as error:
        raise GovssoFailed(str(error.response.status_code)) from error
    except (http.HTTPError, TimeoutError, TypeError, ValueError) as error:
        raise GovssoUnavailable(type(error).__name__) from error
    return answer


def _form_encoded_basic(client: Any, _method: str, uri: str, headers: Any, body: Any) -> tuple[str, Any, Any]:
    # RFC 6749 §2.3.1: both parts are form-url-encoded first; the library's own method leaves that out.
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return uri, headers, body
