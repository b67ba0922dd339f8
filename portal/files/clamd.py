"""Asking clamd about a file, over its INSTREAM command; imported by the worker alone."""

import asyncio
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_FOUND: Final = re.compile(rb"stream: (.+) FOUND")


class ScannerDown(Exception):
    """The scanner does not answer, or not as a scanner should; the text is for operators."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """A running clamd, at a port or at a socket; a whole scan may take `timeout` seconds."""

    host: str = ""
    port: int = 3310
    path: str = ""
    timeout: float = 120.0

    @classmethod
    def at(cls, url: str) -> "Clamd":
        """Read `tcp://host:port` or `unix:///path`; raises `ValueError`."""
        parts = urlsplit(url)
        if parts.scheme == "tcp" and parts.hostname:
            return cls(host=parts.hostname, port=parts.port or 3310)
        if parts.scheme == "unix" and parts.path:
            return cls(path=parts.path)
        raise ValueError("UKS_CLAMD_URL must look like tcp://host:3310 or unix:///path")

    async def virus_in(self, content: bytes) -> str | None:
        """Name the virus found, if any; raises `ScannerDown`: silence is never taken for clean."""
        try:
            async with asyncio.timeout(self.timeout):
                answer = await self._ask(content)
        except (OSError, TimeoutError, EOFError) as error:
            raise ScannerDown(type(error).__name__) from error
        if answer == b"stream: OK":
            return None
        found = _FOUND.fullmatch(answer)
        if found is None:
            raise ScannerDown(answer[:100].decode(errors="replace") or "no answer")
        return found[1].decode(errors="replace")

    async def _ask(self, content: bytes) -> bytes:
        # Written out here because the published client sends without looking how much was taken.
        opening = (
            asyncio.open_unix_connection(self.path)
            if self.path
            else asyncio.open_connection(self.host, self.port)
        )
        reader, writer = await opening
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                writer.write(len(chunk).to_bytes(4, "big") + chunk)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.read(_LONGEST_ANSWER)).rstrip(b"\0\n")
        finally:
            writer.close()
