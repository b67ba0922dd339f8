"""Files that lie about what they are, are too big, too many, strangely named, or not the person's to add."""

import io
import zlib
from uuid import UUID

import pytest
from sqlalchemy import select

from inbox.tables import EntryRow
from journeys.tables import AttachmentRow
from portal.files import MAX_BYTES, FileRow
from tests.hostile.world import PDF, PNG, Person, World, told_plainly, words
from tests.journeys.page import Page

pytestmark = pytest.mark.anyio

NAMES = {
    "path": "../../../../etc/passwd.pdf",
    "windows path": "C:\\Users\\mari\\arve.pdf",
    "NUL": "arve\x00.exe.pdf",
    "line end": "arve\r\nSet-Cookie: x=1.pdf",
    "right to left": "arve\u202efdp.exe",
    "isolates": "\u2066arve\u2069\u200f.pdf",
    "quotes": "a\"b'c;filename=evil.exe.pdf",
    "markup": "<img src=x onerror=alert(1)>.pdf",
    "percent": "%2e%2e%2f%00.pdf",
    "long": "a" * 5000 + ".pdf",
    "only dots": "...",
    "only an ending": ".pdf",
    "spaces": "   ",
    "emoji": "👩‍👩‍👧.pdf",
    "cyrillic": "справка о доходах.pdf",
    "no letters": "\u200b\u200b",
    "template": "{{ 7*7 }}%(name)s.pdf",
}
HIDDEN = "\u202e\u2066\u2069\u200f\u200b\x00\r\n"
KINDS = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "program": b"MZ" + bytes(200),
    "zip": b"PK\x03\x04" + bytes(200),
    "gif and script": b"GIF89a/*" + bytes(50) + b"*/=1;alert(1)",
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "text": b"arve 100 eurot",
    "html before pdf": b"<html><script>alert(1)</script>" + PDF,
    "zip before pdf": b"PK\x03\x04" + bytes(26) + PDF,
    "one byte": b"%",
    "zeros": bytes(5000),
}


def multipart(name: bytes, content: bytes, told: dict[str, str]) -> bytes:
    parts = [
        b'--X\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v.encode())
        for n, v in told.items()
    ]
    file = b'--X\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n--X--' % (
        name,
        content,
    )
    return b"".join(parts) + file


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS)
async def test_what_is_not_a_document_is_refused_whatever_it_is_called(
    world: World, mari: Person, content: bytes
) -> None:
    draft, before = await mari.draft(), await world.count(FileRow)
    for name in ("arve.pdf", "pilt.png", "x.pdf.html"):
        answer = await mari.attach(draft, (name, content))
        told_plainly(answer, 422)
        assert name in answer.text
        assert "Lisage PDF, JPG või PNG" in answer.text
    sent = await mari.sent()
    form = await mari.form(f"/et/inbox/{sent}/messages")
    files = [("files", ("arve.pdf", content, "application/pdf"))]
    answer = await mari.post(f"/et/inbox/{sent}/messages", form | {"text": "Vaata lisa"}, files=files)
    told_plainly(answer, 422)
    assert Page(answer.text).form("/messages")["text"] == "Vaata lisa"
    assert await world.count(FileRow) == before


async def test_what_a_file_is_called_says_nothing_of_its_type(world: World, mari: Person) -> None:
    draft = await mari.draft()
    assert (await mari.attach(draft, ("pilt.html", PNG))).status_code == 303
    async with world.db.read() as session:
        row = (await session.execute(select(AttachmentRow).filter_by(draft_id=UUID(draft)))).one()
    assert row.media_type == "image/png"


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_strange_name_becomes_a_plain_one(world: World, mari: Person, name: str) -> None:
    draft, sent = await mari.draft(), await mari.sent()
    raw = name.replace('"', '\\"').encode()
    kind = {"Content-Type": "multipart/form-data; boundary=X"}
    added = await mari.client.post(
        f"/et/drafts/{draft}/files/bills", content=multipart(raw, PDF, await mari.fresh()), headers=kind
    )
    wrote = await mari.client.post(
        f"/et/inbox/{sent}/messages",
        content=multipart(raw, PDF, (await mari.fresh()) | {"text": "Lisa"}),
        headers=kind,
    )
    for answer in (added, wrote):
        # A name with a line end or a NUL does not make a part at all.
        assert answer.status_code in (303, 400, 422), words(answer)
    async with world.db.read() as session:
        names = list(await session.scalars(select(AttachmentRow.name).filter_by(draft_id=UUID(draft))))
        rows = await session.scalars(
            select(EntryRow.content).filter_by(interaction_id=UUID(sent), kind="document")
        )
        names += [row["name"] for row in rows]
    for kept in names:
        assert 0 < len(kept) <= 120
        assert not set(kept) & set(HIDDEN), repr(kept)
        assert "/" not in kept
        assert "\\" not in kept
    for path in (
        f"/et/drafts/{draft}/dokumendid",
        f"/et/drafts/{draft}/review",
        f"/et/inbox/{sent}/messages",
    ):
        page = await mari.get(path)
        assert "<img src=x" not in page.text
        Page(page.text)
    if wrote.status_code == 303:
        document = await world.entry(sent, "document")
        given = await mari.get(f"/et/inbox/{sent}/documents/{document}")
        told = given.headers["content-disposition"]
        assert told.startswith('attachment; filename="')
        assert told.isprintable()
        assert told.isascii()
        assert told.count('"') == 2
        assert given.headers["content-type"] == "application/pdf"
        assert given.content == PDF
        await world.work()
        # The core takes what we name.
        assert "edastatud" in (await mari.get(f"/et/inbox/{sent}/messages")).text


