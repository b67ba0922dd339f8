"""What a citizen does in the portal, in any language and with any hands; each page on the way is checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page

from tests.e2e.demo import Demo, assert_accessible, assert_fits
from tests.e2e.hands import Hands
from tests.e2e.words import Words


@dataclass(frozen=True)
class Citizen:
    """Somebody at a browser; `checked` asks axe on every page state."""

    demo: Demo
    page: Page
    hands: Hands
    words: Words
    checked: bool = True

    async def look(self) -> None:
        """Take the page in: it must be accessible and must not scroll sideways."""
        await self.page.wait_for_load_state("load")
        if self.checked:
            await assert_accessible(self.page)
            await assert_fits(self.page)

    async def sign_in(self, code: str, to: str) -> None:
        lang = self.words.lang
        await self.page.goto(f"{self.demo.portal}/auth/login?return_to=/{lang}{to}&lang={lang}")
        await self.hands.press(self.page.locator(f'button[name=person][value="{code}"]'))
        await self.page.wait_for_url(f"{self.demo.portal}/**")
        await self.look()

    async def go_on(self) -> None:
        """Save the step and see the next."""
        await self.hands.press(self.button(self.words.save))
        await self.look()

    async def answer(self, question: str, answer: str) -> None:
        group = self.page.get_by_role("group", name=re.compile(re.escape(question)))
        await self.hands.choose(group.get_by_role("radio", name=answer, exact=True))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("button", name=name).first

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(f"^{re.escape(label)}")).first

    async def apply(self, bills: Sequence[Path], statement: Path) -> None:
        """Fill everything in, see what is wrong once, and send."""
        words, hands, page = self.words, self.hands, self.page
        await hands.press(self.button(words.start))
        await self.look()
        await self.go_on()  # nothing was answered: the page says what is missing
        assert await page.locator(".error-summary, [data-error-summary]").count() == 1
        await self.answer(words.lives_there, words.yes)
        await self.answer(words.language, words.in_estonian)
        await self.answer(words.first_time, words.no)
        await self.go_on()
        await self.answer(words.fourth_time, words.no)
        await self.go_on()
        for question in words.incomes:
            await self.answer(question, words.no)
        await self.go_on()
        await hands.write(self.field(words.area), "62")
        await hands.write(self.field(words.rooms), "3")
        await hands.write(self.field(words.rent), "260")
        await hands.write(self.field(words.electricity), "31,60")
        await self.answer(words.loan, words.no)
        await self.go_on()
        await self.attach(words.bills, bills)
        await self.attach(words.statement, [statement])
        await self.go_on()
        await hands.write(self.field(words.iban), "EE38 2200 2210 2014 5685")
        await self.answer(words.own_account, words.yes)
        await self.answer(words.delivery, words.in_portal)
        await self.go_on()
        await hands.choose(page.get_by_role("main").get_by_role("checkbox"))
        await hands.press(self.button(words.send))
        await page.wait_for_url(re.compile("/receipts/"))
        await self.look()

    async def attach(self, slot: str, paths: Sequence[Path]) -> None:
        """Add files to one of the documents that are asked for."""
        section = self.page.get_by_role("region", name=slot)
        await self.hands.attach(section.locator("input[type=file]"), paths)
        await self.hands.press(section.get_by_role("button", name=self.words.upload))
        await section.locator("form.one-button").nth(len(paths) - 1).wait_for()
        await self.look()

    async def open_matter(self) -> None:
        """Go from the receipt to the matter, which is there at once."""
        await self.hands.press(self.page.get_by_role("main").locator("a[href*='/inbox/']").first)
        await self.page.wait_for_url(re.compile("/inbox/"))
        await self.look()

    async def until_my_turn(self) -> None:
        """Look again now and then, as people do, until something waits."""
        for _ in range(120):
            await self.page.reload()
            if await self.page.locator(".next-step").count():
                return await self.look()
            await self.page.wait_for_timeout(500)
        raise AssertionError(f"nothing waits on {self.page.url}")

    async def next_step(self) -> None:
        """Do what the dark panel says."""
        await self.hands.press(self.page.locator(".next-step__act").locator("a, button").first)
        await self.look()

    async def answer_task(self, text: str, paths: Sequence[Path]) -> None:
        """Answer with words and files; first with nothing at all, to be told what is missing."""
        send = self.page.get_by_role("main").locator("form button[type=submit]").last
        await self.hands.press(send)
        await self.look()
        assert await self.page.locator(".error-summary").count() == 1
        await self.hands.attach(self.page.locator("input[type=file]"), paths)
        await self.hands.write(self.page.locator("textarea"), text)
        await self.hands.press(self.page.get_by_role("main").locator("form button[type=submit]").last)
        await self.page.wait_for_url(re.compile(r"/inbox/[0-9a-f-]{36}$"))
        await self.look()

    async def open_decision(self) -> str:
        """Open the decision that has come, and read it."""
        await self.next_step()
        if (
            await self.page.get_by_role("main")
            .locator("form[action*='decisions'] button, form button[type=submit]")
            .count()
        ):
            await self.hands.press(self.page.get_by_role("main").locator("form button[type=submit]").first)
            await self.look()
        return await self.page.get_by_role("main").inner_text()
