"""A scanner that speaks clamd's INSTREAM over TCP, as the real one does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class ClamdServer:
    """Finds EICAR; `says` is answered instead when set, `silent` answers nothing."""

    port: int = 0
    says: bytes = b""
    silent: bool = False
    pause: float = 0.0
    scanned: list[bytes] = field(default_factory=list)
    answering: list[asyncio.Task[None]] = field(default_factory=list)

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.answering.append(asyncio.create_task(self.answer(reader, writer)))

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        self.scanned.append(content)
        await asyncio.sleep(self.pause)
        if not self.silent:
            found = b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"
            writer.write((self.says or found) + b"\0")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.fixture
async def clamd(anyio_backend: str) -> AsyncIterator[ClamdServer]:
    scanner = ClamdServer()
    server = await asyncio.start_server(scanner.connected, "127.0.0.1", 0)
    scanner.port = server.sockets[0].getsockname()[1]
    yield scanner
    await asyncio.gather(*scanner.answering)
    server.close()
    await server.wait_closed()
