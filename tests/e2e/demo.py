"""The demo's addresses, and what is done on its pages again and again."""

from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
from playwright.async_api import Page

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
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


async def assert_accessible(page: Page) -> None:
    """Fail when axe finds anything at all on the page as it stands."""
    await page.evaluate(_AXE)
    found = await page.evaluate("(rules) => axe.run({runOnly: rules})", _RULES)
    assert not found["violations"], [
        (each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found["violations"]
    ]


async def assert_fits(page: Page) -> None:
    """Fail when the page scrolls sideways."""
    assert await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"
    ), page.url
