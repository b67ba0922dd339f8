"""Signing in against the GovSSO simulator, over real HTTP."""

import base64
import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import func, select, text
from starlette.responses import Response

from portal.auth.cookies import Cookies, new_secret
from portal.auth.tables import SessionRow, SignInRow
from portal.demo.people import AINO, MARI_LIIS, MARY_ANN
from tests.portal.auth.site import Browser, Site, on_one_store, query

pytestmark = pytest.mark.anyio


async def sessions(site: Site) -> int:
    async with site.db.read() as session:
        return await session.scalar(select(func.count()).select_from(SessionRow)) or 0


@pytest.mark.acceptance("sign-in", "basic-auth")
async def test_a_closed_page_leads_to_govsso_and_back_to_the_very_page(site: Site, browser: Browser) -> None:
    page = await browser.sign_in(path="/et/drafts/1/step?a=1")
    assert str(page.url) == f"{site.url}/et/drafts/1/step?a=1"
    assert page.json()["name"] == "Mari-Liis Männik"


async def test_the_request_carries_everything_govsso_asks_for(browser: Browser) -> None:
    answer = await browser.get("/auth/login?lang=ru", follow=False)
    asked = query(answer.headers["location"])
    assert {name: asked[name] for name in ("response_type", "scope", "acr_values", "ui_locales")} == {
        "response_type": "code",
        "scope": "openid",
        "acr_values": "high",
        "ui_locales": "ru",
    }
    assert len(asked["state"]) == len(asked["nonce"]) == 43
    assert asked["code_challenge_method"] == "S256"
    assert not {"prompt", "id_token_hint", "claims"} & asked.keys()


@pytest.mark.acceptance("cookies")
async def test_the_cookie_is_unreadable_to_scripts_and_only_its_index_is_stored(
    site: Site, browser: Browser
) -> None:
    answer = await browser.get(await browser.callback(), follow=False)
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"uks_session=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", cookie)
    token = cookie[len("uks_session=") :][:43]
    async with site.db.read() as session:
        rows = (await session.execute(text("SELECT * FROM session"))).all()
    stored = b"".join(value for value in rows[0] if isinstance(value, bytes)) + repr(rows[0]).encode()
    for secret in (token, MARI_LIIS.code, "Männik", "ory_rt_", "eyJ"):
        assert secret.encode() not in stored


async def test_a_name_with_every_odd_letter_comes_through(browser: Browser) -> None:
    assert (await browser.sign_in(MARY_ANN)).json()["name"] == "Mary Änn O’Connež-Šuslik Testnumber"


@on_one_store
@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil",
        "javascript:1",
        "/auth/logout",
    ],
)
async def test_a_sign_in_never_leads_away_from_the_portal(site: Site, browser: Browser, path: str) -> None:
    page = await browser.sign_in(path=f"/auth/login?return_to={quote(path)}&lang=et")
    assert str(page.url) == f"{site.url}/et/inbox"


@pytest.mark.acceptance("tabs")
async def test_two_tabs_may_sign_in_at_once(site: Site, browser: Browser) -> None:
    first, second = await browser.to_govsso("/et/inbox"), await browser.to_govsso("/et/drafts/1/step")
    done = await browser.press(second, person=MARI_LIIS.code, method="idcard")
    assert done.url.path == "/et/drafts/1/step"
    done = await browser.press(first, person=MARI_LIIS.code, method="idcard")
    assert done.url.path == "/et/inbox"


async def test_every_sign_in_makes_a_new_session_and_the_old_cookie_is_worthless(
    site: Site, browser: Browser
) -> None:
    first, second = await browser.to_govsso(), await browser.to_govsso()
    await browser.press(first, person=MARI_LIIS.code, method="idcard")
    old = browser.cookie()
    await browser.press(second, person=MARI_LIIS.code, method="idcard")
    assert old
    assert browser.cookie() != old
    browser.client.cookies.clear()
    assert (await browser.get("/et/inbox", follow=False, Cookie=f"uks_session={old}")).status_code == 401


async def test_a_cookie_set_by_somebody_else_does_not_become_a_session(browser: Browser) -> None:
    planted = "A" * 43
    browser.client.cookies.set("uks_session", planted, domain="localhost.local")
    await browser.sign_in()
    answer = await browser.site.browser().get("/et/inbox", follow=False, Cookie=f"uks_session={planted}")
    assert answer.status_code == 303


