"""Discovery and keys; the document says less than the service can, like the real one's."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from portal.demo.govsso.control import Govsso
from portal.demo.govsso.settings import LANGUAGES, LEVELS

_CLAIMS = (
    "sub acr amr at_hash aud auth_time exp iat iss jti nonce birthdate family_name given_name sid "
    "phone_number phone_number_verified"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """`/.well-known/…`."""

    govsso: Govsso

    def routes(self) -> list[BaseRoute]:
        """List the two addresses."""
        return [
            Route("/.well-known/openid-configuration", self.configuration),
            Route("/.well-known/jwks.json", self.jwks),
        ]

    async def configuration(self, _request: Request) -> Response:
        """Describe the service."""
        settings = self.govsso.settings
        return JSONResponse(
            {
                "issuer": settings.issuer,
                "authorization_endpoint": settings.url("oauth2/auth"),
                "token_endpoint": settings.url("oauth2/token"),
                "jwks_uri": settings.url(".well-known/jwks.json"),
                "end_session_endpoint": settings.url("oauth2/sessions/logout"),
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "scopes_supported": ["openid", "phone"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "subject_types_supported": ["public"],
                "claims_supported": _CLAIMS.split(),
                "ui_locales_supported": LANGUAGES,
                "acr_values_supported": LEVELS,
                "claims_parameter_supported": False,
                "request_uri_parameter_supported": False,
                "backchannel_logout_supported": True,
                "backchannel_logout_session_supported": True,
            }
        )

    async def jwks(self, _request: Request) -> Response:
        """Give the public keys."""
        self.govsso.state.keys_fetched += 1
        return JSONResponse(self.govsso.keys.public())
