"""Logging out: here, at GovSSO, and from elsewhere."""

import base64
import json
import uuid
from collections.abc import AsyncIterator
from ipaddress import ip_network
from typing import Any

import httpx2
import pytest

from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database
from portal.demo.govsso.control import LOGOUT_EVENT
from portal.demo.govsso.keys import SigningKeys
from portal.demo.people import AINO, MARI_LIIS
from tests.portal.auth.site import Browser, Site, on_one_store, open_site
from tests.portal.auth.test_renewing import row

pytestmark = pytest.mark.anyio


def body(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


async def post(site: Site, token: str) -> httpx2.Response:
    async with httpx2.AsyncClient() as client:
        return await client.post(f"{site.url}/auth/backchannel-logout", data={"logout_token": token})


async def logout_claims(site: Site, **changed: Any) -> dict[str, Any]:
    """Make what a logout token of the session in the table says."""
    sid = next(iter(site.govsso.state.sessions))
    return {
        "iss": site.govsso.settings.issuer,
        "aud": ["uks-demo"],
        "iat": int(site.clock.now().timestamp()),
        "jti": str(uuid.uuid4()),
        "events": {LOGOUT_EVENT: {}},
        "sid": sid,
    } | changed


# --- logging out here


@pytest.mark.acceptance("logout-alone")
async def test_logging_out_ends_the_portals_session_before_govssos(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.govsso.faults.down = True
    site.clock.advance(seconds=16)
    page = await browser.post("/auth/logout", token)
    assert (await row(site)).ended_reason == "logout"
    assert "Riigi autentimisteenus ei vasta" in page.text
    assert browser.cookie() is None


@pytest.mark.acceptance("logout-alone")
async def test_logging_out_goes_on_to_govsso_by_a_posted_form_and_comes_back(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    page = await browser.post("/auth/logout", await browser.csrf(), referer=f"{site.url}/ru/inbox")
    assert "data-autosubmit" in page.text
    assert '<html lang="ru">' in page.text
    assert "?id_token_hint" not in page.text
    back = await browser.press(page)
    assert back.url.path == "/auth/logged-out"
    assert '<html lang="ru">' in back.text
    assert not [one for one in site.govsso.state.sessions.values() if one.alive(site.clock.now())]


async def test_only_the_page_that_posts_to_govsso_may_post_there(site: Site, browser: Browser) -> None:
    inbox = await browser.sign_in()
    page = await browser.post("/auth/logout", await browser.csrf())
    origin = site.govsso.settings.issuer.rstrip("/")
    assert f"form-action 'self' {origin};" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert origin not in inbox.headers["content-security-policy"]


@pytest.mark.acceptance("logout-stolen-cookie")
async def test_a_stolen_cookie_is_worthless_after_logging_out(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    stolen = browser.cookie()
    await browser.post("/auth/logout", await browser.csrf())
    thief = await site.browser().get("/et/inbox", follow=False, cookie=f"uks_session={stolen}")
    assert thief.status_code == 401


async def test_another_sites_form_cannot_log_a_person_out(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    assert (await browser.post("/auth/logout", {"csrf_token": "x"})).status_code == 403
    assert (await row(site)).ended_at is None


@pytest.mark.acceptance("logout-with-others")
async def test_with_another_service_linked_the_person_may_stay_there(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    other = site.govsso.settings.clients[1]
    next(iter(site.govsso.state.sessions.values())).clients.append(other)
    asked = await browser.press(await browser.post("/auth/logout", await browser.csrf()))
    assert "Teine teenus" in asked.text
    back = await browser.press(asked, choice="continue")
    assert back.url.path == "/auth/logged-out"


async def test_logging_out_twice_is_no_error(browser: Browser) -> None:
    assert (await browser.post("/auth/logout", {})).status_code == 200


async def test_the_page_after_logging_out_leads_only_to_pages_of_ours(site: Site, browser: Browser) -> None:
    coded = base64.urlsafe_b64encode(b"https://evil.example/").decode()
    page = await browser.get(f"/auth/logged-out?state=et.idle.{coded}")
    assert "evil" not in page.text
    assert (await browser.get("/auth/logged-out?state=%00.x.y")).status_code == 200


# --- a session that ran out


@pytest.mark.acceptance("end-exact")
async def test_a_session_that_ran_out_is_logged_out_of_govsso_too(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.clock.advance(minutes=15)
    over = await browser.get("/et/drafts/1/step")
    assert over.status_code == 401
    assert (await row(site)).ended_reason == "expired"
    back = await browser.press(over)
    assert back.url.path == "/auth/logged-out"
    assert "Seansi aeg sai läbi" in back.text
    assert "return_to=%2Fet%2Fdrafts%2F1%2Fstep" in back.text


async def test_a_script_is_told_in_json_that_the_session_is_over(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.clock.advance(minutes=15)
    answer = await browser.get("/et/inbox", accept="application/json")
    assert (answer.status_code, answer.json()) == (401, {"reason": "ended"})


# --- the back channel


@pytest.mark.acceptance("logout-elsewhere")
async def test_logging_out_elsewhere_logs_out_here(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    await site.govsso.end_session(next(iter(site.govsso.state.sessions.values())))
    page = await browser.get("/et/inbox")
    assert page.status_code == 401
    assert "teises riigi teenuses" in page.text
    assert (await row(site)).ended_reason == "govsso"


@pytest.mark.acceptance("logout-by-sub")
async def test_a_logout_token_with_only_a_person_ends_all_their_sessions(
    site: Site, browser: Browser
) -> None:
    second, other = site.browser(), site.browser()
    await browser.sign_in()
    await second.sign_in()
    await other.sign_in(AINO)
    await site.govsso.end_sessions_of(MARI_LIIS.code)
    assert [(await one.get("/et/inbox")).status_code for one in (browser, second, other)] == [401, 401, 200]


async def test_a_good_token_is_answered_200_without_a_cookie_or_a_store(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    answer = await post(site, site.govsso.keys.sign(await logout_claims(site)))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers


async def test_a_session_we_do_not_know_is_answered_200_as_well(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    for changed in ({"sid": "unknown"}, {"sub": "EE36807199976"}, {"sub": "EE36807199976", "sid": "x"}):
        claims = await logout_claims(site, **changed)
        assert (await post(site, site.govsso.keys.sign(claims))).status_code == 200
    assert (await row(site)).ended_at is None


async def test_a_sid_with_anothers_person_ends_nothing(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    await site.browser().sign_in(AINO)
    claims = await logout_claims(site, sub=AINO.code)
    assert (await post(site, site.govsso.keys.sign(claims))).status_code == 200
    assert (await browser.get("/et/inbox")).status_code == 200


@pytest.mark.acceptance("logout-replay")
async def test_a_logout_token_is_obeyed_once(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = site.govsso.keys.sign(await logout_claims(site))
    assert [(await post(site, token)).status_code for _ in range(2)] == [200, 400]


BAD: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "http://evil.example/"},
    "another audience": {"aud": ["other"]},
    "no event": {"events": {}},
    "an event of another shape": {"events": {LOGOUT_EVENT: "yes"}},
    "a nonce, as an ID Token has": {"nonce": "n"},
    "neither a session nor a person": {"sid": ""},
    "no id of its own": {"jti": ""},
    "an old time": {"iat": 1_700_000_000},
    "a time to come": {"iat": 2_000_000_000},
    "an end that has passed": {"exp": 1_700_000_000},
}


@on_one_store
@pytest.mark.parametrize("changed", BAD.values(), ids=BAD.keys())
async def test_a_logout_token_with_this_is_refused(
    site: Site, browser: Browser, changed: dict[str, Any]
) -> None:
    await browser.sign_in()
    answer = await post(site, site.govsso.keys.sign(await logout_claims(site, **changed)))
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"
    assert (await row(site)).ended_at is None


@on_one_store
@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 100_000, "e30.e30.", "bnVsbA.e30.x"])
async def test_garbage_is_refused(site: Site, token: str) -> None:
    assert (await post(site, token)).status_code == 400


@pytest.mark.acceptance("logout-replay")
async def test_an_id_token_replayed_as_a_logout_token_is_refused(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    assert (await post(site, (await row(site)).id_token)).status_code == 400
    assert body((await row(site)).id_token)["sub"] == MARI_LIIS.code


async def test_a_strangers_keys_make_us_ask_govsso_only_now_and_then(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    stranger = SigningKeys()
    claims = await logout_claims(site)
    answers = [(await post(site, stranger.sign(claims))).status_code for _ in range(5)]
    assert answers == [400] * 5
    site.govsso.faults.down = True
    assert (await post(site, stranger.sign(claims))).status_code == 400, "no question was asked any more"


@pytest.fixture
async def fenced(database: Database, keys: KeyRing, clock: FixedClock) -> AsyncIterator[Site]:
    async with open_site(database, keys, clock, logout_from=[ip_network("195.80.127.0/24")]) as opened:
        yield opened


@pytest.mark.acceptance("logout-addresses")
async def test_only_govssos_addresses_may_call_when_they_are_set(fenced: Site) -> None:
    browser = fenced.browser()
    await browser.sign_in()
    await fenced.govsso.end_session(next(iter(fenced.govsso.state.sessions.values())))
    assert (await post(fenced, "x")).status_code == 403
    assert (await browser.get("/et/inbox")).status_code == 200
