"""The running demo and a real browser."""

import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser, async_playwright

from tests.e2e.demo import Demo
from tests.e2e.processes import free_ports

_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_chromium = pytest.mark.skip(reason="NOT RUN: no Chromium on this machine (apt-get install chromium)")
    for item in items:
        if {"browser", "demo"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
            if _CHROMIUM is None:
                item.add_marker(no_chromium)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo's own servers, as `uks demo --fresh` starts them, on free ports."""
    base = free_ports(6)
    data = tmp_path_factory.mktemp("demo")
    log = data / "log.txt"
    uks = Path(sys.executable).with_name("uks")
    command = [str(uks), "demo", "--fresh", "--port-base", str(base), "--data", str(data / "kept")]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            _wait(f"http://localhost:{base}/health/live", process, log)
            yield Demo(base)
        finally:
            process.terminate()


@pytest.fixture
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGUMENTS)
        yield chromium
        await chromium.close()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            # The portal answers before the demo's history has been played.
            if httpx2.get(url, timeout=1).status_code == 200 and "Uks on lahti" in log.read_text(
                errors="replace"
            ):
                return
            time.sleep(0.1)
        except httpx2.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"the demo did not start:\n{log.read_text(errors='replace')[-3000:]}")
