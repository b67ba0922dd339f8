"""The core as a process: what it answered 201 survives a kill at any moment."""

import asyncio
import json
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from core_bridge.clock import SystemClock
from core_bridge.errors import CoreUnavailable
from core_bridge.http import HttpCore, direct
from core_bridge.signing import generate_key, public
from core_bridge.wire import Application, freeze
from tests.core_bridge.messages import application
from tests.core_bridge.running import Official

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def start(folder: Path, port: int, *more: str) -> Process:
    arguments = ["--name", "STAR", "--port", str(port), "--data", str(folder / "star")]
    arguments += ["--portal-key", str(folder / "portal.json"), "--key", str(folder / "star.json"), *more]
    module = [sys.executable, "-m", "core_bridge.reference_core"]
    return await asyncio.create_subprocess_exec(*module, *arguments, cwd=ROOT, stderr=PIPE)


async def answering(core: HttpCore) -> None:
    async with asyncio.timeout(90):
        while True:
            try:
                await core.changes(None)
            except CoreUnavailable:
                await asyncio.sleep(0.05)
            else:
                return


async def test_what_was_answered_survives_kills_and_nothing_is_doubled(tmp_path: Path) -> None:
    portal, port = generate_key(), free_port()
    (tmp_path / "portal.json").write_text(json.dumps(public(portal)))
    (tmp_path / "star.json").write_text(json.dumps(generate_key()))
    url = f"http://127.0.0.1:{port}"
    core = direct("STAR", url, issuer="uks", key=portal, clock=SystemClock(), timeout=5.0)
    waiting = [application() for _ in range(40)]
    for kill_after in (0.05, 0.2, None):
        process = await start(tmp_path, port)
        await answering(core)
        sending = asyncio.create_task(_send_all(core, waiting))
        if kill_after is not None:
            await asyncio.sleep(kill_after)
            process.send_signal(signal.SIGKILL)
            await process.wait()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    await sending
    official = Official(url)
    await official.sign_in()
    page = await official.see("/")
    assert [page.count(str(sent.application_id)) for sent in waiting] == [1] * 40
    assert "Uued (40)" in page
    await official.close()
    await core.close()
    process.send_signal(signal.SIGTERM)
    _, told = await process.communicate()
    assert b"Traceback" not in told


async def _send_all(core: HttpCore, waiting: list[Application]) -> None:
    for sent in waiting:
        await core.put_application(sent.application_id, freeze(sent))


async def test_a_key_that_cannot_be_read_is_one_line_and_exit_2(tmp_path: Path) -> None:
    process = await start(tmp_path, free_port())
    _, told = await process.communicate()
    assert process.returncode == 2
    assert len(told.decode().strip().splitlines()) == 1
