"""What passes between the portal and GovSSO is written down, encrypted and apart (its specification, § 7.4)."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from structlog.testing import capture_logs
from typer.testing import CliRunner

from portal.audit import AuditRow
from portal.auth import forget_old
from portal.auth.govsso.log import GovssoLog, GovssoLogRow, Kind, entries
from portal.cli import app
from portal.clock import FixedClock
from portal.crypto import KeyRing, new_key
from portal.db import Database
from portal.demo.people import AINO, MARI_LIIS
from portal.migrations import upgrade
from tests.portal.auth.site import SECRET, Browser, Site, on_one_store, query
from tests.portal.auth.test_leaving import logout_claims, post
from tests.portal.auth.test_renewing import renew, row

pytestmark = pytest.mark.anyio


async def written(site: Site, *, sub: str | None = None, sid: str | None = None) -> list[dict[str, Any]]:
    async with site.db.read() as session:
        span = site.clock.now() - timedelta(days=1), site.clock.now() + timedelta(days=1)
        return [entry async for entry in entries(session, span[0], span[1], sub=sub, sid=sid)]


async def walk(site: Site, browser: Browser) -> str:
    """Sign in, renew, log out at GovSSO, which tells us so; gives the last ID Token."""
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    await renew(browser, token)
    id_token = str((await row(site)).id_token)
    await browser.press(await browser.post("/auth/logout", token))
    return id_token


@pytest.mark.acceptance("logging-duty")
async def test_everything_that_passes_is_written_down_in_full(site: Site, browser: Browser) -> None:
    id_token = await walk(site, browser)
    log = await written(site)
    assert [(entry["kind"], entry["direction"]) for entry in log] == [
        ("authentication_request", "out"),
        ("authentication_redirect", "in"),
        ("token_request", "out"),
        ("token_answer", "in"),
        ("session_update_request", "out"),
        ("session_update_answer", "in"),
        ("logout_request", "out"),
        ("backchannel_logout", "in"),
        ("logout_redirect", "in"),
    ]
    by_kind = {entry["kind"]: entry for entry in log}
    asked = query(by_kind["authentication_request"]["url"])
    assert asked["nonce"]
    assert asked["redirect_uri"] == f"{site.url}/auth/callback"
    assert query(by_kind["authentication_redirect"]["url"])["state"] == asked["state"]
    assert by_kind["session_update_answer"]["id_token"] == id_token
    assert by_kind["logout_request"]["id_token_hint"] == id_token
    assert by_kind["logout_redirect"]["url"].startswith(f"{site.url}/auth/logged-out?state=")
    assert by_kind["backchannel_logout"]["logout_token"].count(".") == 2


@pytest.mark.acceptance("logging-duty")
async def test_what_could_be_used_in_the_persons_place_is_left_out(site: Site, browser: Browser) -> None:
    await walk(site, browser)
    whole = json.dumps(await written(site))
    secrets = (*site.govsso.state.codes, *site.govsso.state.refresh_tokens)
    assert len(secrets) == 3
    for secret in (*secrets, SECRET, "ory_", "code_verifier", "client_secret"):
        assert secret not in whole
    assert "code=%E2%80%A6" in whole


@pytest.mark.acceptance("logging-duty")
async def test_nothing_of_it_is_readable_in_the_database_or_in_the_ordinary_log(
    site: Site, browser: Browser, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as ordinary:
        id_token = await walk(site, browser)
    said = json.dumps(ordinary, default=str) + caplog.text + "".join(capfd.readouterr())
    async with site.db.read() as session:
        rows = (await session.execute(text("SELECT * FROM govsso_log"))).all()
    stored = b"".join(value for one in rows for value in one if isinstance(value, bytes)).decode(
        "latin-1"
    ) + repr(rows)
    for secret in (id_token, MARI_LIIS.code, "nonce=", "id_token_hint", "code=ory"):
        assert secret not in stored
        assert secret not in said


async def test_the_entries_of_a_person_and_of_a_session_are_found(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    await site.browser().sign_in(AINO)
    sid = next(one.sid for one in site.govsso.state.sessions.values() if one.person == AINO)
    assert len(await written(site, sub=MARI_LIIS.code)) == 1
    assert len(await written(site, sid=sid)) == 1
    assert await written(site, sub="EE38001085718") == []


async def test_a_refusal_and_a_silence_are_written_down_too(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    token = await browser.csrf()
    site.clock.advance(minutes=13)
    site.govsso.faults.refresh_status = 500
    await renew(browser, token)
    site.govsso.faults.clear()
    site.govsso.state.refresh_tokens.clear()
    await renew(browser, token)
    outcomes = [entry["outcome"] for entry in await written(site) if "outcome" in entry]
    assert outcomes == ["GovssoFailed: 500", "GovssoRefused: invalid_grant"]


async def test_a_token_that_is_not_believed_is_written_down_as_it_came(site: Site, browser: Browser) -> None:
    site.govsso.faults.tamper = {"aud": ["other"]}
    await browser.sign_in()
    (answer,) = [entry for entry in await written(site) if entry["kind"] == "token_answer"]
    assert answer["id_token"].count(".") == 2


@on_one_store
async def test_strangers_cannot_fill_the_log(site: Site, browser: Browser) -> None:
    for token in ("x", "a.b.c", "x" * 60_000):
        await post(site, token)
    for _ in range(3):
        await browser.get("/auth/callback?code=x&state=nobodys")
    assert await written(site) == []
    for n in range(70):
        await browser.get(f"/auth/logged-out?state={n}")
    assert len(await written(site)) == 60


async def test_a_logout_token_of_govsso_is_written_down_before_it_is_judged(
    site: Site, browser: Browser
) -> None:
    await browser.sign_in()
    token = site.govsso.keys.sign(await logout_claims(site, aud=["other"]))
    assert (await post(site, token)).status_code == 400
    assert (await written(site))[-1]["logout_token"] == token


async def test_entries_are_deleted_when_their_time_is_over(site: Site, browser: Browser) -> None:
    await browser.sign_in()
    site.clock.advance(days=364)
    async with site.db.write() as tx:
        await forget_old(tx, site.clock.now())
        assert await tx.scalar(select(func.count()).select_from(GovssoLogRow)) == 4
        await forget_old(tx, site.clock.now() + timedelta(days=2), timedelta(days=730))
        assert await tx.scalar(select(func.count()).select_from(GovssoLogRow)) == 4
        await forget_old(tx, site.clock.now() + timedelta(days=2), timedelta(days=365))
        assert await tx.scalar(select(func.count()).select_from(GovssoLogRow)) == 0


# --- reading


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    ring = f"index:{new_key()},k1:{new_key()}"
    url = f"sqlite:///{tmp_path / 'uks.db'}"
    for name, value in {
        "ENV": "test",
        "KEYS": ring,
        "DATABASE_URL": url,
        "FILES_URL": f"file://{tmp_path}",
    }.items():
        monkeypatch.setenv(f"UKS_{name}", value)
    return Database(url, KeyRing.parse(ring))


async def _fill(db: Database) -> None:
    await upgrade(db)
    log = GovssoLog(db, FixedClock(datetime(2026, 11, 17, 12, tzinfo=UTC)))
    await log.write(Kind.LOGOUT_REQUEST, "http://x/out", {"id_token_hint": "a.b.c"}, sub=MARI_LIIS.code)
    await log.write(Kind.AUTHENTICATION_REQUEST, "http://x/auth?state=1", {})
    await db.close()


async def _acts(db: Database) -> list[Any]:
    async with db.read() as session:
        found = (await session.execute(select(AuditRow.act, AuditRow.content))).all()
    await db.close()
    return list(found)


def read(*options: str) -> Any:
    return CliRunner().invoke(app, ["audit", "govsso", *options])


SPAN = ("--since", "2026-11-17", "--until", "2026-11-18")


@pytest.mark.acceptance("logging-duty")
def test_an_operator_reads_it_by_a_command_that_is_itself_recorded(installation: Database) -> None:
    asyncio.run(_fill(installation))
    told = read("--why", "kaebus 12", *SPAN)
    assert told.exit_code == 0
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert [line["kind"] for line in lines] == ["logout_request", "authentication_request"]
    assert lines[0]["id_token_hint"] == "a.b.c"
    assert len(read("--why", "x", *SPAN, "--code", MARI_LIIS.code).stdout.splitlines()) == 1
    assert read("--why", "x", "--since", "2026-11-18", "--until", "2026-11-19").stdout == ""
    acts = asyncio.run(_acts(installation))
    assert [act for act, _ in acts] == ["govsso-log-read"] * 3
    assert acts[0].content["detail"]["why"] == "kaebus 12"


@pytest.mark.parametrize("options", [SPAN, ("--why", " ", *SPAN), ("--why", "x", "--since", "eile")])
def test_without_a_reason_or_a_span_nothing_is_read(installation: Database, options: tuple[str, ...]) -> None:
    asyncio.run(_fill(installation))
    told = read(*options)
    assert told.exit_code == 2
    assert "a.b.c" not in told.output
    assert asyncio.run(_acts(installation)) == []
