"""Files of a draft: several per slot, typed by content, capped; each refusal in words."""

from uuid import UUID

import pytest
from sqlalchemy import select

from core_bridge.wire import Application
from journeys.attachments import DraftGone, Upload, attach, detach, file_name
from journeys.tables import ApplicationRow, AttachmentRow
from portal.db import new_id
from portal.files import FileRow
from portal.outbox import OutboxRow
from tests.journeys.filling import fill, page, send_off, start
from tests.journeys.page import Page
from tests.journeys.site import Site, open_site

pytestmark = pytest.mark.anyio

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
async def site(database, files, clock, catalogue) -> Site:
    return await open_site(database, files, clock, catalogue)


@pytest.fixture
async def draft(site) -> str:
    made = await start(site)
    await fill(site, made, until="dokumendid")
    return made


async def upload(site, draft, *files, slot="bills", form=None):
    shown = await page(site, f"{draft}/dokumendid")
    fields = form or shown.form(f"/files/{slot}")
    parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
    return await site.client.post(f"{draft}/files/{slot}", data=fields, files=parts)


async def kept(site):
    async with site.db.read() as session:
        return (
            await session.execute(select(AttachmentRow).order_by(AttachmentRow.added_at, AttachmentRow.id))
        ).all()


async def test_several_files_stand_in_one_slot_and_go_with_the_application(site, draft):
    answer = await upload(site, draft, ("elekter.pdf", PDF), ("vesi.png", PNG))
    assert answer.headers["location"].endswith("/dokumendid#slot-bills")
    await upload(site, draft, ("väljavõte.pdf", PDF), slot="statement")
    shown = await page(site, f"{draft}/dokumendid")
    assert "elekter.pdf" in shown.text
    assert "väljavõte.pdf" in shown.text
    await fill(site, draft)
    review = await page(site, f"{draft}/review")
    assert "vesi.png" in review.text
    await send_off(site, draft)
    async with site.db.read() as session:
        body = await session.scalar(select(ApplicationRow.body))
        topics = (await session.execute(select(OutboxRow.topic).order_by(OutboxRow.id))).scalars().all()
    application = Application.model_validate_json(body)
    assert sorted((file.slot, file.name) for file in application.files) == [
        ("bills", "elekter.pdf"), ("bills", "vesi.png"), ("statement", "väljavõte.pdf"),
    ]  # fmt: skip
    assert topics == ["journeys.file"] * 3 + ["journeys.application"]


async def test_missing_documents_are_told_and_stop_nobody(site, draft):
    await fill(site, draft)
    review = await page(site, f"{draft}/review")
    assert "Lisamata. Võite saata ka ilma." in review.text
    receipt = await page(site, (await send_off(site, draft)).headers["location"])
    assert "Mis jäi lisamata" in receipt.text
    assert "Pangakonto väljavõte" in receipt.text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("arve.pdf", b"", "Fail arve.pdf on tühi"),
        ("arve.pdf", b"MZ\x90\x00" + bytes(200), "Faili arve.pdf ei saa lisada"),
        ("<img src=x>.pdf", b"<html><script>alert(1)</script>", "ei saa lisada"),
        ("arve.docx", b"PK\x03\x04" + bytes(100), "Faili arve.docx ei saa lisada"),
    ],
)
async def test_a_file_that_cannot_be_taken_says_why(site, draft, name, content, says):
    answer = await upload(site, draft, ("hea.pdf", PDF), (name, content))
    assert answer.status_code == 422
    assert says in Page(answer.text).text
    assert "<img src=x" not in answer.text
    assert [row.name for row in await kept(site)] == ["hea.pdf"]


async def test_a_file_that_is_too_big_says_what_to_do(site, draft, journey):
    big = Upload("arve-skann.pdf", PDF + bytes(20 * 1024 * 1024))
    async with site.db.write() as tx:
        refused = await attach(
            tx,
            site.actor,
            UUID(draft.rsplit("/", 1)[1]),
            journey.document("bills"),
            [big],
            once=new_id(),
            files=site.files,
            at=site.clock.now(),
        )
    assert [(each.words, each.remedy) for each in refused] == [
        ("Fail %(name)s on liiga suur (%(size)s)", "Lisage leht korraga või pildistage dokument.")
    ]
    assert await kept(site) == []


async def test_choosing_nothing_says_what_to_do(site, draft):
    answer = await upload(site, draft, ("", b""))
    assert answer.status_code == 422
    assert "Valige fail, mida soovite lisada" in Page(answer.text).text


async def test_the_same_upload_twice_keeps_each_file_once(site, draft):
    form = (await page(site, f"{draft}/dokumendid")).form("/files/bills")
    for _ in range(2):
        await upload(site, draft, ("a.pdf", PDF), ("b.pdf", PDF), form=form)
    assert len(await kept(site)) == 2


async def test_no_more_files_than_fit(site, draft):
    answer = await upload(site, draft, *((f"{n}.pdf", PDF) for n in range(12)))
    assert answer.status_code == 422
    assert "jäi lisamata: siia mahub kuni 10 faili" in Page(answer.text).text
    assert len(await kept(site)) == 10


async def test_a_removed_file_is_forgotten(site, draft):
    await upload(site, draft, ("a.pdf", PDF))
    shown = await page(site, f"{draft}/dokumendid")
    [action] = [action for action in shown.forms if action.endswith("/remove")]
    for _ in range(2):
        answer = await site.client.post(action, data=shown.forms[action])
        assert answer.status_code == 303
    assert await kept(site) == []
    async with site.db.read() as session:
        assert (await session.execute(select(FileRow))).all() == []


async def test_what_was_sent_keeps_its_files_whatever_another_tab_does(site, draft):
    await upload(site, draft, ("a.pdf", PDF))
    shown = await page(site, f"{draft}/dokumendid")
    [removal] = [action for action in shown.forms if action.endswith("/remove")]
    await fill(site, draft)
    await send_off(site, draft)
    added = await site.client.post(
        f"{draft}/files/bills", data=shown.form("/files/bills"), files=[("files", ("b.pdf", PDF))]
    )
    removed = await site.client.post(removal, data=shown.forms[removal])
    assert "/receipts/" in added.headers["location"]
    assert "/receipts/" in removed.headers["location"]
    assert [row.name for row in await kept(site)] == ["a.pdf"]
    [row] = await kept(site)
    draft_id = UUID(draft.rsplit("/", 1)[1])
    async with site.db.write() as tx:
        with pytest.raises(DraftGone):
            await detach(tx, site.actor, draft_id, row.id, files=site.files, at=site.clock.now())


async def test_a_file_of_a_slot_that_is_not_asked_for_is_not_sent(site, draft):
    form = (await page(site, f"{draft}/dokumendid")).form("/files/bills")
    await upload(site, draft, ("leping.pdf", PDF), slot="loan", form=form)
    await fill(site, draft)
    await send_off(site, draft)
    async with site.db.read() as session:
        body = await session.scalar(select(ApplicationRow.body))
    assert Application.model_validate_json(body).files == ()


async def test_an_unknown_slot_does_not_exist(site, draft):
    form = (await page(site, f"{draft}/dokumendid")).form("/files/bills")
    answer = await site.client.post(f"{draft}/files/nothing", data=form, files=[("files", ("a.pdf", PDF))])
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("C:\\Users\\mari\\arve.pdf", "arve.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\u202e.pdf", "ab.pdf"),
        ("", "fail"),
        (None, "fail"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ("...", "fail"),
    ],
)
def test_a_files_name_is_its_own(came, shown):
    assert file_name(came) == shown
