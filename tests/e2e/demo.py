"""The demo's servers and addresses, and what is done on its pages again and again."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import axe_playwright_python
import httpx2
from playwright.async_api import Page

from tests.e2e.processes import free_ports

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# What is well is told neither by axe nor to us: it is half of the work.
_VIOLATIONS = """async (rules) =>
  (await axe.run({runOnly: rules, resultTypes: ['violations']})).violations"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Demo:
    """Where each server of the demo listens."""

    base: int

    @property
    def portal(self) -> str:
        return f"http://localhost:{self.base}"

    def other(self, offset: int) -> str:
        return f"http://127.0.0.1:{self.base + offset}"

    @property
    def star(self) -> str:
        return self.other(2)

    @property
    def mail(self) -> str:
        return self.other(5)


@contextmanager
def running_demo(data: Path, *options: str) -> Iterator[Demo]:
    """Start the demo's own servers on free ports, as `uks demo` with these options does."""
    base = free_ports(7)
    log = data / "log.txt"
    uks = Path(sys.executable).with_name("uks")
    command = [str(uks), "demo", *options, "--port-base", str(base), "--data", str(data / "kept")]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            _wait(f"http://localhost:{base}/health/live", process, log)
            yield Demo(base)
        finally:
            process.terminate()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(900):
        if process.poll() is not None:
            break
        try:
            # The portal answers before the demo's history has been played.
            if httpx2.get(url, timeout=1).status_code == 200 and "Uks on lahti" in log.read_text(
                errors="replace"
            ):
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the demo did not start:\n{log.read_text(errors='replace')[-3000:]}")


async def assert_accessible(page: Page) -> None:
    """Fail when axe finds anything at all on the page as it stands."""
    await page.evaluate(_AXE)
    found = await page.evaluate(_VIOLATIONS, _RULES)
    assert not found, [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]


async def assert_fits(page: Page) -> None:
    """Fail when the page scrolls sideways."""
    assert await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
    ), page.url
