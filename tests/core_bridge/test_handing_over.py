"""Handing over to a core that runs: nothing is lost, nothing is doubled."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core_bridge.errors import Conflict, CoreRejected
from core_bridge.reference_core.database import CoreDatabase
from core_bridge.reference_core.tables import MessageRow
from core_bridge.wire import Author, AuthorKind, PartyRef, RightRef, freeze
from portal.clock import FixedClock
from tests.core_bridge.messages import (
    application,
    challenge,
    file_ref,
    message,
    receipt,
    reply,
    withdrawal,
)
from tests.core_bridge.running import Official, Running

pytestmark = pytest.mark.anyio


async def test_the_same_application_again_is_the_same_answer(star: Running, clock: FixedClock) -> None:
    sent = application()
    first = await star.core.put_application(sent.application_id, freeze(sent))
    clock.advance(minutes=5)
    assert await star.core.put_application(sent.application_id, freeze(sent)) == first


async def test_another_body_under_the_same_id_is_a_conflict(star: Running) -> None:
    sent = application()
    await star.core.put_application(sent.application_id, freeze(sent))
    other = application(sent.application_id, content_hash="b" * 64)
    with pytest.raises(Conflict) as refused:
        await star.core.put_application(sent.application_id, freeze(other))
    assert (refused.value.status, refused.value.code) == (409, "conflict")


async def test_an_id_that_the_body_does_not_name_is_rejected(star: Running) -> None:
    with pytest.raises(CoreRejected) as refused:
        await star.core.put_application(uuid4(), freeze(application()))
    assert refused.value.code == "id-mismatch"


async def test_ten_at_once_are_one_application(star: Running, official: Official) -> None:
    sent = application()
    body = freeze(sent)
    answers = await asyncio.gather(*(star.core.put_application(sent.application_id, body) for _ in range(10)))
    assert len(set(answers)) == 1
    assert (await official.see("/")).count(str(sent.application_id)) == 1


async def test_files_come_back_to_the_official_byte_for_byte(star: Running, official: Official) -> None:
    content = b"%PDF-1.7 \x00\xff leping"
    ref = file_ref(content)
    sent = application(files=(ref,))
    await star.core.put_file(ref.file_id, content, ref.media_type)
    await star.core.put_file(ref.file_id, content, ref.media_type)
    await star.core.put_application(sent.application_id, freeze(sent))
    answer = await official.client.get(f"/applications/{sent.application_id}/files/{ref.file_id}")
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_file_of_somebody_elses_application_is_not_there(star: Running, official: Official) -> None:
    ref = file_ref(b"salajane")
    await star.core.put_file(ref.file_id, b"salajane", ref.media_type)
    sent = application()
    await star.core.put_application(sent.application_id, freeze(sent))
    answer = await official.client.get(f"/applications/{sent.application_id}/files/{ref.file_id}")
    assert answer.status_code == 404


async def test_other_bytes_or_another_type_under_a_file_id_are_a_conflict(star: Running) -> None:
    file_id = uuid4()
    await star.core.put_file(file_id, b"esimene", "text/plain")
    for content, media_type in ((b"teine", "text/plain"), (b"esimene", "image/png")):
        with pytest.raises(Conflict):
            await star.core.put_file(file_id, content, media_type)


async def test_writes_under_a_proceeding_may_be_repeated(star: Running, official: Official) -> None:
    sent = application()
    await star.core.put_application(sent.application_id, freeze(sent))
    await official.act(sent.application_id, "register", complete="no")
    await official.act(sent.application_id, "ask", title="Leping", text="Lisage.", due_on="2026-12-01")
    asked = await star.last("information-requested")
    answered = reply(asked.task_id)
    for _ in range(2):
        await star.core.put_reply(asked.proceeding_id, answered.reply_id, freeze(answered))
    await official.act(sent.application_id, "decide", outcome="refused", reasons="Sissetulek on suurem.")
    decided = await star.last("decided")
    vaie = challenge(decided.decision_id)
    for _ in range(2):
        await star.core.put_decision_receipt(decided.proceeding_id, decided.decision_id, freeze(receipt()))
        await star.core.put_challenge(decided.proceeding_id, vaie.challenge_id, freeze(vaie))
    page = await official.see(f"/applications/{sent.application_id}")
    assert page.count("Lisan üürilepingu.") == 1
    assert page.count("Üür jäi arvestamata.") == 1
    assert "Avatud portaalis" in page


async def test_a_withdrawal_closes_the_proceeding_once(star: Running, official: Official) -> None:
    sent = application()
    await star.core.put_application(sent.application_id, freeze(sent))
    await official.act(sent.application_id, "register", complete="yes")
    proceeding = (await star.last("registered")).proceeding_id
    for _ in range(2):
        await star.core.put_withdrawal(proceeding, freeze(withdrawal()))
    kinds = [event.type for event in await star.events()]
    assert kinds.count("ee.uks.proceeding.withdrawn.v1") == 1
    assert "taotlus tagasi võetud" in await official.see("/")


async def test_what_is_decided_cannot_be_withdrawn(star: Running, official: Official) -> None:
    sent = application()
    await star.core.put_application(sent.application_id, freeze(sent))
    await official.act(sent.application_id, "register", complete="yes")
    await official.act(sent.application_id, "decide", outcome="granted", amount="100", reasons="Sobib.")
    proceeding = (await star.last("decided")).proceeding_id
    for _ in range(2):
        with pytest.raises(CoreRejected) as refused:
            await star.core.put_withdrawal(proceeding, freeze(withdrawal()))
        assert (refused.value.status, refused.value.code) == (422, "already-closed")


async def test_a_proceeding_that_is_not_there_is_said_to_be_unknown(star: Running) -> None:
    answered = reply("task")
    with pytest.raises(CoreRejected) as refused:
        await star.core.put_reply("nowhere", answered.reply_id, freeze(answered))
    assert refused.value.status == 404


async def test_a_file_of_a_message_comes_along(star: Running, official: Official) -> None:
    ref = file_ref(b"pilt")
    sent = message(files=(ref,))
    await star.core.put_file(ref.file_id, b"pilt", ref.media_type)
    await star.core.put_message(sent.message_id, freeze(sent))
    page = f"/messages/{sent.thread_id}"
    assert f"{page}/files/{ref.file_id}" in await official.see(page)
    assert (await official.client.get(f"{page}/files/{ref.file_id}")).content == b"pilt"
    assert (await official.client.get(f"{page}/files/{uuid4()}")).status_code == 404


async def test_a_general_message_reaches_the_desk_and_its_answer_joins_the_thread(
    star: Running, official: Official
) -> None:
    sent = message()
    for _ in range(2):
        await star.core.put_message(sent.message_id, freeze(sent))
    assert (await official.see("/messages")).count("Küsimus") == 1
    page = f"/messages/{sent.thread_id}"
    assert "Kuhu saan pöörduda?" in await official.see(page)
    await official.send(page, page, text="Tulge linnavalitsusse.")
    seen, answer = await star.last("message.seen"), await star.last("message.sent")
    assert (seen.message_id, seen.thread_id) == (str(sent.message_id), sent.thread_id)
    assert (answer.thread_id, answer.text) == (sent.thread_id, "Tulge linnavalitsusse.")
    assert answer.party.code == sent.party.code


async def test_who_wrote_for_whom_and_by_what_right_stands_at_the_letter(
    star: Running, official: Official
) -> None:
    board_member = Author(
        kind=AuthorKind.REPRESENTATIVE,
        name="Mari-Liis Männik",
        code="EE47101010033",
        right=RightRef(kind="mandate", source="paasuke"),
    )
    home = PartyRef(code="EE70006317", name="Näidishoolekodu")
    sent = message(party=home, author=board_member)
    await star.core.put_message(sent.message_id, freeze(sent))
    page = await official.see(f"/messages/{sent.thread_id}")
    assert "Küsimus: Näidishoolekodu" in page
    assert "Mari-Liis Männik (volitatud esindaja)" in page


async def test_a_core_of_before_brings_its_file_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "star.sqlite"
    core = CoreDatabase(path)
    await core.create()
    async with core.write() as tx:
        await tx.execute(text("ALTER TABLE message DROP COLUMN author_right"))
    await core.create()
    async with core.read() as session:
        assert (await session.execute(select(MessageRow))).all() == []
    await core.close()