@pytest.mark.acceptance("state")
async def test_the_state_works_once_and_only_in_the_browser_it_began_in(site: Site, browser: Browser) -> None:
    address = await browser.callback()
    stranger = await site.browser().get(address, follow=False)
    assert stranger.status_code == 400
    assert "Sisselogimine ei õnnestunud" in stranger.text
    assert (await browser.get(address)).json()["name"] == "Mari-Liis Männik"
    again = await browser.get(address, follow=False)
    assert again.headers["location"] == "/et/inbox", "the tab that came second just goes on"
    assert await sessions(site) == 1


@pytest.mark.acceptance("state")
async def test_a_forged_state_is_refused(browser: Browser) -> None:
    address = await browser.callback()
    forged = re.sub(r"state=[\w-]+", "state=" + "x" * 43, address)
    assert (await browser.get(forged, follow=False)).status_code == 400


async def test_a_start_is_forgotten_after_an_hour(site: Site, browser: Browser) -> None:
    address = await browser.callback()
    site.clock.advance(hours=1)
    assert (await browser.get(address, follow=False)).status_code == 400


@pytest.mark.acceptance("user-cancel")
async def test_turning_back_at_govsso_is_no_error(site: Site, browser: Browser) -> None:
    page = await browser.press(await browser.to_govsso(), cancel="1")
    assert page.status_code == 200
    assert "Te ei loginud sisse" in page.text
    assert "tedi-alert" not in page.text
    assert page.text.count("<h1>") == 1


async def test_an_error_with_a_forged_state_shows_nothing_of_itself(browser: Browser) -> None:
    page = await browser.get("/auth/callback?error=user_cancel&error_description=<b>x&state=nope")
    assert page.status_code == 400
    assert "<b>x" not in page.text


async def test_govssos_own_trouble_is_told_as_an_outage(site: Site, browser: Browser) -> None:
    asked = query((await browser.get("/auth/login?lang=et", follow=False)).headers["location"])
    page = await browser.get(f"/auth/callback?error=temporarily_unavailable&state={asked['state']}")
    assert page.status_code == 503
    assert "GovSSO ei vasta" in page.text


@pytest.mark.acceptance("unavailable")
@on_one_store
@pytest.mark.parametrize("lang", ["et", "en", "ru"])
async def test_govsso_down_is_said_with_what_still_works(site: Site, browser: Browser, lang: str) -> None:
    site.govsso.faults.down = True
    page = await browser.get(f"/auth/login?lang={lang}")
    assert page.status_code == 503
    assert page.headers["retry-after"] == "60"
    assert f'<html lang="{lang}">' in page.text
    assert f'href="/{lang}/services"' in page.text
    site.govsso.faults.clear()
    assert (await browser.get("/auth/login?lang=et")).url.path == "/tara/authorize", "no restart is needed"


async def test_govsso_failing_at_the_last_step_is_said_too(site: Site, browser: Browser) -> None:
    address = await browser.callback()
    site.govsso.faults.token_status = 500
    assert (await browser.get(address)).status_code == 503
    assert await sessions(site) == 0


def resigned(token: str) -> str:
    """Sign the same words with another key under the same name."""
    head, body, _ = token.split(".")
    kid = json.loads(base64.urlsafe_b64decode(head + "=="))["kid"]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return jwt.encode({"alg": "RS256", "kid": kid}, claims, RSAKey.generate_key(2048))


def unsigned(token: str) -> str:
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"x"}').rstrip(b"=").decode()
    return f"{none}.{token.split('.')[1]}."


def bad(what: str, claims: dict[str, Any], *marks: pytest.MarkDecorator) -> Any:
    return pytest.param(claims, id=what, marks=marks)


BAD_CLAIMS = [
    bad("another issuer", {"iss": "http://evil.example/"}, pytest.mark.acceptance("issuer")),
    bad("the issuer without its slash", {"iss": "http://127.0.0.1"}, pytest.mark.acceptance("issuer")),
    bad("another audience", {"aud": ["other"]}, pytest.mark.acceptance("audience")),
    bad(
        "another audience for which we are authorised",
        {"aud": ["other"], "azp": "uks-demo"},
        pytest.mark.acceptance("audience"),
    ),
    bad("two audiences", {"aud": ["uks-demo", "other"]}, pytest.mark.acceptance("audience")),
    bad("another authorised party", {"azp": "other"}, pytest.mark.acceptance("audience")),
    bad("expired", {"exp": 1}, pytest.mark.acceptance("expiry")),
    bad("from the future", {"iat": 2_000_000_000}, pytest.mark.acceptance("expiry")),
    bad("a lower level", {"acr": "low"}, pytest.mark.acceptance("low-acr")),
    bad("an unknown level", {"acr": "highest"}, pytest.mark.acceptance("low-acr")),
    bad("another nonce", {"nonce": "x"}, pytest.mark.acceptance("nonce")),
    bad("another access token", {"at_hash": "x"}),
    bad("a number for a person", {"sub": 38001085718}),
    bad("an endless sid", {"sid": "x" * 300}),
    bad("a text for a time", {"exp": "2030-01-01"}),
]


