"""A passkey from end to end: Chromium's own authenticator, GovSSO stopped, a matter seen, a letter sent after all."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.e2e.demo import Demo
from tests.e2e.looking import Look

pytestmark = pytest.mark.anyio

IGOR, LEIDA = "EE37101010021", "EE45202179962"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
LETTER = "Tere! Kas kõik paberid on olemas?\n\nIgor"


@asynccontextmanager
async def looking(browser: Browser, demo: Demo, **options: Any) -> AsyncIterator[Look]:
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, reduced_motion="reduce", **options
    )
    context.set_default_timeout(40_000)
    look = Look(await context.new_page(), demo)
    yield look
    await context.close()
    look.all_is_well()


async def device(page: Page) -> tuple[Any, str]:
    """Give the browser an authenticator that recognises its owner."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    made = await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return cdp, made["authenticatorId"]


async def switch_govsso(look: Look, name: str) -> None:
    page = await look.page.context.new_page()
    await page.goto(look.demo.other(1) + "/simulator")
    async with page.expect_navigation():
        await page.get_by_role("button", name=name, exact=True).click()
    await page.close()


@asynccontextmanager
async def govsso_stopped(look: Look) -> AsyncIterator[None]:
    await switch_govsso(look, "Võta maha")
    try:
        yield
    finally:
        await switch_govsso(look, "Pane tööle")


async def log_out(page: Page) -> None:
    await page.locator("form[action='/auth/logout'] button").first.evaluate("(button) => button.click()")
    # With a session of GovSSO the script goes there by itself, and comes back.
    await page.get_by_role("heading", name="Olete välja logitud").wait_for()


async def add(look: Look, name: str) -> None:
    await look.page.get_by_label(re.compile("Mis nime")).fill(name)
    await look.touch("Lisa pääsuvõti")
    await look.page.wait_for_url("**/me/passkeys**")
    await look.page.get_by_text("Pääsuvõti on lisatud").wait_for()


async def test_with_a_passkey_one_sees_a_matter_while_govsso_is_stopped(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        await device(page)
        await look.sign_in(IGOR, "/et/me/passkeys")
        await look.here()  # none yet
        await look.touch("Lisa pääsuvõti")
        await page.locator(".error-summary").wait_for()
        await look.here()  # without a name
        await add(look, "Minu telefon")
        await look.here()
        await log_out(page)
        await look.here()

        async with govsso_stopped(look):
            await page.wait_for_timeout(15_500)  # the portal believes an answer for so long
            await look.at("/auth/login?return_to=/et/inbox&lang=et")
            assert await page.get_by_role("heading", name="Praegu ei saa sisse logida").is_visible()
            await page.get_by_role("link", name="Logi sisse pääsuvõtmega").last.click()
            await look.here()
            await look.touch("Kasuta pääsuvõtit")
            await page.wait_for_url("**/et/inbox")
            await look.here()
            await page.locator(".matter__title a").first.click()
            await page.wait_for_url(re.compile(r"/et/inbox/[0-9a-f-]{36}$"))
            await look.here()  # the state of a matter
            await page.get_by_role("link", name="Kirjuta ametnikule").click()
            await page.locator("textarea").fill(LETTER)
            await look.here()
            await look.press("Saada kiri")
            await page.get_by_role("heading", name=re.compile("^Selleks logige sisse")).wait_for()
            await look.here()  # too weak, and nothing is lost
            assert await page.get_by_text("Teie kirjutatu on alles").is_visible()

        await page.get_by_role("main").get_by_role("link", name="Logi sisse", exact=True).click()
        await page.locator(f'button[name=person][value="{IGOR}"]').click()
        await page.get_by_role("heading", name="Teie kirjutatu on alles").wait_for()
        await look.here()
        await look.press("Jätka")
        await page.get_by_text("Kas kõik paberid on olemas?").first.wait_for()


async def test_a_passkey_is_named_anew_and_removed(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        await device(page)
        await look.sign_in(LEIDA, "/et/me/passkeys")
        await add(look, "Vana telefon")
        await page.get_by_role("link", name="Muuda või eemalda").click()
        await look.here()
        await page.get_by_label("Nimi").fill("Tahvel")
        await look.press("Salvesta nimi")
        await page.get_by_role("heading", name="Tahvel").wait_for()
        await page.get_by_role("link", name="Muuda või eemalda").click()
        await look.press("Eemalda pääsuvõti")
        await page.get_by_text("Pääsuvõti on eemaldatud").wait_for()
        await look.here()
        await log_out(page)
        await look.at("/et/passkey")
        await look.touch("Kasuta pääsuvõtit")
        await page.get_by_text("Seda pääsuvõtit me ei tunne").wait_for()
        await look.here()


async def test_a_copy_is_not_let_in(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        cdp, authenticator = await device(page)
        await look.sign_in(LEIDA, "/et/me/passkeys")
        await add(look, "Telefon")
        await log_out(page)
        await look.at("/et/passkey")
        await look.touch("Kasuta pääsuvõtit")
        await page.wait_for_url("**/et/inbox")
        await log_out(page)
        held = await cdp.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
        (copy,) = held["credentials"]
        assert copy["signCount"] > 0
        named = {"authenticatorId": authenticator, "credentialId": copy["credentialId"]}
        await cdp.send("WebAuthn.removeCredential", named)
        fallen = {"authenticatorId": authenticator, "credential": {**copy, "signCount": 0}}
        await cdp.send("WebAuthn.addCredential", fallen)
        await look.at("/et/passkey")
        await look.touch("Kasuta pääsuvõtit")
        await page.get_by_text("võib olla tehtud koopia").wait_for()
        await look.here()
        await look.sign_in(LEIDA, "/et/me/passkeys")
        await look.here()  # told on the own page too


async def test_who_turns_back_at_the_device_is_told_what_to_do(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history) as look:
        page = look.page
        cdp, authenticator = await device(page)
        await cdp.send(
            "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
        )
        await look.at("/et/passkey")
        await look.touch("Kasuta pääsuvõtit")
        await page.get_by_text("Pääsuvõtit ei kasutatud").wait_for()
        await look.here()


async def test_without_scripts_all_but_the_passkey_works(browser, demo_with_history) -> None:
    async with looking(browser, demo_with_history, java_script_enabled=False) as look:
        page = look.page
        await page.goto(look.demo.portal + "/et/passkey")
        assert await page.get_by_text("Pääsuvõti vajab JavaScripti").is_visible()
        assert not await page.get_by_role("button", name="Kasuta pääsuvõtit").is_visible()
        await look.sign_in(IGOR, "/et/me/passkeys")
        assert await page.get_by_text("Pääsuvõti vajab JavaScripti").is_visible()


@pytest.mark.parametrize("lang", ["en", "ru"])
async def test_the_pages_in_other_languages(browser, demo_with_history, lang) -> None:
    async with looking(browser, demo_with_history) as look:
        await look.at(f"/{lang}/passkey")
        await look.sign_in(IGOR, f"/{lang}/me/passkeys")
        await look.here()
