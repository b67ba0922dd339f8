"""Every page state that is not on the loop's way is accessible, fits the narrowest phone and takes wide and double text."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, FilePayload, Page

from tests.e2e.demo import Demo
from tests.e2e.looking import Look

pytestmark = pytest.mark.anyio

MARI_LIIS, AINO, PEETER = "EE47101010033", "EE44405089938", "EE35803039942"
IGOR, JAAK_KRISTJAN, LEIDA = "EE37101010021", "EE38001085718", "EE45202179962"
LANGUAGES = ("et", "en", "ru")
OPEN = [
    "",
    "services?q=raha",
    "services?q=xyzzy",
    "services?event=job_loss",
    "services/toimetulekutoetus",
    "services/toimetulekutoetus?kov=0663",
    "kov",
    "kov/rakvere-linn",
    *("accessibility", "privacy", "cookies", "help", "no-such-page"),
]
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  const frame = document.activeElement.closest('.choice, .matter, .link-row, .upload__input--own');
  const around = frame ? [frame, ...frame.querySelectorAll('*')].map((each) => getComputedStyle(each)) : [style];
  return {what: document.activeElement.outerHTML.slice(0, 120), top: document.activeElement === document.body,
    seen: [style, ...around].some((each) => each.outlineStyle !== 'none' && parseFloat(each.outlineWidth) >= 2)};
}"""


