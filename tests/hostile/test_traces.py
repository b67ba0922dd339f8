"""What a person's whole way leaves behind: in logs, in addresses, in letters, on the disk; and what looking leaves."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
import structlog
from aiosmtpd.controller import Controller
from sqlalchemy import insert

from portal.clock import FixedClock
from portal.demo.mail import Mailbox, smtp_server
from portal.notify.tables import ContactRow
from portal.parts.logs import log_as_json
from tests.conftest import Sqlite
from tests.hostile.test_others import addresses, filled, things
from tests.hostile.world import JOURNEY, PDF, Person, World, form_of, opened
from tests.serving import free_port

pytestmark = pytest.mark.anyio

GIVEN, FAMILY = "Žõlgünna-Ähm", "Øysterskov"
SECRETS = {
    "given name": GIVEN,
    "family name": FAMILY,
    "address": "Tõuküürija 77-3",
    "phone": "58889977",
    "own mail": "zolgunna.test@example.com",
    "notices go to": "teavitus.siia@example.com",
    "child": "Pärtel-Õnnelik",
    "child's birthday": "13.7.2019",
    "cost": "4321,98",
    "iban": "EE382200221020145685",
    "letter": "Mul on salajane võlgnevus naabrile",
    "answer": "Leping on kadunud kraavi",
    "reason": "Leidsin töö raudteel",
    "file name": "Øysterskovi-arstitõend.pdf",
    "file content": "DIAGNOOS-XYZZY-7781",
    "asked": "Palun tooge Tsirkoonium-tõend",
    "official's letter": "Kas elate koos Kvaasimodoga",
    "reasons": "Keeldume Plutooniumi tõttu osaliselt",
}


@pytest.fixture
def mailbox(clock: FixedClock) -> Mailbox:
    return Mailbox(clock)


@pytest.fixture
def smtp(mailbox: Mailbox) -> Iterator[Controller]:
    server = smtp_server(mailbox, free_port())
    server.start()
    yield server
    with suppress(AssertionError):
        server.stop()


@pytest.fixture
async def mailing(
    sqlite: Sqlite, tmp_path: Path, clock: FixedClock, smtp: Controller, anyio_backend: str
) -> AsyncIterator[World]:
    settings = {"smtp_url": f"smtp://127.0.0.1:{smtp.port}"}
    async with sqlite.fresh(tmp_path) as url, opened(url, tmp_path, clock, **settings) as made:
        yield made


@pytest.fixture
def logged(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Log as an installation does."""
    before = structlog.get_config()
    log_as_json()
    yield
    structlog.configure(**before)


