"""The pictures of the README: `python -m tests.e2e.pictures` starts the demo and takes them anew, on a phone and wide."""

import asyncio
import io
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pikepdf
from PIL import Image
from playwright.async_api import FilePayload, Page, async_playwright

from tests.e2e.demo import ARGUMENTS, CHROMIUM, Demo, running_demo

PICTURES: Final = Path(__file__).parents[2] / "docs" / "pictures"
WIDTHS: Final = {390: 844, 1280: 900}
_AINO: Final = "EE44405089938"
_MARI_LIIS: Final = "EE47101010033"
_APPLY: Final = "/et/apply/toimetulekutoetus?kov=0663"


@dataclass(frozen=True)
class Album:
    """Where the pictures go, and the page that is pictured."""

    page: Page
    demo: Demo
    folder: Path

    async def take(self, name: str) -> None:
        """Picture the page as it stands at every width."""
        for width, height in WIDTHS.items():
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.page.evaluate("() => { scrollTo(0, 0); document.activeElement.blur(); }")
            taken = await self.page.screenshot(full_page=True, animations="disabled")
            _save(taken, self.folder / f"{name}-{width}.png")

    async def go(self, path: str) -> None:
        await self.page.goto(self.demo.portal + path)

    async def sign_in(self, code: str, to: str) -> None:
        await self.page.context.clear_cookies()
        await self.go(f"/auth/login?return_to={to}&lang=et")
        await self.page.locator(f'button[name=person][value="{code}"]').click()
        await self.page.wait_for_url(f"{self.demo.portal}/**")

    async def press(self, name: str) -> None:
        await self.page.get_by_role("main").get_by_role("button", name=name).first.click()
        await self.page.wait_for_load_state("load")

    async def answer(self, question: str, answer: str) -> None:
        group = self.page.get_by_role("group", name=re.compile(re.escape(question)))
        await group.get_by_role("radio", name=answer, exact=True).locator("xpath=..").click()

    async def next(self) -> None:
        await self.press("Salvesta ja jätka")


async def open_pages(album: Album) -> None:
    """Picture what needs no signing in."""
    await album.go("/et/")
    await album.take("home")
    await album.go("/et/services/toimetulekutoetus?kov=0663")
    await album.take("service")


async def what_waits(album: Album) -> None:
    """Picture the list of somebody whose turn it is, and the matter that waits."""
    await album.sign_in(_AINO, "/et/inbox")
    await album.take("inbox")
    await album.page.locator(".next-step__act a").first.click()
    await album.page.locator(".back a").click()
    await album.take("matter")


async def a_decision(album: Album) -> None:
    """Picture a decision that has been opened."""
    await album.sign_in(_MARI_LIIS, "/et/inbox")
    await album.page.locator(".matter__title a").first.click()
    await album.page.get_by_role("link", name="Vaata otsust").click()
    await album.take("decision")


async def an_application(album: Album) -> None:
    """Picture an application on its way: a step that is not right yet, the review, the receipt."""
    page = album.page
    await album.sign_in(_MARI_LIIS, _APPLY)
    await album.press("Alusta taotlust")
    await album.answer("Kas elate praegu", "Jah")
    await album.answer("Mis keeles", "eesti keeles")
    await album.answer("Kas taotlete toimetulekutoetust", "Ei")
    await album.next()
    await album.answer("Kas olete sel aastal", "Ei")
    await album.next()
    await album.next()  # nothing was answered here: the page says what is missing
    await album.take("step")
    for question in ("Kas saite", "Karl Männik", "Liisa Männik", "Kas pere sai", "elatist", "kohtutäitur"):
        await album.answer(question, "Ei")
    await album.next()
    for label, text in (("Üldpind", "62"), ("Tubade arv", "3"), ("Üür", "260"), ("Elekter", "31,60")):
        await page.get_by_label(re.compile(f"^{label}")).first.fill(text)
    await album.answer("eluasemelaenu", "Ei")
    await album.next()
    slot = page.get_by_role("region", name="Selle kuu arved")
    await slot.locator("input[type=file]").set_input_files(_bills())
    await slot.get_by_role("button", name="Laadi üles").click()
    await slot.locator("form.one-button").nth(1).wait_for()
    await album.next()
    await page.get_by_label(re.compile("^Arvelduskonto")).first.fill("EE38 2200 2210 2014 5685")
    await album.answer("Kas konto omanik", "Jah")
    await album.answer("Otsuse saan", "siin portaalis")
    await album.next()
    await album.take("review")
    await page.get_by_role("main").get_by_role("checkbox").locator("xpath=..").click()
    await album.press("Saada taotlus")
    await page.wait_for_url(re.compile("/receipts/"))
    await page.wait_for_timeout(1500)  # the hand-over takes a moment
    await page.reload()
    await album.take("receipt")


SERIES: Final[Mapping[str, Callable[[Album], Awaitable[None]]]] = {
    "open": open_pages,
    "waits": what_waits,
    "decision": a_decision,
    "application": an_application,
}


async def take_all(demo: Demo, folder: Path) -> None:
    """Take every picture."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for series in SERIES.values():
            page = await browser.new_page(reduced_motion="reduce")
            await series(Album(page, demo, folder))
            await page.close()
        await browser.close()


def _bills() -> list[FilePayload]:
    with io.BytesIO() as out, pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
        content = out.getvalue()
    names = ("elekter-november.pdf", "korteriyhistu-november.pdf")
    return [FilePayload(name=name, mimeType="application/pdf", buffer=content) for name in names]


def _save(taken: bytes, path: Path) -> None:
    """Keep a picture in 256 colours: a page has few, and the file is a third as big."""
    with Image.open(io.BytesIO(taken)) as picture:
        flat = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        flat.save(path, optimize=True)


def main() -> None:
    """Start the demo and take the pictures into docs/pictures (or a folder that is named)."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data, running_demo(Path(data)) as demo:
        asyncio.run(take_all(demo, folder))


if __name__ == "__main__":
    main()
