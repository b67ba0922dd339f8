"""Routes that only a known caller may use, and the one by which cores push their events."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from .problems import Refusal, malformed
from .vouching import Vouching
from .wire import Event, batch
from .wire.event import MEDIA_TYPE

EVENTS_PATH = "/bridge/v1/events"
_EVENTS_LIMIT = 8 * 1024 * 1024
# A known caller's body that is a little too big is read to its end and thrown away:
# to close on somebody who is still sending loses the 413 that explains it.
_DISCARDED = 4 * 1024 * 1024
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call whose caller is known and whose body is the one they signed."""

    caller: str
    request: Request
    body: bytes


Answering = Callable[[Incoming], Awaitable[Response]]
Receive = Callable[[str, Sequence[Event], bytes], Awaitable[None]]


class SignedRoute(Route):
    """A route that verifies the headers, then reads the body under a cap, then hands on."""

    def __init__(
        self,
        path: str,
        answer: Answering,
        *,
        vouching: Vouching,
        methods: Sequence[str],
        at_most: int = 2 * 1024 * 1024,
    ) -> None:
        async def endpoint(request: Request) -> Response:
            try:
                caller = await vouching.caller(request.headers)
                body = await _body(request, at_most)
                caller.check_body(body)
                _check_content_digest(request, body)
                return await answer(Incoming(caller.name, request, body))
            except Refusal as refusal:
                return refusal.response()

        super().__init__(path, endpoint, methods=list(methods))


def events_route(vouching: Vouching, receive: Receive) -> SignedRoute:
    """Take the cores' pushes: 202 only after `receive(core, events, raw)` has returned."""

    async def answer(call: Incoming) -> Response:
        media_type = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != MEDIA_TYPE:
            raise Refusal(415, "media-type", f"Events come as {MEDIA_TYPE}.")
        try:
            events = batch(call.body)
        except ValidationError as error:
            raise malformed(error) from None
        if any(event.source != call.caller for event in events):
            raise Refusal(403, "foreign-source", "A core speaks only for itself.")
        await receive(call.caller, events, call.body)
        return Response(status_code=202)

    return SignedRoute(EVENTS_PATH, answer, vouching=vouching, methods=["POST"], at_most=_EVENTS_LIMIT)


async def _body(request: Request, at_most: int) -> bytes:
    length = request.headers.get("content-length", "0")
    # Digits are counted first: int() of thousands of them is itself slow, and refused by Python.
    said = int(length) if length.isascii() and length.isdigit() and len(length) <= 15 else 10**15
    if said > at_most + _DISCARDED:
        raise _too_big(at_most)
    body, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= at_most:
                body += chunk
            elif size > at_most + _DISCARDED:
                break
    except ClientDisconnect:
        raise Refusal(400, "cut-off", "The body ended too early.") from None
    if size > at_most:
        raise _too_big(at_most)
    return bytes(body)


def _too_big(at_most: int) -> Refusal:
    return Refusal(413, "too-big", f"At most {at_most} bytes.", close=True)


def _check_content_digest(request: Request, body: bytes) -> None:
    said = request.headers.get("content-digest")
    if said is None:
        return
    found = _SHA256.search(said)
    if found is None or base64.b64decode(found[1]) != hashlib.sha256(body).digest():
        raise Refusal(400, "digest-mismatch", "The body is not what Content-Digest says.")
