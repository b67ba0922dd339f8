"""One application, all the way: signed in, applied, handed over, asked, answered, decided, read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from playwright.async_api import Browser

from portal.clock import SystemClock
from tests.e2e.citizen import Citizen
from tests.e2e.demo import Demo
from tests.e2e.hands import Hands, Keyboard, Pointer
from tests.e2e.official import Official
from tests.e2e.words import EN, ET, RU, Words

pytestmark = pytest.mark.anyio

MARI_LIIS = "EE47101010033"


@pytest.fixture
def papers(tmp_path: Path) -> Sequence[Path]:
    paths = [
        tmp_path / name
        for name in ("elekter-november.pdf", "korteriyhistu.pdf", "valjavote.pdf", "valjavote-2.pdf")
    ]
    for path in paths:
        pdf = pikepdf.new()
        pdf.add_blank_page()
        pdf.save(path)
    return paths


@asynccontextmanager
async def citizen(
    browser: Browser,
    demo: Demo,
    words: Words,
    *,
    keyboard: bool = False,
    scripts: bool = True,
    checked: bool = True,
) -> AsyncIterator[Citizen]:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    page = await context.new_page()
    page.set_default_timeout(40_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None
    )
    hands: Hands = Keyboard(page) if keyboard else Pointer()
    yield Citizen(demo, page, hands, words, checked)
    assert faults == []
    await context.close()


async def the_loop(someone: Citizen, official: Official, papers: Sequence[Path]) -> None:
    await someone.sign_in(MARI_LIIS, "/apply/toimetulekutoetus?kov=0663")
    await someone.apply(papers[:2], papers[2])
    await someone.open_matter()
    await official.sign_in()
    await official.until_open("Mari-Liis Männik")
    await official.register()
    due = SystemClock().today() + timedelta(days=5)
    await official.ask("Lisage teise konto väljavõte", "Palun lisage ka teise pangakonto väljavõte.", due)
    await someone.until_my_turn()
    await someone.next_step()
    await someone.answer_task("Tere! Siin on teise konto väljavõte.", [papers[3]])
    await official.until_answered("Siin on teise konto väljavõte")
    await official.decide_in_part(
        "299,00", "Toimetulekupiir: 484,00\nSissetulek: -185,00", "Üür arvestati piirmäärani."
    )
    await someone.until_my_turn()
    read = await someone.open_decision()
    assert "299" in read
    assert "Üür arvestati piirmäärani." in read
    assert "HMS § 75" in read, "the last day for a vaie is shown"


@pytest.mark.parametrize("words", [ET, EN, RU], ids=["et", "en", "ru"])
async def test_an_application_goes_all_the_way_on_a_phone(browser, demo, papers, words):
    async with citizen(browser, demo, words) as someone:
        await the_loop(someone, await official_of(browser, demo), papers)


async def test_an_application_goes_all_the_way_without_scripts(browser, demo, papers):
    # axe needs scripts itself; the same pages are checked in the test above.
    async with citizen(browser, demo, ET, scripts=False, checked=False) as someone:
        await the_loop(someone, await official_of(browser, demo), papers)


async def test_an_application_goes_all_the_way_by_keyboard_alone(browser, demo, papers):
    async with citizen(browser, demo, ET, keyboard=True, checked=False) as someone:
        await the_loop(someone, await official_of(browser, demo), papers)


async def official_of(browser: Browser, demo: Demo) -> Official:
    page = await browser.new_page()
    page.set_default_timeout(40_000)
    return Official(page, demo.star)


async def test_an_answer_opens_its_question_at_once_and_the_hands_stay_where_they_are(
    browser: Browser, demo: Demo
) -> None:
    async with citizen(browser, demo, ET) as igor:
        page = igor.page
        await igor.sign_in("EE37101010021", "/apply/toimetulekutoetus")
        await page.get_by_role("main").locator("select").select_option("0511")
        await igor.hands.press(igor.button(ET.start))
        await igor.answer(ET.lives_there, "Ei")
        opened = page.get_by_label("Kus Te päriselt elate?")
        await opened.wait_for()
        assert await page.evaluate("document.activeElement.name") == "lives_there"
        await igor.look()
        await igor.answer(ET.lives_there, ET.yes)
        await opened.wait_for(state="detached")
