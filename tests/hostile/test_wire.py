"""The portal behind its real server, spoken to by somebody who writes the bytes by hand."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.clock import FixedClock
from tests.conftest import Sqlite
from tests.hostile.world import opened
from tests.serving import free_port, serving

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def port(
    sqlite: Sqlite, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[int]:
    folder: Path = tmp_path_factory.mktemp("wire")
    port, clock = free_port(), FixedClock(datetime(2026, 11, 17, 12, 0, tzinfo=UTC))
    async with (
        sqlite.fresh(folder) as url,
        opened(url, folder, clock, f"http://127.0.0.1:{port}") as world,
        serving(world.app, port),
    ):
        yield port


async def says(port: int, *parts: bytes, wait: float = 3.0) -> bytes:
    """Send bytes, and give what comes back until the server hangs up or falls silent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        while chunk := await asyncio.wait_for(reader.read(65536), wait):
            answer += chunk
            if b"\r\n0\r\n\r\n" in answer or b"</html>" in answer:
                break
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return answer


def request(port: int, line: str, *headers: str) -> bytes:
    return "\r\n".join([line, f"Host: 127.0.0.1:{port}", "Connection: close", *headers, "", ""]).encode(
        "latin-1"
    )


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: -5"],
        ["Content-Length: 99999999999999999999999999"],
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: gzip, chunked"],
        ["X: " + "y" * 200_000],
        ["Cookie: " + "a=b; " * 12_000],
        ["X\x00: y"],
        ["X: \x01"],
        ["Host: evil.example"],
        ["Content-Type: multipart/form-data; boundary=\x0b"],
        ["Expect: 100-continue", "Content-Length: 10"],
    ],
    ids=lambda headers: headers[0][:30],
)
async def test_a_request_written_by_hand_is_refused_or_answered_but_never_a_fault(
    port: int, headers: list[str]
) -> None:
    answer = await says(port, request(port, "POST /auth/renew HTTP/1.1", *headers), b"hello", wait=1.0)
    assert not answer.startswith(b"HTTP/1.1 5"), answer[:300]
    assert b"Traceback" not in answer
    # The server still serves.
    assert (await says(port, request(port, "GET /health/live HTTP/1.1"))).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "target",
    ["/et/%00", "/et/%ff%fe", "/et/../../etc/passwd", "/static/x/../../../pyproject.toml", "/static/x/%2e%2e/%2e%2e/app.py",
     "/static/x/%00", "//evil.example/", "/et/inbox?%00=%ff", "http://evil.example/et/", "*", "/" + "a" * 60_000],
    ids=lambda target: target[:30],
)  # fmt: skip
async def test_an_address_written_by_hand_is_never_a_fault(port: int, target: str) -> None:
    answer = await says(port, request(port, f"GET {target} HTTP/1.1"), wait=1.0)
    assert not answer.startswith(b"HTTP/1.1 5"), answer[:300]
    for inside in (b"Traceback", b"[project]", b"root:", b"def create_app"):
        assert inside not in answer


async def test_a_body_that_is_too_big_is_told_so_even_to_who_is_still_sending(port: int) -> None:
    size = 30_000_000
    head = request(
        port,
        "POST /et/me HTTP/1.1",
        f"Content-Length: {size}",
        "Content-Type: multipart/form-data; boundary=X",
    )
    answer = await says(port, head, *[b"x" * 1_000_000] * 30, wait=10.0)
    assert answer.startswith(b"HTTP/1.1 413"), answer[:200]
    assert "Üks fail võib olla kuni 20 MB".encode() in answer
    assert b"content-security-policy" in answer.lower()


async def test_who_hangs_up_in_the_middle_leaves_no_fault_in_the_log(
    port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    head = request(port, "POST /auth/backchannel-logout HTTP/1.1", "Content-Length: 1000")
    _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head + b"logout_token=")
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.3)
    written = "".join(capfd.readouterr())
    assert "Traceback" not in written
    assert "ui.unexpected" not in written
    assert (await says(port, request(port, "GET /health/live HTTP/1.1"))).startswith(b"HTTP/1.1 200")