@asynccontextmanager
async def looking(browser: Browser, demo: Demo) -> AsyncIterator[Look]:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = await context.new_page()
    context.set_default_timeout(40_000)
    look = Look(page, demo)
    yield look
    await context.close()
    look.all_is_well()


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_open_pages(browser: Browser, demo_with_history: Demo, lang: str) -> None:
    async with looking(browser, demo_with_history) as look:
        for path in OPEN:
            await look.at(f"/{lang}/{path}")
        await look.at(f"/auth/login?lang={lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_all_that_people_find_behind_minu_suhtlus(browser, demo_with_history, lang) -> None:
    not_here = "/services|/kov|/files/|/papers/|/documents/[^/]+$|/apply"
    async with looking(browser, demo_with_history) as look:
        for code in (MARI_LIIS, AINO, IGOR, PEETER) if lang == "et" else (MARI_LIIS, AINO):
            await look.sign_in(code, f"/{lang}/inbox")
            await look.around(f"/{lang}/inbox", leave_out=not_here)
            look.seen.clear()
        await look.at(f"/{lang}/inbox/ended")
        await look.at(f"/{lang}/me")
        await look.sign_in(JAAK_KRISTJAN, f"/{lang}/drafts")
        await look.around(f"/{lang}/drafts", leave_out=not_here)
        await look.at(f"/{lang}/inbox")
        await look.at(f"/{lang}/apply/toimetulekutoetus")
        await look.at(f"/{lang}/inbox/00000000-0000-7000-8000-000000000000")


async def test_an_application_that_does_not_go_smoothly(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        await look.sign_in(LEIDA, "/et/apply/toimetulekutoetus")
        await page.get_by_role("main").locator("select").select_option("0663")
        await look.press("Alusta taotlust")
        await look.press("Salvesta ja jätka")
        await look.here()  # errors
        step = page.url
        other = await page.context.new_page()
        await other.goto(step)
        await other.get_by_role("main").locator("input[type=radio]").first.locator("xpath=..").click()
        await other.get_by_role("main").get_by_role("button", name="Jätka hiljem").click()
        await other.close()
        await page.get_by_role("main").locator("input[type=radio]").nth(1).locator("xpath=..").click()
        await look.press("Salvesta ja jätka")
        await look.here()  # saved in another window meanwhile
        await look.at("/et/drafts")


async def test_mistakes_before_sending_and_a_receipt_while_the_core_is_down(
    browser, demo_with_history
) -> None:
    async with looking(browser, demo_with_history) as look:
        await _break_star(look.page, look.demo, "down")
        await look.sign_in(JAAK_KRISTJAN, "/et/drafts")
        href = await look.page.locator(".matter__title a").first.get_attribute("href")
        await look.page.goto(f"{look.demo.portal}{href}/dokumendid")
        nonsense = FilePayload(name="nimekiri.exe", mimeType="application/octet-stream", buffer=b"MZ\x00")
        await look.page.locator("input[type=file]").first.set_input_files(nonsense)
        await look.touch("Laadi üles")
        await look.page.locator(".file--failed, .has-error").first.wait_for()
        await look.here()  # a refused file
        await look.page.goto(f"{look.demo.portal}{href}/konto")
        await look.page.get_by_label(re.compile("^Arvelduskonto")).first.fill("EE38 2200 2210 2014 5685")
        await look.press("Salvesta ja jätka")
        await look.page.goto(f"{look.demo.portal}{href}/review")
        await look.press("Saada taotlus")
        await look.here()  # not confirmed
        await look.page.get_by_role("main").get_by_role("checkbox").locator("xpath=..").click()
        await look.press("Saada taotlus")
        await look.page.wait_for_url(re.compile("/receipts/"))
        await look.here()
        for _ in range(20):
            await look.page.reload()
            if await look.page.locator(".receipt__step--trying").count():
                break
            await look.page.wait_for_timeout(250)
        await look.here()
        receipt = look.page.url
        await look.at(receipt.replace("/receipts/", "/inbox/"))
        await look.at("/et/inbox")
        await _break_star(look.page, look.demo, "none")


async def test_letters_both_ways_with_mistakes(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        await look.sign_in(IGOR, "/et/inbox")
        await look.page.locator(".matter__title a").first.click()
        await look.page.get_by_role("link", name="Kirjuta ametnikule").click()
        await look.press("Saada kiri")
        await look.here()  # nothing was written
        await look.page.locator("textarea").fill("Tere! Kas kõik paberid on olemas?\n\nIgor")
        await look.press("Saada kiri")
        await look.here()


async def test_where_notices_go(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        await look.sign_in(PEETER, "/et/me")
        await page.get_by_label(re.compile("E-posti aadress")).fill("ei-ole-aadress")
        await look.press("Salvesta")
        await look.here()
        await page.get_by_label(re.compile("E-posti aadress")).fill("peeter@example.ee")
        await page.get_by_role("main").locator("input[type=radio]").first.locator("xpath=..").click()
        await look.press("Salvesta")
        await look.here()
        for _ in range(160):
            await page.goto(look.demo.mail)
            if await page.locator(".letters a").count():
                break
            await page.wait_for_timeout(250)
        await look.here()
        await page.locator(".letters a").first.click()
        await look.here()
        confirm = await page.locator("a[href*='/me/confirm/']").first.get_attribute("href")
        assert confirm
        await look.at(confirm)
        await look.press("Kinnita aadress")
        await look.here()
        await look.at(confirm)  # again
        await look.at(confirm + "x")  # nobody's link


async def test_the_end_of_a_session(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        await look.sign_in(AINO, "/et/inbox")
        await page.locator(".next-step__act a").first.click()
        await page.locator("textarea").fill("Lisan homme.")
        control = await page.context.new_page()
        await control.goto(look.demo.other(1) + "/simulator")
        ends = control.get_by_role("button", name="Aino Männik")
        while await ends.count():  # other tests have left sessions of hers
            async with control.expect_navigation():
                await ends.first.click()
        await control.close()
        await look.press("Saada vastus")
        await look.here()  # over, and what was typed is kept
        await (
            page.get_by_role("main")
            .get_by_role("link", name=re.compile("^Logi (uuesti )?sisse"))
            .first.click()
        )
        await page.locator(f'button[name=person][value="{AINO}"]').click()
        await page.wait_for_url(f"{look.demo.portal}/**")
        await look.here()  # ready to be sent
        await page.goto(look.demo.portal + "/et/inbox")
        await page.locator("form[action='/auth/logout'] button").first.evaluate("(button) => button.click()")
        await page.wait_for_url("**/auth/logged-out**")  # the script goes on to GovSSO by itself, and back
        await look.here()
        await look.at("/auth/callback?error=user_cancel&state=nobodys")


async def test_the_servers_around_the_portal(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        demo, page = look.demo, look.page
        for address in (demo.other(1), demo.other(1) + "/simulator", demo.other(4)):
            await look.at(address)
        await look.at(demo.star + "/login")
        await page.get_by_role("button").first.click()
        await look.around(demo.star + "/", leave_out=r"/files/|/login|\.pdf$|/documents/|/papers/")
        await look.at(demo.star + "/faults")


async def test_the_page_of_parts(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        await look.at("/et/styleguide")


async def test_the_focus_is_seen_wherever_it_goes(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        await page.goto(look.demo.portal + "/et/")
        await _every_stop_is_seen(look)
        await look.sign_in(AINO, "/et/inbox")
        await _every_stop_is_seen(look)
        await page.locator(".next-step__act a").first.click()
        await _every_stop_is_seen(look)
        await page.goto(look.demo.portal + "/et/me")
        await _every_stop_is_seen(look)


async def test_it_holds_in_forced_colours_and_on_paper(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        await look.sign_in(AINO, "/et/inbox")
        await look.page.emulate_media(forced_colors="active")
        await look.fits()  # the colours are the reader's own: axe has nothing to say about them
        await look.page.emulate_media(forced_colors="none", media="print")
        assert await look.page.locator("h1").is_visible()
        assert await look.page.locator(".next-step").is_visible()
        assert not await look.page.locator(".header__nav").is_visible()


async def _every_stop_is_seen(look: Look) -> None:
    await look.page.wait_for_load_state("load")
    stops = 0
    for _ in range(120):
        await look.page.keyboard.press("Tab")
        stop: dict[str, Any] = await look.page.evaluate(OUTLINE)
        if stop["top"] and stops:
            break
        stops += 1
        if not stop["seen"]:
            look.wrong.append(f"{look.page.url}: the focus is not seen on {stop['what']}")
    assert stops > 5


async def _break_star(page: Page, demo: Demo, fault: str) -> None:
    official = await page.context.browser.new_page()  # type: ignore[union-attr]
    await official.goto(demo.star + "/login")
    await official.get_by_role("button").first.click()
    await official.goto(demo.star + "/faults")
    await official.locator(f'input[name=fault][value="{fault}"]').check()
    await official.get_by_role("button", name="Rakenda").click()
    await official.close()
