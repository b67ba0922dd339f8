"""The pages about the portal itself."""

from html import unescape

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response

from portal.access import Action
from portal.auth.cookies import Cookies
from portal.clock import FixedClock
from portal.ui import Page, Problem, Visit
from portal.ui.about import AboutPages
from tests.factories import actor
from tests.site import browser

pytestmark = pytest.mark.anyio
PAGES = ("accessibility", "privacy", "cookies", "help")


def site(clock: FixedClock, *, secure: bool = False, contact: str = "") -> httpx2.AsyncClient:
    return browser(AboutPages(secure, 90, contact).routes(), clock)


@pytest.mark.parametrize("language", ["et", "en", "ru"])
@pytest.mark.parametrize("page", PAGES)
async def test_each_page_opens_to_anybody_in_each_language(
    clock: FixedClock, page: str, language: str
) -> None:
    answer = await site(clock).get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<h1") == 1


async def test_the_accessibility_page_says_who_supervises_and_what_was_not_tested(clock: FixedClock) -> None:
    page = unescape((await site(clock).get("/et/accessibility")).text)
    for wanted in (
        "§ 32",
        "EN 301 549",
        "info@ttja.ee",
        "667 2000",
        "21.11.2026",
        "ei ole seda veel kontrollinud",
    ):
        assert wanted in page


@pytest.mark.parametrize("secure", [True, False])
async def test_the_cookie_page_names_the_cookies_that_are_really_set(clock: FixedClock, secure: bool) -> None:
    page = (await site(clock, secure=secure).get("/et/cookies")).text
    answer = Response()
    Cookies(secure).set_session(answer, "x")
    Cookies(secure).set_browser(answer, "x")
    names = {value.split("=")[0] for name, value in answer.headers.items() if name == "set-cookie"}
    assert len(names) == 2
    for name in names:
        assert f"<code>{name}</code>" in page


async def test_the_days_a_draft_is_kept_are_those_of_the_settings(clock: FixedClock) -> None:
    for page in ("help", "privacy"):
        assert "90 päeva" in (await site(clock).get(f"/et/{page}")).text


async def test_help_gives_the_emergency_numbers(clock: FixedClock) -> None:
    page = (await site(clock).get("/et/help")).text
    for number in ("112", "116111", "116006"):
        assert f'href="tel:{number}"' in page


async def test_a_contact_is_shown_only_when_there_is_one(clock: FixedClock) -> None:
    for page in ("accessibility", "privacy", "help"):
        assert (
            "mailto:abi@uks.example" in (await site(clock, contact="abi@uks.example").get(f"/et/{page}")).text
        )
        assert "abi@" not in (await site(clock).get(f"/et/{page}")).text


async def test_security_txt_follows_rfc_9116(clock: FixedClock) -> None:
    address = "/.well-known/security.txt"
    assert (await site(clock).get(address)).status_code == 404
    answer = await site(clock, contact="abi@uks.example").get(address)
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:abi@uks.example"
    assert fields["Expires"] == "2027-05-16T12:00:00Z"
    assert fields["Canonical"] == "http://uks.test/.well-known/security.txt"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_fault_is_told_in_the_persons_words_and_language(clock: FixedClock) -> None:
    async def breaks(_visit: Visit) -> Response:
        raise Problem("Pealkiri", "Tekst <b>")

    fault = browser([Page("/breaks", breaks, Action.READ_OPEN_PAGES)], clock, actor())
    answer = await fault.get("/et/breaks")
    assert answer.status_code == 409
    assert "<h1>Pealkiri</h1>" in answer.text
    assert "Tekst &lt;b&gt;" in answer.text
    missing = await fault.get("/ru/nothing")
    assert missing.status_code == 404
    assert '<html lang="ru">' in missing.text


async def test_a_fault_of_ours_has_a_number_and_no_details(clock: FixedClock) -> None:
    async def fails(request: Request) -> Response:
        raise ZeroDivisionError("saladus EE38001085718")

    async def visit(_visit: Visit) -> Response:
        return await fails(_visit.request)

    transport = browser([Page("/fails", visit, Action.READ_OPEN_PAGES)], clock)._transport
    assert isinstance(transport, httpx2.ASGITransport)
    transport.raise_app_exceptions = False
    async with httpx2.AsyncClient(transport=transport, base_url="http://uks.test") as client:
        answer = await client.get("/et/fails")
    assert answer.status_code == 500
    assert "Meie viga" in answer.text
    assert "öelge abi küsides see kood" in answer.text
    assert "saladus" not in answer.text
