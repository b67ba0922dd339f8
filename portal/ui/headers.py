"""What every answer carries: the content policy and its companions; and the one `Host` that is answered."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def content_policy(**changed: str) -> str:
    """Write the Content-Security-Policy, with single directives changed (`form_action=…`)."""
    policy = _POLICY | {name.replace("_", "-"): value for name, value in changed.items()}
    return "; ".join(f"{name} {value}" for name, value in policy.items())


@dataclass(frozen=True, slots=True)
class HeadersMiddleware:
    """Adds the security headers, and refuses a `Host` that is not ours."""

    app: ASGIApp
    host: str
    secure: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                ours = _SECURE if self.secure else _ALWAYS
                message["headers"] = [*message["headers"], *(each for each in ours if each[0] not in said)]
            await send(message)

        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        answer = (
            self.app if host == self.host else PlainTextResponse("400: this host is not served here", 400)
        )
        await answer(scope, receive, send_with_headers)


_FEATURES: Final = ", ".join(
    (
        *("camera=()", "geolocation=()", "microphone=()"),
        *("publickey-credentials-create=(self)", "publickey-credentials-get=(self)"),
    )
)
# As they go over the wire: ASGI writes names small.
_ALWAYS: Final = (
    (b"content-security-policy", content_policy().encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", _FEATURES.encode()),
)
_SECURE: Final = (*_ALWAYS, (b"strict-transport-security", b"max-age=63072000; includeSubDomains"))
