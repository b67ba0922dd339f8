"""The lines of GovSSO's acceptance list that need another service, other keys, other addresses."""

import base64
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.auth import GovssoClient, GovssoLog, Registration
from portal.auth.govsso.errors import GovssoRefused, GovssoUnavailable
from portal.clock import FixedClock
from portal.crypto import KeyRing
from portal.db import Database
from portal.demo.govsso import Govsso, GovssoSettings, create_govsso
from portal.demo.people import AINO, MARI_LIIS, PEOPLE
from tests.portal.auth.site import SECRET, Browser, Site, on_one_store, open_site, query, signing_keys
from tests.portal.auth.test_govsso_log import written
from tests.portal.auth.test_leaving import logout_claims
from tests.portal.auth.test_renewing import renew, row
from tests.portal.auth.test_signing_in import sessions
from tests.serving import free_port, serving_beside

pytestmark = pytest.mark.anyio


# --- another service in the same browser


async def enter_another_service(site: Site, browser: Browser) -> dict[str, Any]:
    """Sign in to the other service in this browser; gives its token answer."""
    asked = (
        f"{site.govsso.settings.issuer}oauth2/auth?response_type=code&client_id=other&scope=openid"
        f"&redirect_uri={site.url}/other&state=a-long-state&nonce=n"
    )
    page = await browser.get(asked)
    answer = await browser.press(
        page,
        follow=False,
        **(
            {"choice": "continue"}
            if "choice" in page.text
            else {"person": MARI_LIIS.code, "method": "idcard"}
        ),
    )
    code = query(answer.headers["location"])["code"]
    async with httpx2.AsyncClient(auth=("other", "other")) as client:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{site.url}/other"}
        tokens = await client.post(f"{site.govsso.settings.issuer}oauth2/token", data=fields)
    return dict(tokens.json())


@pytest.mark.acceptance("continued")
async def test_a_session_begun_in_another_service_is_continued_here(site: Site, browser: Browser) -> None:
    await enter_another_service(site, browser)
    page = await browser.get("/et/drafts/1/step")
    assert page.url.path == "/login/init"
    page = await browser.press(page, choice="continue")
    assert page.url.path == "/et/drafts/1/step"
    assert page.json()["name"] == "Mari-Liis Männik"
    assert len(site.govsso.state.sessions) == 1


@pytest.mark.acceptance("continued")
async def test_who_signs_in_anew_instead_is_somebody_else_here_and_out_there(
    site: Site, browser: Browser
) -> None:
    await enter_another_service(site, browser)
    page = await browser.press(await browser.get("/et/inbox"), choice="again")
    page = await browser.press(page, person=AINO.code, method="idcard")
    assert page.json()["name"] == "Aino Männik"
    assert [one.ended for one in site.govsso.state.sessions.values()] == [True, False]


@pytest.mark.acceptance("logout-elsewhere")
@pytest.mark.parametrize(("choice", "status"), [("all", 401), ("continue", 200)])
async def test_logging_out_in_another_service_ends_the_session_here_if_the_person_says_so(
    site: Site, browser: Browser, choice: str, status: int
) -> None:
    await browser.sign_in()
    there = await enter_another_service(site, browser)
    out = {"id_token_hint": there["id_token"], "post_logout_redirect_uri": f"{site.url}/other"}
    asked = await browser.post(f"{site.govsso.settings.issuer}oauth2/sessions/logout", out)
    await browser.press(asked, follow=False, choice=choice)
    assert (await browser.get("/et/inbox")).status_code == status


@pytest.mark.acceptance("logout-with-others")
@pytest.mark.parametrize("choice", ["all", "continue"])
async def test_logging_out_here_asks_about_the_others_and_ends_here_at_any_rate(
    site: Site, browser: Browser, choice: str
) -> None:
    await browser.sign_in()
    await enter_another_service(site, browser)
    asked = await browser.press(await browser.post("/auth/logout", await browser.csrf()))
    assert "Teine teenus" in asked.text
    back = await browser.press(asked, choice=choice)
    assert back.url.path == "/auth/logged-out"
    assert (await browser.get("/et/inbox", follow=False)).status_code == 303
    (session,) = site.govsso.state.sessions.values()
    assert session.ended is (choice == "all")


# --- tokens and codes that do not belong together


@pytest.mark.acceptance("mixed-up")
async def test_a_code_of_another_sign_in_lets_nobody_in(site: Site, browser: Browser) -> None:
    victim = site.browser()
    mine, theirs = await browser.callback(AINO), await victim.callback(MARI_LIIS)
    mixed = f"{site.url}/auth/callback?code={query(theirs)['code']}&state={query(mine)['state']}"
    assert (await browser.get(mixed)).status_code == 400
    assert await sessions(site) == 0


