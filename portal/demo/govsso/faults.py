"""What can be made to go wrong, by a test or by hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import anyio
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ALWAYS_UP = ("/simulator", "/static")


@dataclass(slots=True)
class Faults:
    """The faults now in force; all off at first."""

    down: bool = False
    slow_seconds: float = 0.0
    token_status: int | None = None
    refresh_status: int | None = None
    callback_iss: str | None = None
    tamper: dict[str, Any] = field(default_factory=dict)
    remove: Iterable[str] = ()
    mangle: Callable[[str], str] | None = None

    def clear(self) -> None:
        """Make everything work again."""
        fresh = Faults()
        for name in Faults.__slots__:
            setattr(self, name, getattr(fresh, name))

    def on_claims(self, claims: dict[str, Any]) -> dict[str, Any]:
        """Give the claims as they will be signed."""
        changed = claims | self.tamper
        return {name: value for name, value in changed.items() if name not in self.remove}

    def on_token(self, token: str) -> str:
        """Give the signed token as it will be sent."""
        return self.mangle(token) if self.mangle else token


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """Middleware: the service is down or slow, its simulator's own page is not."""

    app: ASGIApp
    faults: Faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, late or not at all."""
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS_UP):
            await self.app(scope, receive, send)
        elif self.faults.down:
            await PlainTextResponse("Service Unavailable", 503)(scope, receive, send)
        else:
            await anyio.sleep(self.faults.slow_seconds)
            await self.app(scope, receive, send)
