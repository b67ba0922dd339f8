"""A person on a municipality's site: every way from there into the portal, and what the browser saw meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, FrameLocator, Locator, Page

from tests.e2e.demo import Demo

PLATFORMS: Final = ("html", "kovtp", "omavalitsusportaal", "wordpress")
GRADES: Final = ("link", "frame", "element", "oembed")
APPLY: Final = "Taotle: Toimetulekutoetus"
_WATCH: Final = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) {
      shifts.push([each.value, ...each.sources.map((source) => source.node && (source.node.outerHTML || '').slice(0, 90))]);
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    const entry = document.querySelector('uks-entry');
    if (entry && entry.shadowRoot && entry.shadowRoot.querySelector('a[href]')) window.shownAt = performance.now();
    else setTimeout(look, 1);
  };
  look();
}"""


# A tenth of what browsers' own reports can show.
_SEEN: Final = 0.0001


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser, on the municipality's site."""

    demo: Demo
    page: Page

    @property
    def context(self) -> BrowserContext:
        return self.page.context

    @property
    def site(self) -> str:
        return self.demo.other(4)

    @property
    def elsewhere(self) -> str:
        """The same server under a name that nobody registered."""
        return f"http://evil.localhost:{self.demo.base + 4}"

    async def at(self, path: str, site: str = "") -> None:
        await self.page.goto((site or self.site) + path, wait_until="load")

    def frame(self, grade: str = "frame") -> FrameLocator:
        """The portal's frame in one of the sections; Drupal shows an oEmbed in a frame of its own."""
        inside = self.page.frame_locator(f"#{grade} iframe")
        nested = grade == "oembed" and "/omavalitsusportaal" in self.page.url
        return inside.frame_locator("iframe") if nested else inside

    def way_in(self, grade: str) -> Locator:
        """What is pressed to apply."""
        if grade == "link":
            return self.page.locator("#link a").first
        where = self.page.locator("#element uks-entry") if grade == "element" else self.frame(grade)
        return where.get_by_role("link", name=APPLY, exact=True)

    async def be(self, code: str) -> None:
        """Choose whom to sign in as; GovSSO asks."""
        await self.page.wait_for_url(f"{self.demo.other(1)}/tara/**")
        await self.page.locator(f'button[name=person][value="{code}"]').click()
        await self.page.wait_for_url(f"{self.demo.portal}/**")

    async def way_back(self) -> str | None:
        """Where the header leads back to; nothing when it does not."""
        found = self.page.locator(".way-back a")
        return await found.get_attribute("href") if await found.count() else None

    async def is_at_the_journey(self) -> None:
        """The page is the application's, and Rakvere has been chosen."""
        now = urlsplit(self.page.url)
        assert f"{now.scheme}://{now.netloc}" == self.demo.portal
        assert now.path == "/et/apply/toimetulekutoetus"
        assert "kov=0663" in now.query
        assert "Rakvere" in await self.page.get_by_role("main").inner_text()

    async def shifts(self) -> Sequence[Any]:
        """What has jumped on the municipality's page.

        A busy computer lets the foot of a page that is as high as the window move by a line's rounding: 0.000002.
        """
        return [shift for shift in await self.page.evaluate("window.shifts") if shift[0] >= _SEEN]


async def visitor(browser: Browser, demo: Demo, **options: Any) -> Visitor:
    """Open a browser of somebody's own; `close` its context afterwards."""
    known: Mapping[str, Any] = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}
    context = await browser.new_context(**{**known, **options})
    context.set_default_timeout(40_000)
    await context.add_init_script(f"({_WATCH})()")
    return Visitor(demo, await context.new_page())