async def whole_way(world: World) -> tuple[Person, list[str]]:
    """Apply, be asked, answer, write, be decided, take another back; gives the addresses that were opened."""
    mari = await world.person(GIVEN, FAMILY)
    seen: list[str] = []

    async def note(request: httpx2.Request) -> None:
        seen.append(str(request.url))

    mari.client.event_hooks = {"request": [note], "response": []}
    async with world.db.write() as tx:
        values = {
            "person_id": mari.actor.person.id,
            "language": "et",
            "address": SECRETS["notices go to"],
            "mails": 0,
        }
        await tx.execute(insert(ContactRow).values(confirmed_at=world.clock.now(), **values))
    door = f"/et/apply/{JOURNEY}"
    draft = (await mari.post(door, (await mari.form(door)) | {"kov": "0663"})).headers["location"]
    steps = {
        "teie": {
            "residence": SECRETS["address"], "lives_there": "yes", "phone": SECRETS["phone"],
            "email": SECRETS["own mail"], "contact_language": "et", "first_time": "no", "fourth_time": "no",
        },
        "pere": {
            "members-0-status": "employed", "members-0-has_income": "no", "members-1-name": SECRETS["child"],
            "members-1-code": SECRETS["child's birthday"], "members-1-relation": "child",
            "members-1-status": "child_home", "members-1-has_income": "no", "has_undocumented": "no",
            "pays_maintenance": "no", "has_enforcement": "no",
        },
        "eluase": {
            "dwelling_area": "48", "dwelling_rooms": "2", "cost_rent": SECRETS["cost"], "has_loan": "no",
        },
        "dokumendid": {},
        "konto": {"iban": SECRETS["iban"], "own_account": "yes", "delivery": "portal"},
    }  # fmt: skip
    for step, typed in steps.items():
        path = f"{draft}/{step}"
        if step == "pere":
            await mari.post(path, (await mari.form(path)) | {"add": "members"})
        for _ in range(3):
            form = await mari.form(path)
            status = form.get("members-1-status", None)
            assert status is None or isinstance(status, str)
            answer = await mari.post(path, form | {"act": "next"} | typed)
            if answer.status_code == 303:
                break
            if "members-1-status" in typed:
                typed = typed | {"members-1-status": "pupil"}
        assert answer.status_code == 303, (step, answer.text[:200])
        if step == "dokumendid":
            await mari.attach(
                draft.rpartition("/")[2], (SECRETS["file name"], PDF + SECRETS["file content"].encode())
            )
    await mari.send(f"{draft}/review", confirm="y")
    matter = draft.rpartition("/")[2]
    await world.work(minutes=1)
    official, of = world.official, UUID(matter)
    await official.act(of, "register", complete="no")
    await official.act(of, "ask", title=SECRETS["asked"], text=SECRETS["asked"], due_on="2026-12-01")
    await official.act(of, "message", title="Kiri", text=SECRETS["official's letter"])
    await world.work(minutes=1)
    await mari.send(f"/et/inbox/{matter}/tasks/{await world.entry(matter, 'task')}", text=SECRETS["answer"])
    await mari.send(f"/et/inbox/{matter}/messages", text=SECRETS["letter"])
    await world.work(minutes=1)
    told = {"outcome": "granted_in_part", "amount": "120", "per": "once", "reasons": SECRETS["reasons"]}
    await official.act(of, "decide", **told)
    await world.work(minutes=1)
    decision = f"/et/inbox/{matter}/decisions/{await world.entry(matter, 'decision')}"
    await mari.send(decision)
    assert SECRETS["reasons"] in (await mari.get(decision)).text
    await mari.get(f"/et/inbox/{matter}/documents/{await world.entry(matter, 'document')}")
    other = await mari.sent()
    await mari.send(f"/et/inbox/{other}/withdrawal", reason=SECRETS["reason"])
    # What goes wrong on the way is not spoken of either.
    world.clock.advance(hours=13)
    await mari.post(f"/et/inbox/{other}/messages", {"text": SECRETS["letter"], "csrf_token": "x"})
    await world.work(minutes=1)
    return mari, seen


def spelled(secret: str) -> set[str]:
    """Give the spellings a text could be written down in."""
    from urllib.parse import quote, quote_plus

    return {
        secret, secret.lower(), secret.upper(), json.dumps(secret)[1:-1], quote(secret), quote_plus(secret),
        secret.replace(",", "."), repr(secret.encode())[2:-1],
    }  # fmt: skip


def secrets_of(mari: Person) -> dict[str, str]:
    code = mari.actor.person.code
    return SECRETS | {"code": code, "bare code": code.removeprefix("EE"), "cookie": mari.token}


async def test_nothing_of_a_person_is_in_logs_addresses_or_letters(
    mailing: World,
    mailbox: Mailbox,
    logged: None,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    mari, seen = await whole_way(mailing)
    letters = mailbox.to(SECRETS["notices go to"])
    assert len(letters) >= 2
    written = capfd.readouterr()
    # The mail server of the test is no part of the portal.
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("mail.log")]
    places = {
        "logs": written.out + written.err + "\n".join(ours),
        "addresses": "\n".join(seen + mailing.asked_core),
        "letters": "\n".join(each.subject + each.text for each in letters),
    }
    assert "http" in places["addresses"]
    for place, text in places.items():
        for name, secret in secrets_of(mari).items():
            assert not any(each in text for each in spelled(secret)), (place, name)


async def test_a_fault_is_logged_without_its_words(
    alone: World, logged: None, capfd: pytest.CaptureFixture[str]
) -> None:
    mari = await alone.person(GIVEN, FAMILY)
    draft = await mari.draft()
    form = await mari.form(f"/et/drafts/{draft}/teie")
    async with alone.db.write() as tx:
        await tx.exec_driver_sql(
            "CREATE TRIGGER no BEFORE UPDATE ON draft BEGIN SELECT RAISE(ABORT, 'Øysterskov'); END"
        )
    answer = await mari.post(
        f"/et/drafts/{draft}/teie", form | {"act": "next", "residence": SECRETS["address"]}
    )
    assert answer.status_code == 500
    written = "".join(capfd.readouterr())
    assert "ui.unexpected" in written
    assert re.search(r'"incident": "[0-9a-f]{8}"', written)
    for name, secret in secrets_of(mari).items():
        assert not any(each in written for each in spelled(secret)), name


