"""The token endpoint: who calls, what they hold, and the service's exact error answers."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from portal.demo.govsso.control import Govsso
from portal.demo.govsso.paasuke import granted
from portal.demo.govsso.settings import RegisteredClient
from portal.demo.govsso.state import Authorization, Grant, SsoSession
from portal.demo.govsso.tokens import token_answer

_FORM_ENCODED = re.compile(r"(?:[A-Za-z0-9*._~+-]|%[0-9A-Fa-f]{2})*")


@dataclass(eq=False)
class Denied(Exception):
    """An error answer of the token endpoint."""

    status: int
    error: str
    description: str


class NotGranted(Exception):
    """A renewal asks for what was not granted at login."""


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """`POST /oauth2/token`."""

    govsso: Govsso

    def routes(self) -> list[BaseRoute]:
        """List the one address."""
        return [Route("/oauth2/token", self.token, methods=["POST"])]

    async def token(self, request: Request) -> Response:
        """Exchange a code, or renew a session."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        refreshing = form.get("grant_type") == "refresh_token"
        fault = self.govsso.faults.refresh_status if refreshing else self.govsso.faults.token_status
        if fault is not None:
            return PlainTextResponse("Internal Server Error", fault)
        try:
            client = caller(request.headers.get("authorization"), form, self.govsso)
            self._check_address(client, request)
            answer = self._renewed(client, form) if refreshing else self._exchanged(client, form)
        except Denied as denied:
            body = {"error": denied.error, "error_description": denied.description}
            return JSONResponse(body, denied.status, {"Cache-Control": "no-store"})
        except NotGranted:
            # Not an error answer of the protocol, but what the real service does.
            return PlainTextResponse("Internal Server Error", 500)
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    def _exchanged(self, client: RegisteredClient, form: Mapping[str, str]) -> dict[str, object]:
        if form.get("grant_type") != "authorization_code":
            raise Denied(400, "unsupported_grant_type", "The grant type is not supported.")
        grant = self.govsso.state.codes.get(form.get("code", ""))
        if grant is None or grant.spent or self.govsso.now() >= grant.expires_at:
            raise Denied(400, "invalid_grant", "The authorization code is unknown, used or expired.")
        if grant.asked.client != client or form.get("redirect_uri") != grant.asked.redirect_uri:
            raise Denied(400, "invalid_grant", "The code was given to another client or address.")
        if not _proves(grant.asked, form.get("code_verifier", "")):
            raise Denied(400, "invalid_grant", "The PKCE code verifier does not match the challenge.")
        grant.spent = True
        return token_answer(self.govsso, grant.asked, grant.session, grant.asked.scope)

    def _renewed(self, client: RegisteredClient, form: Mapping[str, str]) -> dict[str, object]:
        grant = self.govsso.state.refresh_tokens.get(form.get("refresh_token", ""))
        if grant is None or grant.revoked or grant.asked.client != client:
            raise Denied(400, "invalid_grant", "The refresh token is invalid.")
        _check_live(grant, self.govsso)
        wanted = form.get("scope", "openid").split()
        if not granted(wanted, grant.asked.scope):
            raise NotGranted
        grant.spent = True
        return token_answer(self.govsso, grant.asked, grant.session, wanted)

    def _check_address(self, client: RegisteredClient, request: Request) -> None:
        address = request.client.host if request.client else ""
        if client.token_addresses and address not in client.token_addresses:
            raise Denied(400, "unauthorized_client", "The address of the caller is not allowed.")


def caller(authorization: str | None, form: Mapping[str, str], govsso: Govsso) -> RegisteredClient:
    """Recognise the client by the one method it is registered for; raises `Denied`."""
    if authorization and authorization.lower().startswith("basic "):
        method, (client_id, secret) = "client_secret_basic", _basic(authorization[6:])
    else:
        method, client_id, secret = (
            "client_secret_post",
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
    if not client_id:
        raise Denied(400, "invalid_grant", "The client_id was not found in the request.")
    client = govsso.settings.client(client_id)
    same = client is not None and hmac.compare_digest(client.secret.encode(), secret.encode())
    if client is None or not same or client.auth_method != method:
        raise Denied(401, "invalid_client", "Client authentication failed.")
    return client


def _basic(credentials: str) -> tuple[str, str]:
    # RFC 6749 §2.3.1: both parts are form-url-encoded before they are joined and base64-encoded.
    try:
        client_id, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Denied(401, "invalid_client", "The credentials are not readable.") from error
    if not (_FORM_ENCODED.fullmatch(client_id) and _FORM_ENCODED.fullmatch(secret)):
        raise Denied(400, "invalid_request", "The client credentials are not properly encoded.")
    return unquote_plus(client_id), unquote_plus(secret)


def _proves(asked: Authorization, verifier: str) -> bool:
    if not asked.code_challenge:
        return True
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest, asked.code_challenge)


def _check_live(grant: Grant, govsso: Govsso) -> None:
    if grant.spent or govsso.now() >= grant.expires_at:
        # Not a code of the RFC, but what the real service answers.
        raise Denied(
            401, "token_inactive", "Token is inactive because it is malformed, expired or otherwise."
        )
    session: SsoSession = grant.session
    if not session.alive(govsso.now()) or not session.linked(grant.asked.client.client_id):
        raise Denied(400, "invalid_request", "Authentication session not found or expired.")