async def test_a_file_of_twenty_megabytes_is_taken_and_one_byte_more_is_not(mari: Person) -> None:
    draft = await mari.draft()
    whole = PDF + bytes(MAX_BYTES - len(PDF))
    assert (await mari.attach(draft, ("suur.pdf", whole))).status_code == 303
    answer = await mari.attach(draft, ("suurem.pdf", whole + b"x"))
    told_plainly(answer, 422)
    assert "Fail suurem.pdf on liiga suur" in answer.text
    sent = await mari.sent()
    form = (await mari.fresh()) | {"text": "Suur"}
    files = [("files", ("suurem.pdf", whole + b"x", "application/pdf"))]
    answer = await mari.post(f"/et/inbox/{sent}/messages", form, files=files)
    told_plainly(answer, 422)
    assert Page(answer.text).form("/messages")["text"] == "Suur"


async def test_an_empty_file_is_told_apart(mari: Person) -> None:
    draft = await mari.draft()
    answer = await mari.attach(draft, ("tühi.pdf", b""))
    told_plainly(answer, 422)
    assert "on tühi" in answer.text
    answer = await mari.post(
        f"/et/drafts/{draft}/files/bills", await mari.fresh(), files=[("files", ("", b"", ""))]
    )
    told_plainly(answer, 422)
    assert "Valige fail" in answer.text


async def test_no_more_files_than_may_be_are_kept_and_the_rest_is_told(world: World, mari: Person) -> None:
    draft = await mari.draft()
    for _ in range(4):
        answer = await mari.attach(draft, *[(f"arve {n}.pdf", PDF) for n in range(15)])
    told_plainly(answer, 422)
    assert "jäi lisamata" in answer.text
    kept = await world.count(AttachmentRow, draft_id=UUID(draft))
    assert 0 < kept <= 40
    sent = await mari.sent()
    files = [("files", (f"{n}.pdf", PDF, "application/pdf")) for n in range(11)]
    answer = await mari.post(
        f"/et/inbox/{sent}/messages", (await mari.fresh()) | {"text": "Palju"}, files=files
    )
    told_plainly(answer, 422)
    assert "kuni 10 faili" in answer.text


async def test_the_same_file_in_two_forms_is_two_and_the_same_form_twice_is_one(
    world: World, mari: Person
) -> None:
    draft, once = await mari.draft(), await mari.fresh()
    for told in (once, once, {}):
        assert (await mari.attach(draft, ("arve.pdf", PDF), **told)).status_code == 303
    assert await world.count(AttachmentRow, draft_id=UUID(draft)) == 2


async def test_a_document_that_unfolds_into_a_bomb_is_not_unfolded_here(mari: Person) -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    stream = b"1 0 obj <</Filter/FlateDecode/Length %d>> stream\n" % len(bomb)
    draft = await mari.draft()
    bombed = PDF + stream + bomb + b"\nendstream endobj\n%%EOF"
    assert (await mari.attach(draft, ("pomm.pdf", bombed))).status_code == 303
    picture = io.BytesIO(PNG + b"IDAT" + bomb)
    assert (await mari.attach(draft, ("pomm.png", picture.getvalue()))).status_code == 303
    await mari.page(f"/et/drafts/{draft}/dokumendid")


async def test_nobody_adds_to_or_takes_from_anothers_draft(world: World, mari: Person, jaak: Person) -> None:
    draft = await mari.draft()
    assert (await mari.attach(draft, ("arve.pdf", PDF))).status_code == 303
    async with world.db.read() as session:
        kept = await session.scalar(select(AttachmentRow.id).filter_by(draft_id=UUID(draft)))
    before = await world.count(FileRow)
    told_plainly(await jaak.attach(draft, ("arve.pdf", PDF)), 404)
    told_plainly(await mari.attach(draft, ("arve.pdf", PDF), slot="nothing"), 404)
    remove = f"/files/bills/{kept}/remove"
    told_plainly(await jaak.post(f"/et/drafts/{draft}{remove}", await jaak.fresh()), 404)
    # Through a draft of one's own.
    await jaak.post(f"/et/drafts/{await jaak.draft()}{remove}", await jaak.fresh())
    told_plainly(await mari.attach(draft, ("arve.pdf", PDF), csrf_token="x"), 403)
    told_plainly(await mari.attach(draft, ("arve.pdf", PDF), party=str(jaak.actor.party.id)), 409)
    assert await world.count(FileRow) == before
    assert await world.count(AttachmentRow, draft_id=UUID(draft)) == 1


async def test_what_is_added_or_taken_after_sending_changes_nothing(world: World, mari: Person) -> None:
    draft = await mari.draft()
    await mari.attach(draft, ("arve.pdf", PDF))
    review = await mari.form(f"/et/drafts/{draft}/review")
    async with world.db.read() as session:
        kept = await session.scalar(select(AttachmentRow.id).filter_by(draft_id=UUID(draft)))
    await mari.post(f"/et/drafts/{draft}/review", review | {"confirm": "y"})
    before = await world.count(FileRow)
    late = await mari.attach(draft, ("hiline.pdf", PDF))
    removed = await mari.post(f"/et/drafts/{draft}/files/bills/{kept}/remove", await mari.fresh())
    assert removed.headers["location"] == f"/et/receipts/{draft}"
    assert late.headers["location"] == f"/et/receipts/{draft}?file=late"
    assert "Faili ei lisatud" in (await mari.page(late.headers["location"])).text
    assert await world.count(FileRow) == before
    receipt = (await mari.page(f"/et/receipts/{draft}")).text
    assert "Failide arv 1" in receipt
    assert "Faili ei lisatud" not in receipt
