"""What the caseworker does on the core's own screens."""

from dataclasses import dataclass
from datetime import date

from playwright.async_api import Locator, Page


@dataclass(frozen=True)
class Official:
    """A caseworker at the core's screens."""

    page: Page
    core: str

    async def sign_in(self) -> None:
        await self.page.goto(f"{self.core}/login")
        await self.page.get_by_role("button").first.click()

    async def until_open(self, applicant: str) -> None:
        """Open the new application as soon as it has been handed over."""
        new = self.page.get_by_role("region", name="Uued").get_by_role("row").filter(has_text=applicant)
        for _ in range(120):
            await self.page.goto(self.core)
            if await new.count():
                return await new.first.get_by_role("link").first.click()
            await self.page.wait_for_timeout(500)
        raise AssertionError("no new application has come")

    async def until_answered(self, text: str) -> None:
        """Look until the answer is here."""
        for _ in range(120):
            await self.page.reload()
            if await self.page.get_by_text(text).count():
                return
            await self.page.wait_for_timeout(500)
        raise AssertionError("no answer has come")

    async def register(self) -> None:
        await self.page.get_by_role("button", name="Registreeri, midagi on puudu").click()

    async def ask(self, title: str, text: str, due_on: date) -> None:
        form = await self._act("Küsi puuduvat")
        await form.get_by_label("Mida on vaja").fill(title)
        await form.get_by_label("Selgitus taotlejale").fill(text)
        await form.get_by_label("Hiljemalt").fill(due_on.isoformat())
        await form.get_by_role("button").click()

    async def decide_in_part(self, amount: str, calculation: str, reasons: str) -> None:
        form = await self._act("Tee otsus")
        await form.get_by_label("Osaline andmine").check()
        await form.get_by_label("Summa eurodes").fill(amount)
        await form.get_by_label("Ühekordselt").check()
        await form.get_by_label("Arvutuskäik").fill(calculation)
        await form.get_by_label("Põhjendus").fill(reasons)
        await form.get_by_label("Õiguslik alus").fill("SHS § 133 lg 6")
        await form.get_by_role("button").click()

    async def write(self, text: str) -> None:
        form = await self._act("Kirjuta taotlejale")
        await form.get_by_label("Kiri", exact=True).fill(text)
        await form.get_by_role("button").click()

    async def _act(self, words: str) -> Locator:
        details = self.page.locator("details").filter(has=self.page.get_by_text(words, exact=True))
        await details.locator("summary").click()
        return details.locator("form")
