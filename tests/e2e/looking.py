"""Looking at a page as different people have to: with axe, on the narrowest phone, with wide or double text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Page

from tests.e2e.demo import Demo, assert_accessible

_SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""
_NARROW = {"at 320 px": "", "with WCAG text spacing": _SPACED}
_DOUBLE = {"with double text": "html { font-size: 200% !important; }"}
_FITS = """(looks) => {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const ground = document.documentElement, found = [];
  const clipped = (element) => {
    const style = getComputedStyle(element);
    return ['hidden', 'clip'].includes(style.overflowX) && element.clientWidth > 1
      && element.scrollWidth > element.clientWidth + 1 && !element.closest('.sr-only, input, select, textarea');
  };
  const look = (how, rules) => {
    sheet.replaceSync(rules);
    if (ground.scrollWidth > ground.clientWidth + 1) {
      const wide = [...document.querySelectorAll('body *')].filter(
        (element) => element.getBoundingClientRect().right > ground.clientWidth + 1 && !element.closest('.table-scroll'));
      found.push(how + ' scrolls sideways: ' + wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)));
    }
    const cut = [...document.querySelectorAll('body *')].filter(clipped);
    if (cut.length) found.push(how + ' cuts text off: ' + cut.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)));
  };
  for (const [how, rules] of Object.entries(looks)) look(how, rules);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
  return found;
}"""
_LINKS = "links => links.map(link => link.getAttribute('href'))"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Look:
    """Somebody's browser, and which of the pages it has looked at; what is wrong is told for all pages at once."""

    page: Page
    demo: Demo
    wrong: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def at(self, path: str) -> None:
        """Open a page of the portal (or any address) and look at it."""
        await self.page.goto(path if "://" in path else self.demo.portal + path)
        await self.here()

    async def here(self) -> None:
        """Look at the page as it stands."""
        await self.page.wait_for_load_state("load")
        await self.fits()
        try:
            await assert_accessible(self.page)
        except AssertionError as found:
            self.wrong.append(f"{self.page.url} {found}")

    async def fits(self) -> None:
        """Look for text that is cut off or scrolls sideways; leaves the page as wide as a phone."""
        await self.page.set_viewport_size({"width": 320, "height": 800})
        found = await self.page.evaluate(_FITS, _NARROW)
        await self.page.set_viewport_size({"width": 390, "height": 844})
        found += await self.page.evaluate(_FITS, _DOUBLE)
        self.wrong.extend(f"{self.page.url} {what}" for what in found)

    async def around(self, start: str, *, leave_out: str = "$^") -> None:
        """Look at a page and at every page that its content links to, and so on."""
        site, waiting = "{0.scheme}://{0.netloc}".format(urlsplit(self._whole(start))), [start]
        while waiting:
            path = waiting.pop(0)
            if path in self.seen or re.search(leave_out, path):
                continue
            self.seen.add(path)
            await self.at(self._whole(path) if "://" in start else path)
            links = await self.page.eval_on_selector_all("main a[href]", _LINKS)
            waiting.extend(self._whole(each, site) if "://" in start else each for each in _local(links))

    async def press(self, name: str) -> None:
        """Press a button of the page's content and wait for the page that it leads to."""
        # A click alone may return while the page that it was made on still stands.
        async with self.page.expect_navigation():
            await self.touch(name)

    async def touch(self, name: str) -> None:
        """Press a button that a script hears; what it does is waited for by who pressed it."""
        await self.page.get_by_role("main").get_by_role("button", name=name).first.click()

    async def sign_in(self, code: str, to: str) -> None:
        """Sign in anew as somebody."""
        await self.page.context.clear_cookies()
        await self.page.goto(f"{self.demo.portal}/auth/login?return_to={to}&lang={to[1:3]}")
        await self.page.locator(f'button[name=person][value="{code}"]').click()
        await self.page.wait_for_url(f"{self.demo.portal}/**")

    def _whole(self, path: str, site: str = "") -> str:
        return path if "://" in path else site + path

    def all_is_well(self) -> None:
        """Fail with everything that was found."""
        assert not self.wrong, "\n".join(self.wrong)


def _local(links: Iterable[str | None]) -> list[str]:
    paths = [link.partition("#")[0] for link in links if link and link.startswith("/")]
    return [path for path in paths if path and not path.startswith("/auth/")]