async def test_nothing_of_a_person_lies_readable_on_the_disk(mailing: World) -> None:
    mari, _ = await whole_way(mailing)
    await mari.draft(residence=SECRETS["address"])
    readable = [path for path in mailing.folder.rglob("*") if path.is_file() and "star" not in path.name]
    assert any(path.suffix == ".db" for path in readable)
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in readable)
    assert any(path.parent.parent.parent.name == "files" for path in readable)
    for path in readable:
        content = path.read_bytes()
        for name, secret in secrets_of(mari).items():
            for each in spelled(secret):
                assert each.encode() not in content, (path.name, name)
                assert each.encode("utf-16-le") not in content, (path.name, name)
        assert b"%PDF" not in content


async def test_looking_at_every_page_changes_nothing(world: World) -> None:
    mari = await world.person()
    mine = await things(world, mari)
    before = await world.rows()
    world.clock.advance(minutes=2)
    ids = {"id": mine["receipts"][0]["id"], "journey": JOURNEY, "slug": "rakvere-linn", "token": "x"}
    looked = 0
    for method, path in addresses(world):
        kind = path.split("/")[1]
        for each in mine.get(kind, [ids]) if method == "GET" else ():
            for query in ("", "?show=yours&authority=0663&about=challenge&done=saved&kov=0663&q=raha"):
                answer = await mari.client.get(filled(path, ids | each) + query)
                assert answer.status_code < 500
                await mari.client.head(filled(path, ids | each))
                looked += 1
    assert looked > 60
    after = await world.rows()
    acts = [row for row in after.pop("audit") if row not in before["audit"]]
    assert {row[2] for row in acts} == {"document-opened"}
    del before["audit"]
    sessions = before.pop("session"), after.pop("session")
    assert after == before
    changed = [
        (one, two)
        for old, new in zip(*sessions, strict=True)
        for one, two in zip(old, new, strict=True)
        if one != two
    ]
    # Only the last activity, of one session.
    assert changed == [(before_ := changed[0][0], changed[0][1])]
    assert changed[0][1] > before_


async def test_the_words_of_an_official_are_shown_as_words(world: World) -> None:
    from tests.hostile.test_headers import is_whole

    mari = await world.person("<b>Mari", "O'Männik\"")
    odd = '"><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} %(name)s %s'
    matter = await mari.sent()
    await world.work()
    of = UUID(matter)
    await world.official.act(of, "register", complete="no")
    await world.official.act(of, "ask", title=odd, text=odd, wanted=odd, due_on="2026-12-01")
    await world.official.act(of, "message", title=odd, text=odd)
    await world.work(minutes=1)
    task = await world.entry(matter, "task")
    await mari.send(f"/et/inbox/{matter}/tasks/{task}", text=odd)
    await world.official.act(of, "third", waiting_for=odd, until="2026-11-30")
    await world.work(minutes=1)
    await mari.get(f"/et/inbox/{matter}")
    await world.official.act(of, "continue")
    told = {"outcome": "granted_in_part", "amount": "120", "per": "once", "reasons": odd, "calculation": ""}
    await world.official.act(of, "decide", **told)
    await world.work(minutes=1)
    decision = f"inbox/{matter}/decisions/{await world.entry(matter, 'decision')}"
    await mari.post(f"/et/{decision}", form_of(await mari.get(f"/et/{decision}"), f"/et/{decision}"))
    for lang in ("et", "en", "ru"):
        for path in (
            "inbox",
            f"inbox/{matter}",
            f"inbox/{matter}/messages",
            f"inbox/{matter}/tasks/{task}",
            decision,
            "me",
        ):
            page = await mari.get(f"/{lang}/{path}")
            is_whole(page.text)
            assert "<script>alert" not in page.text
            assert "49" not in re.sub(r"[^ ]*\d[^ ]*\d[^ ]*", "", page.text) or "7*7" in page.text
    assert odd.replace("&", "") in (await mari.page(f"/et/{decision}")).text
