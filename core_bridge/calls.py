"""Making one call, and turning every way it can fail into the tree of `errors`."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2

from .errors import Conflict, CoreBroken, CoreRejected, CoreUnavailable
from .signing import content_digest
from .ways import Outgoing, Way

# 401 and 403 blame the key or the clock, not the message: what was sent must not be given up for that.
_LATER = frozenset({401, 403, 408, 421, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with a status of success."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Calls:
    """A client to one other system; `timeout` holds for the whole call, however slowly it drips.

    `later` are the statuses of 4xx that mean "not now".
    """

    def __init__(
        self,
        way: Way,
        *,
        timeout: float = 30.0,
        tls: ssl.SSLContext | bool = True,
        transport: httpx2.AsyncBaseTransport | None = None,
        later: frozenset[int] = _LATER,
    ) -> None:
        self._way = way
        self._timeout = timeout
        self._later = later
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(timeout, connect=min(timeout, 5.0)),
            verify=tls,
            transport=transport,
            follow_redirects=False,
            trust_env=False,
        )

    async def send(
        self, method: str, call: Outgoing, *, media_type: str = "application/json", at_most: int
    ) -> Answer:
        """Make the call; raises the errors of `errors`, and answers only a success."""
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", **self._way.headers(call)}
        if method != "GET":
            headers |= {"Content-Type": media_type, "Content-Digest": content_digest(call.body)}
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._exchange(method, call, headers, at_most)
        except (httpx2.TransportError, TimeoutError) as error:
            raise CoreUnavailable(type(error).__name__) from error
        except httpx2.HTTPError as error:
            raise CoreBroken(type(error).__name__) from error
        return _success(answer, self._later)

    async def _exchange(self, method: str, call: Outgoing, headers: dict[str, str], at_most: int) -> Answer:
        content = None if method == "GET" else call.body
        async with self._client.stream(
            method, self._way.url(call), content=content, headers=headers
        ) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > at_most:
                    raise CoreBroken(f"an answer over {at_most} bytes")
            return Answer(response.status_code, response.headers, bytes(body))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _success(answer: Answer, later: frozenset[int]) -> Answer:
    if 200 <= answer.status < 300:
        return answer
    if 300 <= answer.status < 400:
        raise CoreBroken(f"a redirect ({answer.status})")
    xtee = answer.headers.get("x-road-error", "").lower()
    # X-tee itself failed: `server.…` may pass by itself, `client…` will not (PR-REST 1.0.4, errors).
    if answer.status >= 500 or answer.status in later or xtee.startswith("server"):
        raise CoreUnavailable(f"{answer.status} {xtee}".strip(), _retry_after(answer))
    code, message = _problem(answer.body)
    refused = Conflict if answer.status == 409 else CoreRejected
    raise refused(answer.status, xtee or code, message)


def _retry_after(answer: Answer) -> float | None:
    value = answer.headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _problem(body: bytes) -> tuple[str, str]:
    try:
        told: Any = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return "unexplained", "no explanation"
    return str(told.get("code", "unexplained"))[:100], str(told.get("title", "no explanation"))[:500]