@pytest.mark.acceptance("mixed-up")
async def test_the_id_token_of_another_sign_in_lets_nobody_in(site: Site, browser: Browser) -> None:
    await site.browser().sign_in(AINO)
    foreign = str((await row(site)).id_token)
    site.govsso.faults.mangle = lambda _: foreign
    assert (await browser.sign_in()).status_code == 400
    assert await sessions(site) == 1


@pytest.mark.acceptance("mixed-up", "same-person")
async def test_the_id_token_of_another_session_ends_the_one_that_is_renewed(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(seconds=1)
    other = site.browser()
    await other.sign_in(AINO)
    foreign = str((await row(site)).id_token)
    site.clock.advance(minutes=13)
    site.govsso.faults.mangle = lambda _: foreign
    assert (await renew(browser, token)).status_code == 401
    assert (await other.get("/et/inbox")).json()["name"] == "Aino Männik"


# --- renewal


@pytest.mark.acceptance("token-inactive")
async def test_a_spent_refresh_token_is_answered_token_inactive_and_the_session_ends(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    for grant in site.govsso.state.refresh_tokens.values():
        grant.spent = True
    site.clock.advance(minutes=13)
    assert (await renew(browser, token)).status_code == 401
    assert (await written(site))[-1]["outcome"] == "GovssoRefused: token_inactive"
    assert (await row(site)).ended_reason == "refused"


@pytest.mark.acceptance("renewal-retried")
async def test_after_the_end_nothing_is_tried_any_more(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.govsso.faults.down = True
    for _ in range(2):
        site.clock.advance(minutes=7)
        assert (await renew(browser, token)).status_code == 503
    site.clock.advance(minutes=1)
    site.govsso.faults.clear()
    assert (await renew(browser, token)).status_code == 401
    assert [entry["kind"] for entry in await written(site)].count("session_update_request") == 2


@pytest.mark.acceptance("renewal-serialized", "parallel")
async def test_each_renewal_spends_the_token_of_the_one_before(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    for _ in range(4):
        site.clock.advance(minutes=13)
        assert (await renew(browser, token, active="1")).status_code == 200
    assert [grant.spent for grant in site.govsso.state.refresh_tokens.values()] == [True] * 4 + [False]


@pytest.mark.acceptance("renewal-refused", "tabs")
async def test_leaving_in_one_tab_is_leaving_in_all(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    old = browser.cookie()
    await browser.post("/auth/logout", token)
    answer = await site.browser().post(
        "/auth/renew", token, follow=False, accept="application/json", cookie=f"uks_session={old}"
    )
    assert (answer.status_code, answer.json()) == (401, {"reason": "ended"})


# --- keys and clocks


@pytest.mark.acceptance("key-rotation")
async def test_an_unknown_key_makes_us_fetch_the_keys_once_and_no_more(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    assert site.govsso.state.keys_fetched == 1
    site.clock.advance(minutes=1)
    site.govsso.keys.rotate()
    await site.browser().sign_in(AINO)
    assert site.govsso.state.keys_fetched == 2
    await site.browser().sign_in(AINO)
    assert site.govsso.state.keys_fetched == 2


@pytest.mark.acceptance("key-rotation")
async def test_a_renewal_under_a_new_key_is_no_end(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    site.govsso.keys.rotate()
    site.govsso.keys.rotate()
    assert (await renew(browser, token)).status_code == 200


@on_one_store
@pytest.mark.acceptance("clock", "expiry")
@pytest.mark.parametrize(
    ("claims", "status"),
    [({"iat": 30}, 200), ({"iat": 31}, 400), ({"exp": -29}, 401), ({"exp": -30}, 400), ({"exp": 0}, 401)],
)
async def test_half_a_minute_is_forgiven_when_judging_and_nothing_when_the_session_ends(
    site: Site, browser: Browser, claims: dict[str, int], status: int
) -> None:
    now = int(site.clock.now().timestamp())
    site.govsso.faults.tamper = {name: now + seconds for name, seconds in claims.items()}
    assert (await browser.sign_in()).status_code == status


# --- who comes


@pytest.mark.acceptance("eidas")
@pytest.mark.parametrize("method", ["eidas", "eIDAS"])
@pytest.mark.parametrize("sub", ["CA12345", "LV/EE/7c9f-0d1e:åß", "FI" + "9" * 200])
async def test_a_person_whose_code_is_no_isikukood_comes_in_and_stays(
    site: Site, browser: Browser, sub: str, method: str
) -> None:
    site.govsso.faults.tamper = {"sub": sub, "amr": [method]}
    page = await browser.press(await browser.to_govsso(), person=MARI_LIIS.code, method="eidas_high")
    assert page.json()["name"] == "Mari-Liis Männik"
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    assert (await renew(browser, token)).status_code == 200
    assert (await row(site)).amr == method
    assert (await written(site, sub=sub))[0]["kind"] == "token_answer"


@on_one_store
@pytest.mark.acceptance("eidas", "low-acr")
@pytest.mark.parametrize("method", ["eidas_substantial", "eidas_low"])
async def test_the_service_itself_lets_nobody_in_below_the_level_we_ask_for(
    site: Site, browser: Browser, method: str
) -> None:
    page = await browser.press(await browser.to_govsso(), person=MARI_LIIS.code, method=method)
    assert page.status_code == 422
    assert await sessions(site) == 0


@on_one_store
@pytest.mark.acceptance("eidas")
async def test_an_installation_may_let_lower_levels_in(
    database: Database, keys: KeyRing, clock: FixedClock
) -> None:
    async with open_site(database, keys, clock, min_acr="substantial") as site:
        browser = site.browser()
        page = await browser.press(
            await browser.to_govsso(), person=MARI_LIIS.code, method="eidas_substantial"
        )
        assert page.json()["name"]
        site.govsso.faults.tamper = {"acr": "low"}
        assert (await site.browser().sign_in(AINO)).status_code == 400


# --- languages


@pytest.mark.acceptance("languages")
@pytest.mark.parametrize(
    ("lang", "choose", "out"),
    [
        ("et", "Kellena sisse logida?", "Olete välja logitud"),
        ("en", "Whom do you sign in as?", "You have been logged out"),
        ("ru", "От чьего имени войти?", "Вы вышли из системы"),
    ],
)
async def test_the_language_goes_to_govsso_and_comes_back(
    site: Site, browser: Browser, lang: str, choose: str, out: str
) -> None:
    page = await browser.to_govsso(f"/{lang}/inbox")
    assert choose in page.text
    page = await browser.press(page, person=MARI_LIIS.code, method="idcard")
    assert page.url.path == f"/{lang}/inbox"
    await enter_another_service(site, browser)
    token = {"csrf_token": page.json()["csrf"]}
    asked = await browser.press(await browser.post("/auth/logout", token, referer=f"{site.url}/{lang}/inbox"))
    assert out in asked.text
    back = await browser.press(asked, choice="all")
    assert f'<html lang="{lang}">' in back.text


# --- the client's data


@on_one_store
@pytest.mark.acceptance("basic-auth")
async def test_a_secret_that_is_not_form_encoded_would_be_refused(site: Site, browser: Browser) -> None:
    code = query(await browser.callback())["code"]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{site.url}/auth/callback"}
    raw = base64.b64encode(f"uks-demo:{SECRET}".encode()).decode()
    async with httpx2.AsyncClient() as client:
        answer = await client.post(
            f"{site.govsso.settings.issuer}oauth2/token",
            data=fields,
            headers={"Authorization": f"Basic {raw}"},
        )
    assert answer.status_code == 400
    assert "not properly encoded" in answer.json()["error_description"]


@on_one_store
@pytest.mark.acceptance("discovery", "issuer")
@pytest.mark.parametrize("issuer", ["http://127.0.0.1", "http://evil.example/", ""])
async def test_the_document_of_another_issuer_is_not_believed(
    site: Site, browser: Browser, issuer: str
) -> None:
    site.govsso.settings = replace(site.govsso.settings, issuer=issuer)
    assert (await browser.get("/auth/login?lang=et")).status_code == 503


@on_one_store
@pytest.mark.acceptance("cookies")
async def test_no_cookie_ever_holds_a_token(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.clock.advance(minutes=13)
    await renew(browser, await browser.csrf())
    ours = {one.name: one for one in browser.client.cookies.jar if one.name.startswith(("uks_s", "__Host-"))}
    assert set(ours) == {"uks_session", "uks_signin"}
    assert all(len(one.value or "") == 43 for one in ours.values())
    assert all(one.expires is None for one in ours.values()), "none outlives the browser"


# --- addresses


async def _call(site: Site, **headers: str) -> int:
    token = site.govsso.keys.sign(await logout_claims(site))
    async with httpx2.AsyncClient() as client:
        answer = await client.post(
            f"{site.url}/auth/backchannel-logout", data={"logout_token": token}, headers=headers
        )
    return answer.status_code


@on_one_store
@pytest.mark.acceptance("logout-addresses")
@pytest.mark.parametrize(
    ("proxies", "forwarded", "status"),
    [
        ("", "195.80.127.38", 403),
        ("10.0.0.0/8", "195.80.127.38", 403),
        ("127.0.0.0/8,::1", "195.80.127.38", 200),
        ("127.0.0.0/8,::1", "203.0.113.9", 403),
        ("127.0.0.0/8,::1", "195.80.127.38, 203.0.113.9", 403),
        ("127.0.0.0/8,::1", "203.0.113.9, 195.80.127.38", 200),
        ("127.0.0.0/8,::1", "195.80.127.38, 127.0.0.7", 200),
    ],
)
async def test_behind_a_proxy_that_is_trusted_the_address_that_it_names_counts(
    database: Database, keys: KeyRing, clock: FixedClock, proxies: str, forwarded: str, status: int
) -> None:
    only = [ip_network("195.80.127.38/32")]
    async with open_site(database, keys, clock, logout_from=only, proxies=proxies) as site:
        browser = site.browser()
        await browser.sign_in()
        assert await _call(site, **{"X-Forwarded-For": forwarded}) == status
        assert (await browser.get("/et/inbox")).status_code == (401 if status == 200 else 200)


@on_one_store
@pytest.mark.acceptance("egress")
@pytest.mark.parametrize(("own", "well"), [("127.0.0.2", True), ("127.0.0.3", False), (None, False)])
async def test_calls_leave_from_the_address_that_is_registered(
    site: Site, database: Database, own: str | None, well: bool
) -> None:
    first, *others = site.govsso.settings.clients
    bound = replace(first, token_addresses=frozenset({"127.0.0.2"}))
    site.govsso.settings = replace(site.govsso.settings, clients=[bound, *others])
    registration = replace(site.auth.govsso.registration, own_address=own)
    client = GovssoClient(registration, site.clock, GovssoLog(database, site.clock))
    browser = site.browser()
    back = await browser.callback()
    with pytest.raises(GovssoRefused) as refused:
        await client.exchange(query(back)["code"], verifier="not-the-one", nonce="n")
    # Who may not call at all is told so before the code is looked at.
    assert refused.value.code == ("invalid_grant" if well else "unauthorized_client")


# --- whom we trust


def certificate(name: str, folder: Path, signer: tuple[Any, Any] | None = None) -> tuple[Any, Any]:
    """Make a certificate, signed by another or by itself, and leave it in a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[0].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((signer[1] if signer else key).public_key()),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, signer is None, signer is None, False, False),
            critical=True,
        )
        .sign(signer[1] if signer else key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / f"{name}.pem").write_bytes(made.public_bytes(pem))
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / f"{name}.key").write_bytes(private)
    return made, key


@on_one_store
@pytest.mark.acceptance("trust-roots")
@pytest.mark.parametrize(("trusted", "well"), [("root", True), ("another", False), (None, False)])
async def test_govsso_is_believed_under_the_named_roots_alone(
    database: Database, clock: FixedClock, tmp_path: Path, trusted: str | None, well: bool
) -> None:
    root = certificate("root", tmp_path)
    certificate("another", tmp_path)
    certificate("server", tmp_path, root)
    port = free_port()
    issuer = f"https://127.0.0.1:{port}/"
    govsso = Govsso(GovssoSettings(issuer, [], PEOPLE, clock), signing_keys())
    ca = tmp_path / f"{trusted}.pem" if trusted else None
    client = GovssoClient(
        Registration(issuer, "uks-demo", SECRET, "https://uks.test", ca=ca), clock, GovssoLog(database, clock)
    )
    asked = {"state": "s" * 43, "nonce": "n", "verifier": "v", "lang": "et"}
    tls = {"ssl_certfile": tmp_path / "server.pem", "ssl_keyfile": str(tmp_path / "server.key")}
    with serving_beside(create_govsso(govsso.settings, govsso), port, log_level="critical", **tls):
        if well:
            assert (await client.authorization_url(**asked)).startswith(f"{issuer}oauth2/auth?")
        else:
            with pytest.raises(GovssoUnavailable):
                await client.authorization_url(**asked)


def test_a_file_of_roots_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_text("nothing")
    with pytest.raises(ssl.SSLError):
        GovssoClient(
            Registration("https://x/", "c", "s", "https://u", ca=tmp_path / "roots.pem"),
            FixedClock(datetime(2026, 11, 17, tzinfo=UTC)),
            None,  # type: ignore[arg-type]  # it never comes to it
        )


@pytest.mark.acceptance("logo")
def test_the_logo_that_ria_registers_is_small_enough_for_its_pages() -> None:
    logo = Path(__file__).parents[3] / "portal" / "static" / "built" / "mark.svg"
    assert 0 < logo.stat().st_size < 100 * 1024
