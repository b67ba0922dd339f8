"""The rules of an authorization request: what is refused, and whether the browser is sent back or not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.demo.govsso.settings import LANGUAGES, LEVELS, GovssoSettings, RegisteredClient
from portal.demo.govsso.state import Authorization


@dataclass(eq=False)
class Refused(Exception):
    """The person stays on GovSSO's own error page."""

    code: str
    reason: str
    status: int = 400


@dataclass(eq=False)
class SentBack(Exception):
    """The browser goes back to the client with an error."""

    redirect_uri: str
    state: str
    error: str
    description: str


def language(ui_locales: str) -> str:
    """Pick the first known language of a list; Estonian when there is none."""
    wanted = ui_locales.lower().split()
    return next((lang for lang in wanted if lang in LANGUAGES), "et")


def checked(query: Mapping[str, str], settings: GovssoSettings, now: datetime) -> Authorization:
    """Check a request; raises `Refused` or `SentBack`."""
    client = settings.client(query.get("client_id", ""))
    if client is None:
        raise Refused("invalid_client", "The client is unknown.", 401)
    redirect_uri = query.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        raise Refused("invalid_request", "The redirect_uri is not registered.")
    _check_returnable(query, client, redirect_uri)
    _check_own(query)
    return Authorization(
        client=client,
        redirect_uri=redirect_uri,
        scope=tuple(query["scope"].split()),
        state=query["state"],
        nonce=query.get("nonce", ""),
        acr=query.get("acr_values", "high"),
        lang=language(query.get("ui_locales", "")),
        code_challenge=query.get("code_challenge", ""),
        requested_at=now,
    )


def _check_returnable(query: Mapping[str, str], client: RegisteredClient, redirect_uri: str) -> None:
    state = query.get("state", "")
    scope = query.get("scope", "").split()

    def back(error: str, description: str) -> SentBack:
        return SentBack(redirect_uri, state, error, description)

    if len(state) < 8:
        raise back("invalid_state", "The state is missing or shorter than 8 characters.")
    if query.get("response_type") != "code":
        raise back("unsupported_response_type", "Only the response type 'code' is supported.")
    if "openid" not in scope or not set(scope) <= client.scopes:
        raise back("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    if "code_challenge" in query and query.get("code_challenge_method") != "S256":
        raise back("invalid_request", "The code_challenge_method must be S256.")


def _check_own(query: Mapping[str, str]) -> None:
    if not re.fullmatch("|".join(LEVELS), query.get("acr_values", "high")):
        raise Refused("USER_INPUT", "acr_values must be exactly one level.")
    if query.get("prompt", "consent") not in ("consent", "none"):
        raise Refused("USER_INPUT", "The prompt is not supported.")
    if "id_token_hint" in query:
        raise Refused("USER_INPUT", "id_token_hint is not allowed here.")
