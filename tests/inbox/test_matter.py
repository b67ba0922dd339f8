"""The page of a matter: how it stands, what to do, what passed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from core_bridge import wire
from inbox.available import make_available
from inbox.entries import stamp
from inbox.tables import EntryRow, FeedRow, InteractionRow
from portal.audit import AuditRow
from portal.clock import FixedClock
from portal.db import Database
from portal.files import FileRow, Files
from portal.outbox import OutboxRow
from tests.factories import actor
from tests.inbox.conftest import Visitors
from tests.inbox.happenings import asked, citizen, decided, document, letter, matter_sent, registered, star

pytestmark = pytest.mark.anyio


async def test_a_matter_the_core_does_not_know_yet_has_its_page(
    database: Database, visitor: Visitors
) -> None:
    who = await citizen(database)
    matter = await matter_sent(database, who, handed=False)
    page = await visitor(who).see(f"/et/inbox/{matter}")
    assert "Toimetulekutoetus, november 2026" in page
    assert "Taotlus on meil kindlalt alles" in page
    assert "Saatsite taotluse" in page
    assert "Aeg hakkab jooksma, kui kõik vajalik on käes" in page
    assert f"/et/receipts/{matter}" in page


async def test_while_something_is_missing_the_clock_tells_what_today_would_bring(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(asked())
    page = await visitor(who).see(f"/et/inbox/{matter}")
    assert "Hiljemalt teisipäeval, 24.\xa0novembril, kui vastate täna" in page
    assert "Praegu aeg veel ei jookse." in page
    assert "Alus: SHS § 134 lg 2" in page
    assert "Lisage pangakonto väljavõte" in page
    assert "Kersti Kask, sotsiaaltööspetsialist" in page
    assert "ootab puuduste kõrvaldamist" in page


async def test_a_complete_application_has_its_last_day(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(wire.Complete(proceeding_id="p1", complete_at=clock.now()))
    page = await visitor(who).see(f"/et/inbox/{matter}")
    assert "Hiljemalt teisipäeval, 24.\xa0novembril" in page
    assert "kui vastate täna" not in page
    assert "Vaie" not in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (wire.Extended(proceeding_id="p1", until="2026-12-01", reason="Ootame andmeid"), "Ootame andmeid"),
        (wire.LeftUnexamined(proceeding_id="p1", reason="Ei vastatud tähtajaks"), "Ei vastatud tähtajaks"),
        (wire.WaitingThirdParty(proceeding_id="p1", waiting_for="perearst"), "Andmed lisab: perearst"),
        (wire.Suspended(proceeding_id="p1", since="2026-12-01", reason="Andmed puuduvad"), "Andmed puuduvad"),
        (wire.Queued(proceeding_id="p1", place=4), "Olete järjekorras kohal 4"),
        (wire.Ended(proceeding_id="p1", ended_on="2026-11-30"), "Lõppes 30.11.2026"),
        (wire.Assessment(proceeding_id="p1", text="Tuleme koju"), "Tuleme koju"),
    ],
)
@pytest.mark.parametrize("language", ["et", "en", "ru"])
async def test_each_state_has_a_page_that_says_why(
    database: Database,
    clock: FixedClock,
    visitor: Visitors,
    data: wire.ProceedingData,
    said: str,
    language: str,
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(data)
    page = await visitor(who).see(f"/{language}/inbox/{matter}")
    if language == "et":
        assert said in page
    await visitor(who).see(f"/{language}/inbox")
    await visitor(who).see(f"/{language}/inbox/ended")


async def test_an_outage_says_as_of_when_and_a_letter_waits_in_words(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    yesterday = clock.now() - timedelta(hours=20)
    async with database.write() as tx:
        await tx.execute(
            insert(FeedRow).values(core="STAR", cursor="", read_at=yesterday, failing_since=clock.now())
        )
    someone = visitor(who)
    await someone.send(f"/et/inbox/{matter}/messages", text="Tere!")
    page = await someone.see(f"/et/inbox/{matter}")
    assert "Näitame, mis oli teada eile, kell 18.00." in page
    assert "Teie kiri ootab saatmist." in page


async def test_a_page_of_a_matter_is_two_statements(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(asked())
    await core.says(letter(who, matter), "threads/x")
    said: list[str] = []
    database.hear(said.append)
    someone = visitor(who)
    for path in ("", "/messages"):
        said.clear()
        await someone.see(f"/et/inbox/{matter}{path}")
        assert len(said) == 2, said


async def test_a_task_is_answered_with_words_and_files_once(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(asked())
    async with database.read() as session:
        task = await session.scalar(select(EntryRow.id).where(EntryRow.kind == "task"))
    someone, path = visitor(who), f"/et/inbox/{matter}/tasks/{task}"
    page = await someone.see(path)
    assert "Oktoobri ja novembri kohta." in page
    file = ("väljavõte.pdf", b"%PDF-1.4\n1 0 obj\n", "application/pdf")
    typed = {"text": "Siin see on.", "form_id": "01a20000-0000-7000-8000-000000000001"}
    for _ in range(2):
        answer = await someone.send(path, files={"files": file}, **typed)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/et/inbox/{matter}")
    page = await someone.see(f"/et/inbox/{matter}")
    assert "See on meil kindlalt alles ja ootab edastamist." in page
    assert "väljavõte.pdf" in page
    assert "Linna kord" in page
    async with database.read() as session:
        [planned] = (await session.execute(select(OutboxRow).where(OutboxRow.topic == "inbox.reply"))).all()
        row = (await session.execute(select(InteractionRow))).one()
    reply = wire.Reply.model_validate_json(planned.payload["body"])
    assert (reply.task_id, reply.text, reply.files[0].name) == ("t1", "Siin see on.", "väljavõte.pdf")
    assert (row.state, row.whose_turn) == ("in_proceeding", "authority")
    assert "See on tehtud." in await someone.see(path)
    again = await someone.send(path, text="Veel kord")
    assert again.status_code == 409
    assert "Faile me ei lisanud." not in again.text
    again = await someone.send(path, files={"files": file}, text="Veel üks")
    assert again.status_code == 409
    assert "Faile me ei lisanud." in again.text
    assert "Veel üks" in again.text


async def test_a_wrong_answer_keeps_the_words_and_says_what_to_put_right(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(asked())
    async with database.read() as session:
        task = await session.scalar(select(EntryRow.id).where(EntryRow.kind == "task"))
    someone, path = visitor(who), f"/et/inbox/{matter}/tasks/{task}"
    empty = await someone.send(path, text="  ")
    assert empty.status_code == 422
    assert "Kirjutage vastus või lisage fail." in empty.text
    wrong = await someone.send(
        path,
        files={"files": ("<b>virus.exe", b"MZ\x90\x00nonsense", "application/pdf")},
        text="Minu <vastus>",
    )
    assert wrong.status_code == 422
    assert "Minu &lt;vastus&gt;" in wrong.text
    assert "&lt;b&gt;virus.exe" in wrong.text
    assert "Sobivad PDF, JPG ja PNG." in wrong.text
    nothing = await someone.send(path, files={"files": ("tühi.pdf", b"", "application/pdf")}, text="a")
    assert "on tühi" in nothing.text
    many = [("files", (f"{n}.pdf", b"%PDF-1.4\n", "application/pdf")) for n in range(11)]
    assert "kuni 10 faili" in (await someone.send(path, files=many, text="a")).text
    long = await someone.send(path, text="a" * 20_001)
    assert (long.status_code, "liiga pikk" in long.text) == (422, True)
    async with database.read() as session:
        assert await session.scalar(select(OutboxRow.id)) is None


async def test_a_letter_is_kept_sent_once_and_shown_as_waiting(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(letter(who, matter), "threads/x")
    someone, path = visitor(who), f"/et/inbox/{matter}/messages"
    assert "Märgi loetuks" in await someone.see(path)
    typed = {"text": "Mul on kaks kontot.\x00\r\nKas saadan mõlema?"}
    typed["form_id"] = "01a20000-0000-7000-8000-000000000002"
    for _ in range(2):
        answer = await someone.send(path, **typed)
        assert answer.status_code == 303
    page = await someone.see(path)
    assert page.count("Mul on kaks kontot.") == 1
    assert "Ootab saatmist." in page
    assert "Märgi loetuks" not in page
    async with database.read() as session:
        [planned] = (await session.execute(select(OutboxRow))).all()
        unread = await session.scalar(select(InteractionRow.unread))
    sent = wire.Message.model_validate_json(planned.payload["body"])
    assert (sent.text, sent.application_id) == ("Mul on kaks kontot.\nKas saadan mõlema?", matter)
    assert (sent.author.kind, sent.author.code) == ("citizen", who.person.code)
    assert planned.stream == str(matter)
    assert unread == 0


async def test_looking_marks_nothing_and_the_button_does(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(letter(who, matter), "threads/x")
    someone = visitor(who)
    await someone.see(f"/et/inbox/{matter}/messages")
    assert "1 uus kiri" in await someone.see("/et/inbox")
    await someone.send(f"/et/inbox/{matter}/messages/read")
    assert "1 uus kiri" not in await someone.see("/et/inbox")


async def test_a_link_begins_the_letter_for_the_person(database: Database, visitor: Visitors) -> None:
    who = await citizen(database)
    matter = await matter_sent(database, who)
    page = await visitor(who).see(f"/et/inbox/{matter}/messages?about=more-time")
    assert "Palun lisaaega." in page


async def test_a_decision_is_opened_by_the_person_once_and_told_to_the_core(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(decided())
    async with database.read() as session:
        decision = await session.scalar(select(EntryRow.id).where(EntryRow.kind == "decision"))
    someone, path = visitor(who), f"/et/inbox/{matter}/decisions/{decision}"
    page = await someone.see(path)
    assert "Otsus on kohal" in page
    assert "299" not in page
    assert "üür" not in page
    for minutes in (0, 5):
        clock.advance(minutes=minutes)
        assert (await someone.send(path)).status_code == 303
    page = await someone.see(path)
    assert "Teile määrati toetus osaliselt" in page
    assert "299,00\xa0€" in page
    assert "Teie üür on 260 € kuus." in page
    assert "Neljapäev, 17. detsember 2026" in page
    assert "Jäänud on 30 päeva." in page
    assert "Rakvere Linnavalitsus, kes otsuse tegi" in page
    assert "Määrati osaliselt: 299,00\xa0€." in await someone.see("/et/inbox")
    async with database.read() as session:
        [planned] = (await session.execute(select(OutboxRow))).all()
    receipt = wire.DecisionReceipt.model_validate_json(planned.payload["body"])
    assert receipt.opened_at == datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
    assert planned.payload["path"] == "o1"


async def test_the_last_day_for_a_vaie_that_falls_on_a_sunday_is_the_monday(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(decided())
    clock.advance(days=3)
    async with database.read() as session:
        decision = await session.scalar(select(EntryRow.id).where(EntryRow.kind == "decision"))
    someone, path = visitor(who), f"/et/inbox/{matter}/decisions/{decision}"
    await someone.send(path)
    page = await someone.see(path)
    assert "Esmaspäev, 21. detsember 2026" in page
    assert "Viimane päev langes puhkepäevale" in page
    clock.advance(days=60)
    assert "Vaide esitamise aeg on möödas." in await someone.see(path)


async def test_a_refusal_says_so_plainly(database: Database, clock: FixedClock, visitor: Visitors) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(decided(outcome=wire.Outcome.REFUSED, amount=None, calculation=(), per=None))
    async with database.read() as session:
        decision = await session.scalar(select(EntryRow.id).where(EntryRow.kind == "decision"))
    someone = visitor(who)
    await someone.send(f"/et/inbox/{matter}/decisions/{decision}")
    page = await someone.see(f"/et/inbox/{matter}/decisions/{decision}")
    assert "Teie taotlust ei rahuldatud" in page
    assert "Ei määratud" in await someone.see("/et/inbox")


async def test_an_application_is_taken_back_after_a_question(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    someone, path = visitor(who), f"/et/inbox/{matter}/withdrawal"
    assert "Kas võtate taotluse tagasi?" in await someone.see(path)
    assert (await someone.send(path, reason="Sain töö")).status_code == 303
    page = await someone.see(f"/et/inbox/{matter}")
    assert "Palusite taotluse tagasi. Ootame kinnitust." in page
    assert "Võta taotlus tagasi" not in page
    assert (await someone.send(path, reason="")).status_code == 409
    await core.says(wire.Withdrawn(proceeding_id="p1", withdrawn_at=clock.now()))
    assert "Taotlus võeti tagasi 17.11.2026." in await someone.see(f"/et/inbox/{matter}")


async def test_a_decided_matter_cannot_be_taken_back(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    await core.says(decided())
    someone = visitor(who)
    await someone.see(f"/et/inbox/{matter}/withdrawal", 409)
    assert (await someone.send(f"/et/inbox/{matter}/withdrawal")).status_code == 409


async def test_another_partys_matter_cannot_be_written_to(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    core, matter = star(database, clock), await matter_sent(database, await citizen(database))
    await core.says(registered(matter))
    await core.says(asked())
    await core.says(decided())
    other = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    someone = visitor(other)
    async with database.read() as session:
        ids = dict((await session.execute(select(EntryRow.kind, EntryRow.id))).all())
    for path in (
        "/messages",
        "/messages/read",
        "/withdrawal",
        f"/tasks/{ids['task']}",
        f"/decisions/{ids['decision']}",
    ):
        answer = await someone.send(f"/et/inbox/{matter}{path}", text="Tere")
        assert answer.status_code == 404, path
    async with database.read() as session:
        assert await session.scalar(select(OutboxRow.id)) is None


async def test_a_form_of_another_session_or_party_changes_nothing(
    database: Database, visitor: Visitors
) -> None:
    who = await citizen(database)
    matter = await matter_sent(database, who)
    someone, path = visitor(who), f"/et/inbox/{matter}/messages"
    assert (await someone.send(path, text="Tere", csrf_token="forged")).status_code == 403
    assert (await someone.send(path, text="Tere", party=str(matter))).status_code == 409
    async with database.read() as session:
        assert await session.scalar(select(OutboxRow.id)) is None


async def test_looking_for_another_is_written_down_and_looking_for_oneself_is_not(
    database: Database, visitor: Visitors
) -> None:
    who = await citizen(database)
    helper = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    matter = await matter_sent(database, who)
    for each in (who, actor(helper.person, for_party=who.party)):
        await visitor(each).see("/et/inbox")
        await visitor(each).see(f"/et/inbox/{matter}")
    async with database.read() as session:
        rows = (await session.execute(select(AuditRow.act, AuditRow.person_id).order_by(AuditRow.id))).all()
    assert [tuple(row) for row in rows] == [
        ("inbox-read", helper.person.id),
        ("matter-read", helper.person.id),
    ]


async def test_a_representative_writes_as_one(database: Database, visitor: Visitors) -> None:
    who = await citizen(database)
    helper = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    matter = await matter_sent(database, who)
    someone = visitor(actor(helper.person, for_party=who.party))
    await someone.send(f"/et/inbox/{matter}/messages", text="Tere!")
    async with database.read() as session:
        [planned] = (await session.execute(select(OutboxRow))).all()
    sent = wire.Message.model_validate_json(planned.payload["body"])
    assert (sent.author.kind, sent.author.name) == ("representative", "Mari-Liis Männik")
    assert sent.party.code == who.party.code
    assert sent.author.right == wire.RightRef(kind="parent", source="population-register")
    assert "Teie, lapsevanemana" in await someone.see(f"/et/inbox/{matter}/messages")
    assert "lapsevanemana" in await visitor(who).see(f"/et/inbox/{matter}/messages")


async def test_a_document_of_a_closed_decision_leads_to_the_decision(
    database: Database, clock: FixedClock, visitor: Visitors, files: Files
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    await core.says(registered(matter))
    content = b"%PDF-1.4 otsus"
    await core.says(decided(documents=(document(content=content),)))
    async with database.write() as tx:
        row = (await tx.execute(select(EntryRow).where(EntryRow.kind == "document"))).one()
        kept = await files.keep(
            tx, party_id=who.party.id, content=content, media_type="application/pdf", at=clock.now()
        )
        await stamp(tx, row.id, file_id=kept)
        await make_available(tx, matter, row.of_id, clock.now())
    someone = visitor(who)
    answer = await someone.client.get(f"/et/inbox/{matter}/documents/{row.id}")
    assert answer.headers["location"] == f"/et/inbox/{matter}/decisions/{row.of_id}"
    assert "Otsus 2026-04183.pdf" not in await someone.see(f"/et/inbox/{matter}")
    await someone.send(f"/et/inbox/{matter}/decisions/{row.of_id}")
    answer = await someone.client.get(f"/et/inbox/{matter}/documents/{row.id}")
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith('attachment; filename="Otsus 2026-04183.pdf"')
    assert "sandbox" in answer.headers["content-security-policy"]
    async with database.write() as tx:
        await tx.execute(update(FileRow).values(scan="infected"))
    await someone.see(f"/et/inbox/{matter}/documents/{row.id}", 410)
    other = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    await visitor(other).see(f"/et/inbox/{matter}/documents/{row.id}", 404)
