"""The page itself asks for the session to go on, two minutes before the token ends; a real browser with its clock turned."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, Request

from tests.e2e.demo import Demo

pytestmark = pytest.mark.anyio

AINO = "EE44405089938"


@asynccontextmanager
async def signed_in(browser: Browser, demo: Demo) -> AsyncIterator[tuple[Page, list[Request]]]:
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(40_000)
    asked: list[Request] = []
    context.on("request", lambda one: asked.append(one) if one.url.endswith("/auth/renew") else None)
    await page.goto(f"{demo.portal}/auth/login?return_to=/et/inbox&lang=et")
    await page.clock.install()
    await page.locator(f'button[name=person][value="{AINO}"]').click()
    await page.wait_for_url(f"{demo.portal}/et/inbox")
    yield page, asked
    await context.close()


async def pass_time(page: Page, seconds: int) -> None:
    """Let the page's clock run, and each time wait for what the page has asked: it holds a lock meanwhile."""
    for _ in range(0, seconds, 5):
        await page.clock.run_for(5000)
        await page.evaluate("navigator.locks.request('uks-renew', () => null)")
        await page.wait_for_timeout(20)


@pytest.mark.acceptance("renewal-by-browser")
async def test_a_page_that_is_used_renews_two_minutes_before_the_end_and_not_sooner(
    demo: Demo, browser: Browser
) -> None:
    async with signed_in(browser, demo) as (page, asked):
        await page.clock.fast_forward("12:30")
        await page.keyboard.press("Shift")
        await pass_time(page, 25)
        assert asked == []
        await pass_time(page, 20)
        assert len(asked) == 1
        assert asked[0].method == "POST"
        answer = await asked[0].response()
        assert answer
        assert set(await answer.json()) == {"endsAt", "renewFrom"}


@pytest.mark.acceptance("renewal-by-browser", "inactivity")
async def test_a_page_that_nobody_uses_asks_the_person_instead(demo: Demo, browser: Browser) -> None:
    async with signed_in(browser, demo) as (page, asked):
        await page.clock.fast_forward("12:55")
        await pass_time(page, 20)
        assert asked == []
        await page.locator("dialog[open]").wait_for()


@pytest.mark.acceptance("renewal-retried")
async def test_a_broken_network_is_tried_again_every_ten_seconds(demo: Demo, browser: Browser) -> None:
    async with signed_in(browser, demo) as (page, asked):
        await page.route("**/auth/renew", lambda route: route.abort())
        await page.clock.fast_forward("12:55")
        await page.keyboard.press("Shift")
        await pass_time(page, 65)
        assert 5 <= len(asked) <= 7
        await page.unroute("**/auth/renew")
        await pass_time(page, 15)
        answer = await asked[-1].response()
        assert answer
        assert answer.status == 200
        tried = len(asked)
        await pass_time(page, 40)
        assert len(asked) == tried


@pytest.mark.acceptance("renewal-not-by-server")
async def test_when_the_tab_is_closed_nobody_asks_any_more(demo: Demo, browser: Browser) -> None:
    async with signed_in(browser, demo) as (page, asked):
        await page.keyboard.press("Shift")
        other = await page.context.new_page()
        await page.close()
        await other.wait_for_timeout(1500)
        assert asked == []
