"""How often a page asks the database: at most three times, the session's look-up among them; and it writes nothing."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert

from inbox.receive import Intake
from portal.access.rights import RightRow
from portal.auth.passkeys.holders import handle_of
from portal.auth.passkeys.tables import PasskeyRow
from portal.clock import FixedClock
from portal.db import new_id
from portal.ui import BarePage
from tests.conftest import Postgres, Sqlite
from tests.inbox.happenings import Core, asked, decided, registered
from tests.portal.whole import Whole, open_whole

pytestmark = pytest.mark.anyio

MOST = 3
# Their work is the look into the database, or to lead elsewhere: no person looks at them.
_NO_PAGES = {
    *("/metrics", "/auth/login", "/auth/callback", "/auth/logged-out", "/embed/v1/{file}"),
    *("/embed/v1/go/{slug}", "/embed/v1/go/{slug}/{service}"),
}
# What is kept for one person once, under an id that is given out only then.
_ONE_TIME = {"/{lang:lang}/kept/{id:uuid}", "/{lang:lang}/me/confirm/{token}"}
# Opening a document is an act, and acts are in the trail (design §5.8).
_READING_IS_AN_ACT = "/{lang:lang}/inbox/{id:uuid}/documents/{document_id:uuid}"


@pytest.fixture
async def whole(storage: Sqlite | Postgres, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Whole]:
    async with storage.fresh(tmp_path) as url, open_whole(url, tmp_path, clock) as opened:
        yield opened


async def test_no_page_asks_the_database_more_than_three_times(whole: Whole) -> None:
    pages = await _pages(whole)
    asked_too_often = {}
    for pattern, path in pages.items():
        answer, statements = await whole.looks_at(path)
        assert answer.status_code in (200, 303, 307, 404), (path, answer.text)
        # A document is no page: it is given out, and that is written into the trail.
        if len(statements) > MOST and pattern != _READING_IS_AN_ACT:
            asked_too_often[pattern] = statements

    assert not asked_too_often


async def test_looking_writes_nothing(whole: Whole) -> None:
    for pattern, path in (await _pages(whole)).items():
        _, statements = await whole.looks_at(path)
        writing = [each.split(" (")[0] for each in statements if not each.startswith("SELECT")]
        assert writing == (["INSERT INTO audit"] if pattern == _READING_IS_AN_ACT else []), path


async def test_last_activity_is_noted_once_a_minute(whole: Whole) -> None:
    whole.clock.advance(seconds=61)
    _, first = await whole.looks_at("/et/inbox")
    _, second = await whole.looks_at("/et/inbox")
    whole.clock.advance(seconds=59)
    _, within_a_minute = await whole.looks_at("/et/inbox")

    assert [each.split()[0] for each in first if not each.startswith("SELECT")] == ["UPDATE"]
    assert all(each.startswith("SELECT") for each in second + within_a_minute)


async def test_every_page_is_counted(whole: Whole) -> None:
    readable = {
        page.path
        for page in whole.parts.pages
        if isinstance(page, BarePage) and "GET" in (page.methods or ())
    }

    assert readable - set(await _pages(whole)) == _NO_PAGES | _ONE_TIME


async def _asked_for_a_mandate(whole: Whole) -> UUID:
    """Let somebody ask the person for a mandate: that page shows the most."""
    me, asker = whole.actor.person, "EE47101010033"
    row = {
        "id": new_id(),
        "source": "mandate",
        "kind": "mandate",
        "state": "asked",
        "grantor": me.code,
        "holder": asker,
        "who": {"grantor": [me.code, me.name], "holder": [asker, "Mari-Liis Männik"]},
        "scope": ["see", "send"],
        "begun_by": "holder",
        "begun_at": whole.clock.now(),
        "last_day": date(2026, 12, 1),
        "valid_until": datetime(2026, 12, 1, 22, tzinfo=UTC),
        "notices": False,
    }
    async with whole.parts.db.write() as tx:
        await tx.execute(insert(RightRow), row)
    return UUID(str(row["id"]))


async def _pages(whole: Whole) -> Mapping[str, str]:
    """Let something have happened everywhere, and give an address for every page."""
    draft, sent, waiting = [await whole.start_draft() for _ in range(3)]
    for each in (draft, sent):
        await whole.attach(each)
    for each in (sent, waiting):
        await whole.send(each)
    core = Core(Intake(whole.parts.db, whole.clock))
    for news in (registered(UUID(sent)), asked(), decided()):
        await core.says(news)
    matter = f"/et/inbox/{sent}"
    steps = {f"/et/drafts/{draft}/{step}": step for step in ("teie", "pere", "eluase", "dokumendid", "konto")}
    return {
        "/": "/",
        "/{lang:lang}/": "/et/",
        "/{lang:lang}/services": "/et/services",
        "/{lang:lang}/services/{journey}": "/et/services/toimetulekutoetus",
        "/{lang:lang}/kov": "/et/kov?kov=0663",
        "/{lang:lang}/kov/{slug}": "/et/kov/rakvere-linn",
        "/{lang:lang}/apply/{journey}": "/et/apply/toimetulekutoetus?kov=0663",
        "/{lang:lang}/drafts": "/et/drafts",
        "/{lang:lang}/drafts/{id:uuid}": f"/et/drafts/{draft}",
        "/{lang:lang}/drafts/{id:uuid}/delete": f"/et/drafts/{draft}/delete",
        "/{lang:lang}/drafts/{id:uuid}/review": f"/et/drafts/{draft}/review",
        **{f"/{{lang:lang}}/drafts/{{id:uuid}}/{{step}} {step}": path for path, step in steps.items()},
        "/{lang:lang}/drafts/{id:uuid}/{step}": f"/et/drafts/{draft}/dokumendid",
        "/{lang:lang}/receipts/{id:uuid}": f"/et/receipts/{sent}",
        "/{lang:lang}/inbox": "/et/inbox",
        "/{lang:lang}/inbox/ended": "/et/inbox/ended",
        "/{lang:lang}/inbox/{id:uuid}": matter,
        "/{lang:lang}/inbox/{id:uuid}/tasks/{task_id:uuid}": f"{matter}/tasks/{await whole.entry(kind='task')}",
        "/{lang:lang}/inbox/{id:uuid}/messages": f"{matter}/messages",
        "/{lang:lang}/inbox/{id:uuid}/decisions/{decision_id:uuid}": (
            f"{matter}/decisions/{await whole.entry(kind='decision')}"
        ),
        _READING_IS_AN_ACT: (f"{matter}/documents/{await whole.entry(kind='document', what='ours')}"),
        "/{lang:lang}/inbox/{id:uuid}/withdrawal": f"/et/inbox/{waiting}/withdrawal",
        "/{lang:lang}/me": "/et/me",
        "/{lang:lang}/me/sessions": "/et/me/sessions",
        "/{lang:lang}/me/passkeys": "/et/me/passkeys",
        "/{lang:lang}/me/passkeys/{id:uuid}": f"/et/me/passkeys/{await _passkey(whole)}",
        "/{lang:lang}/passkey": "/et/passkey",
        "/{lang:lang}/representation": "/et/representation",
        "/{lang:lang}/representation/acts": "/et/representation/acts",
        "/{lang:lang}/representation/give": "/et/representation/give",
        "/{lang:lang}/representation/ask": "/et/representation/ask",
        "/{lang:lang}/representation/{id:uuid}": f"/et/representation/{await _asked_for_a_mandate(whole)}",
        "/{lang:lang}/messages": "/et/messages",
        "/{lang:lang}/messages/new": "/et/messages/new",
        "/{lang:lang}/embed": "/et/embed?kov=0663",
        "/embed/v1/data/{slug}.json": "/embed/v1/data/rakvere-linn.json",
        "/embed/v1/frame/{slug}": "/embed/v1/frame/rakvere-linn",
        "/oembed": "/oembed?url=http%3A%2F%2Fuks.test%2Fet%2Fkov%2Frakvere-linn",
        "/{lang:lang}/accessibility": "/et/accessibility",
        "/{lang:lang}/privacy": "/et/privacy",
        "/{lang:lang}/cookies": "/et/cookies",
        "/{lang:lang}/help": "/et/help",
        "/.well-known/security.txt": "/.well-known/security.txt",
        "/health/live": "/health/live",
        "/health/ready": "/health/ready",
    }


async def _passkey(whole: Whole) -> UUID:
    person, now = whole.actor.person, whole.clock.now()
    row = {"id": new_id(), "person_id": person.id, "credential_id": b"id", "public_key": b"key", "counter": 0}
    row |= {"transports": "", "backed_up": False, "name": "Telefon", "created_at": now}
    async with whole.parts.db.write() as tx:
        await handle_of(tx, person, now)
        await tx.execute(insert(PasskeyRow), row)
    return UUID(str(row["id"]))
