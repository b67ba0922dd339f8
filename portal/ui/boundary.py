"""The innermost ring around the pages: a body that is too big and a fault of ours become pages in words.

Starlette's own rings lie outside ours: what they answer carries no security headers, and a fault that they
pass on is printed by the server with all that its message quotes.
"""

from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.ui.errors import too_large, unexpected

# To answer somebody who is still sending loses the words: the body is read to its end and thrown away.
_DISCARDED_AT_MOST: Final = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BoundaryMiddleware:
    """Lets through bodies of at most `largest` bytes, and no exception at all."""

    app: ASGIApp
    largest: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _said(scope) > self.largest:
            await _discard(receive)
            await too_large(Request(scope))(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, self._limited(receive), noted)
        except ClientDisconnect:
            # Nobody is there to be answered, and nothing of ours is broken.
            return
        except Exception as error:
            if started:
                raise
            await unexpected(Request(scope), error)(scope, receive, send)

    def _limited(self, receive: Receive) -> Receive:
        size = 0

        async def limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.largest:
                raise HTTPException(413)
            return message

        return limited


def _said(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    # Digits are counted first: int() of thousands of them is itself slow.
    return int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0


async def _discard(receive: Receive) -> None:
    size = 0
    while size <= _DISCARDED_AT_MOST:
        message = await receive()
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            return
