"""A session goes on while its person is there, and only then."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from portal.auth.tables import SessionRow
from tests.portal.auth.site import Browser, Site, on_one_store

pytestmark = pytest.mark.anyio

JSON = "application/json"


async def row(site: Site) -> Any:
    async with site.db.read() as session:
        return (await session.execute(select(SessionRow).order_by(SessionRow.created_at.desc()))).first()


async def renew(browser: Browser, token: dict[str, str], **fields: str) -> httpx2.Response:
    return await browser.post("/auth/renew", token | fields, follow=False, accept=JSON)


async def refusing(*answers: Awaitable[httpx2.Response]) -> list[int]:
    return [answer.status_code for answer in await asyncio.gather(*answers)]


async def test_a_script_renews_and_is_told_the_new_times_but_never_a_token(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    before = await row(site)
    site.clock.advance(minutes=13)
    answer = await renew(browser, token)
    ends_at = site.clock.now() + timedelta(minutes=15)
    assert answer.json() == {
        "endsAt": ends_at.isoformat(),
        "renewFrom": (ends_at - timedelta(minutes=2)).isoformat(),
    }
    after = await row(site)
    assert after.id == before.id
    assert after.refresh_token != before.refresh_token
    assert after.id_token != before.id_token


@pytest.mark.acceptance("renewal-scope")
async def test_a_renewal_asks_for_nothing_but_openid(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    await renew(browser, token)
    assert {grant.asked.scope for grant in site.govsso.state.refresh_tokens.values()} == {("openid",)}


async def test_pressing_pikenda_renews_and_leads_back_to_the_same_page(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=14)
    answer = await browser.post("/auth/renew", token | {"next": "/et/drafts/1/step"}, follow=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/et/drafts/1/step")
    assert (await row(site)).expires_at == site.clock.now() + timedelta(minutes=15)


async def test_pikenda_leads_nowhere_else(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf() | {"next": "//evil.example/"}
    answer = await browser.post("/auth/renew", token, follow=False)
    assert answer.headers["location"] == "/et/inbox"


async def test_a_renewal_without_the_forms_token_changes_nothing(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.clock.advance(minutes=13)
    before = await row(site)
    assert (await renew(browser, {"csrf_token": "x"})).status_code == 403
    assert (await row(site)).refresh_token == before.refresh_token


@pytest.mark.acceptance("renewal-serialized")
async def test_two_tabs_renewing_at_once_spend_one_refresh_token(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    site.govsso.faults.slow_seconds = 0.3
    assert await refusing(*(renew(browser, token) for _ in range(5))) == [200] * 5
    assert len(site.govsso.state.refresh_tokens) == 2
    assert (await browser.get("/et/inbox")).json()["name"]


async def test_a_renewal_just_made_is_not_made_again(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(seconds=30)
    assert (await renew(browser, token)).status_code == 200
    assert len(site.govsso.state.refresh_tokens) == 1


@pytest.mark.acceptance("renewal-not-by-server")
async def test_the_portal_never_renews_by_itself(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.clock.advance(minutes=14)
    await browser.get("/et/inbox")
    assert len(site.govsso.state.refresh_tokens) == 1


@pytest.mark.parametrize(("minutes", "renewed"), [(7, False), (8, True), (14, True)])
async def test_a_form_sent_in_the_last_seven_minutes_renews(
    site: Site, browser: Browser, minutes: int, renewed: bool
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=minutes)
    await browser.post("/et/drafts/1/step", token | {"a": "1"})
    assert len(site.govsso.state.refresh_tokens) == 1 + renewed
    assert site.pages.sent[0]["a"] == "1"


async def test_a_form_still_goes_through_when_govsso_is_silent(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=14)
    site.govsso.faults.down = True
    await browser.post("/et/drafts/1/step", token | {"a": "1"})
    assert site.pages.sent[0]["a"] == "1"


@pytest.mark.acceptance("renewal-retried", "renewal-500")
@pytest.mark.parametrize("fault", ["down", "refresh_status"])
async def test_a_silent_govsso_may_be_asked_again_until_the_end(
    site: Site, browser: Browser, fault: str
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    setattr(site.govsso.faults, fault, 500)
    answer = await renew(browser, token)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert answer.json()["reason"] == "unavailable"
    site.govsso.faults.clear()
    assert (await renew(browser, token)).status_code == 200


async def test_pikenda_says_when_govsso_is_silent(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    site.govsso.faults.down = True
    page = await browser.post("/auth/renew", token)
    assert page.status_code == 503
    assert "Olete veel sisse logitud" in page.text


@pytest.mark.acceptance("renewal-refused")
async def test_an_error_answer_ends_the_session_in_all_tabs_at_once(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.govsso.state.refresh_tokens.clear()
    site.clock.advance(minutes=13)
    answer = await renew(browser, token)
    assert (answer.status_code, answer.json()) == (401, {"reason": "ended"})
    assert (await row(site)).ended_reason == "refused"
    page = await browser.get("/et/inbox")
    assert page.status_code == 401
    assert "Seanss on lõppenud" in page.text


@pytest.mark.acceptance("token-inactive")
async def test_a_spent_refresh_token_ends_the_session(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    for grant in site.govsso.state.refresh_tokens.values():
        grant.spent = True
    site.clock.advance(minutes=13)
    assert (await renew(browser, token)).status_code == 401


@pytest.mark.acceptance("same-person")
@on_one_store
@pytest.mark.parametrize(
    "claims", [{"sub": "EE37101010021"}, {"sid": "another"}, {"nonce": "another"}, {"aud": ["other"]}]
)
async def test_a_renewed_token_must_be_of_the_same_person_and_session(
    site: Site, browser: Browser, claims: dict[str, Any]
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    site.govsso.faults.tamper = claims
    assert (await renew(browser, token)).status_code == 401
    assert (await row(site)).ended_reason == "refused"


@pytest.mark.acceptance("end-exact")
async def test_the_session_ends_to_the_second_with_the_id_token(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.clock.advance(minutes=14, seconds=59)
    assert (await browser.get("/et/inbox")).status_code == 200
    site.clock.advance(seconds=1)
    assert (await browser.get("/et/inbox")).status_code == 401


@pytest.mark.acceptance("inactivity")
async def test_who_does_nothing_is_logged_out_though_a_script_renews(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    for _ in range(2):
        site.clock.advance(minutes=13)
        assert (await renew(browser, token)).status_code == 200
    site.clock.advance(minutes=4)
    page = await browser.get("/et/inbox")
    assert page.status_code == 401
    assert "mõnda aega midagi teinud" in page.text


async def test_the_end_that_is_told_is_the_nearer_of_the_two(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token, began = await browser.csrf(), site.clock.now()
    site.clock.advance(minutes=13)
    await renew(browser, token)
    site.clock.advance(minutes=13)
    answer = await renew(browser, token)
    assert datetime.fromisoformat(answer.json()["endsAt"]) == began + timedelta(minutes=30)
    answer = await renew(browser, token, active="1")
    assert datetime.fromisoformat(answer.json()["endsAt"]) > began + timedelta(minutes=30)


async def test_the_last_activity_is_written_at_most_once_a_minute(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    began = site.clock.now()
    site.clock.advance(seconds=59)
    await browser.get("/et/inbox")
    assert (await row(site)).last_activity_at == began
    site.clock.advance(seconds=1)
    await browser.get("/et/inbox")
    assert (await row(site)).last_activity_at == site.clock.now()


@pytest.mark.acceptance("parallel")
async def test_parallel_sessions_of_one_person_keep_their_tokens_apart(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    other = site.browser()
    await other.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=14)
    assert (await renew(browser, token)).status_code == 200
    site.clock.advance(minutes=1)
    assert (await other.get("/et/inbox")).status_code == 401
    assert (await browser.get("/et/inbox")).status_code == 200


@pytest.mark.acceptance("longest")
@on_one_store
async def test_after_twelve_hours_the_person_must_sign_in_again(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    statuses = []
    for _ in range(52):
        site.clock.advance(minutes=14)
        statuses.append((await renew(browser, token, active="1")).status_code)
    assert statuses == [200] * 51 + [401]
