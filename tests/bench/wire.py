"""One keep-alive connection that speaks just enough HTTP, so that the asking costs little beside the answering."""

import asyncio
import re
from dataclasses import dataclass
from typing import Final, cast

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_LOCATION: Final = re.compile(rb"\r\nlocation: ([^\r]+)\r\n", re.IGNORECASE)
_TITLE: Final = re.compile(rb"<title>([^<]*)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: bytes

    @property
    def said(self) -> str:
        """The status and the title, for who reads why a run stopped."""
        title = _TITLE.search(self.body)
        return f"{self.status} {title[1].decode() if title else self.location}"


class Connection(asyncio.Protocol):
    """A connection on which one request follows another."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._wanted = 0
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect to a server of this computer."""
        _, made = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return made

    async def ask(self, request: bytes) -> Answer:
        """Send a request and wait for its whole answer."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._wanted:
            self._wanted = _whole(self._buffer)
        if self._wanted and len(self._buffer) >= self._wanted:
            self._settle(bytes(self._buffer[: self._wanted]))
            del self._buffer[: self._wanted]
            self._wanted = 0

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))

    def _settle(self, raw: bytes) -> None:
        assert self._answer is not None
        head, _, body = raw.partition(b"\r\n\r\n")
        location = _LOCATION.search(head + b"\r\n")
        self._answer.set_result(Answer(int(head[9:12]), location[1].decode() if location else "", body))


def get(port: int, path: str, cookie: str = "") -> bytes:
    """Write a GET as a browser would, as far as the server looks."""
    return f"GET {path} HTTP/1.1\r\n{_headers(port, cookie)}\r\n".encode()


def post(
    port: int, path: str, cookie: str, body: bytes, media_type: str = "application/x-www-form-urlencoded"
) -> bytes:
    """Write a POST."""
    head = f"POST {path} HTTP/1.1\r\n{_headers(port, cookie)}Content-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _headers(port: int, cookie: str) -> str:
    session = f"Cookie: uks_session={cookie}\r\n" if cookie else ""
    return (
        f"Host: 127.0.0.1:{port}\r\nAccept: text/html\r\nAccept-Language: et,en;q=0.8\r\n"
        f"User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n{session}"
    )


def _whole(buffer: bytearray) -> int:
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    length = _LENGTH.search(buffer, 0, end + 2)
    return end + 4 + (int(length[1]) if length else 0)