@on_one_store
@pytest.mark.parametrize("claims", BAD_CLAIMS)
async def test_a_token_that_says_this_is_refused(
    site: Site, browser: Browser, claims: dict[str, Any]
) -> None:
    site.govsso.faults.tamper = claims
    page = await browser.sign_in()
    assert page.status_code == 400
    assert "Sisselogimine ei õnnestunud" in page.text
    assert await sessions(site) == 0
    assert browser.cookie() is None


@on_one_store
@pytest.mark.parametrize("claim", ["iss", "aud", "exp", "iat", "sub", "nonce", "acr", "sid"])
async def test_a_token_without_this_is_refused(site: Site, browser: Browser, claim: str) -> None:
    site.govsso.faults.remove = [claim]
    assert (await browser.sign_in()).status_code == 400


@pytest.mark.acceptance("signature")
@on_one_store
@pytest.mark.parametrize("mangle", [resigned, unsigned, lambda token: token[:-4] + "AAAA", lambda _: "x.y.z"])
async def test_a_token_with_a_bad_signature_is_refused(site: Site, browser: Browser, mangle: Any) -> None:
    site.govsso.faults.mangle = mangle
    assert (await browser.sign_in()).status_code == 400
    assert await sessions(site) == 0


@pytest.mark.acceptance("clock")
async def test_a_clock_half_a_minute_off_is_forgiven(site: Site, browser: Browser) -> None:
    now = int(site.clock.now().timestamp())
    site.govsso.faults.tamper = {"iat": now + 25}
    assert (await browser.sign_in()).json()["name"]


@pytest.mark.acceptance("low-acr")
async def test_a_low_level_is_explained(site: Site, browser: Browser) -> None:
    site.govsso.faults.tamper = {"acr": "low"}
    assert "tugevamat autentimist" in (await browser.sign_in()).text


@pytest.mark.acceptance("key-rotation")
async def test_a_new_signing_key_is_fetched_by_itself(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.govsso.keys.rotate()
    site.govsso.keys.rotate()
    assert (await site.browser().sign_in(AINO)).json()["name"] == "Aino Männik"


@pytest.mark.acceptance("issuer")
async def test_an_answer_that_names_another_issuer_is_refused(site: Site, browser: Browser) -> None:
    site.govsso.faults.callback_iss = "http://evil.example/"
    assert (await browser.sign_in()).status_code == 400
    site.govsso.faults.callback_iss = site.govsso.settings.issuer
    assert (await site.browser().sign_in()).json()["name"]


async def test_a_code_that_came_too_late_asks_to_try_again(site: Site, browser: Browser) -> None:
    address = await browser.callback()
    site.clock.advance(seconds=31)
    page = await browser.get(address)
    assert page.status_code == 400
    assert "Proovige uuesti" in page.text
    assert query(address)["code"] not in page.text, "no link repeats it"


async def test_who_is_signed_in_is_not_asked_again(browser: Browser) -> None:
    await browser.sign_in()
    answer = await browser.get("/auth/login?return_to=/et/drafts/1/step", follow=False)
    assert answer.headers["location"] == "/et/drafts/1/step"


async def test_a_flood_of_starts_from_one_address_is_stopped(site: Site, browser: Browser) -> None:
    answers = [(await browser.get("/auth/login?lang=et", follow=False)).status_code for _ in range(61)]
    assert answers == [303] * 60 + [429]
    site.clock.advance(minutes=10)
    assert (await browser.get("/auth/login?lang=et", follow=False)).status_code == 303
    async with site.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(SignInRow)) == 61


async def test_a_page_asks_the_database_once_for_its_session(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    said: list[str] = []
    site.db.hear(said.append)
    await browser.get("/et/inbox")
    assert len(said) == 1
    assert "token_hash" in said[0]


@pytest.mark.acceptance("cookies")
async def test_the_cookies_are_bound_to_the_host_outside_the_demo() -> None:
    response = Response()
    Cookies(secure=True).set_session(response, new_secret())
    assert re.fullmatch(
        r"__Host-uks_session=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure",
        response.headers["set-cookie"],
    )
