"""All letters, and a letter that begins a thread: to whom, how often, and what comes back."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select, update

from core_bridge import wire
from inbox.matters import file_withheld
from inbox.tables import EntryRow, InteractionRow
from portal.audit import AuditRow
from portal.authorities import municipalities
from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.files import FileRow
from portal.identity import Actor, Party, RightKind
from portal.outbox import OutboxRow
from tests.factories import actor
from tests.inbox.conftest import Visitor, Visitors
from tests.inbox.happenings import citizen, letter, matter_sent, registered, star

pytestmark = pytest.mark.anyio

NEW = "/et/messages/new"
TYPED = {"authority": "0663", "subject": "Koduabi emale", "text": "Kuidas saab ema koduabi?"}
PDF = ("kiri.pdf", b"%PDF-1.4\n%kiri", "application/pdf")


async def planned(database: Database) -> list[wire.Message]:
    async with database.read() as session:
        rows = (await session.execute(select(OutboxRow).where(OutboxRow.topic == "inbox.message"))).all()
    return [wire.Message.model_validate_json(row.payload["body"]) for row in rows]


async def begun(someone: Visitor, **typed: str) -> UUID:
    answer = await someone.send(NEW, **TYPED | typed)
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].split("/")[3])


async def test_a_letter_begins_a_thread_that_is_in_the_list_at_once(
    database: Database, visitor: Visitors
) -> None:
    someone = visitor(await citizen(database))
    answer = await someone.send(NEW, files={"files": PDF}, **TYPED)
    matter = answer.headers["location"].split("/")[3]
    assert answer.headers["location"] == f"/et/inbox/{matter}/messages#{matter}"
    page = await someone.see(f"/et/inbox/{matter}/messages")
    assert "<h1>Koduabi emale</h1>" in page
    assert "Kuidas saab ema koduabi?" in page
    assert "kiri.pdf" in page
    assert "Ootab saatmist." in page
    listed = await someone.see("/et/inbox")
    assert "Koduabi emale" in listed
    assert f'href="/et/inbox/{matter}/messages"' in listed
    assert "Ootame vastust: Rakvere Linnavalitsus." in listed
    assert "Koduabi emale" in await someone.see("/et/messages")
    await someone.see(f"/et/inbox/{matter}")
    [message] = await planned(database)
    assert (str(message.message_id), message.thread_id) == (matter, matter)
    assert (message.title, message.text) == (TYPED["subject"], TYPED["text"])
    assert (message.authority.code, message.application_id, message.proceeding_id) == ("0663", None, None)
    assert message.author.right is not None
    assert (message.author.kind, message.author.right.kind) == ("citizen", "self")
    assert message.files[0].name == "kiri.pdf"


async def test_every_municipality_and_the_state_can_be_written_to_by_its_own_core(
    database: Database, visitor: Visitors
) -> None:
    someone = visitor(await citizen(database))
    page = await someone.see(NEW)
    for place in municipalities():
        assert f'value="{place.code}"' in page
    assert len(municipalities()) == 78
    cores = {}
    for code in ("SKA", "0793", "0784"):
        matter = await begun(someone, authority=code)
        async with database.read() as session:
            cores[code] = await session.scalar(select(InteractionRow.core).where(InteractionRow.id == matter))
    assert cores == {"SKA": "SKAIS", "0793": "STAR", "0784": "STAR"}


async def test_the_municipality_of_earlier_matters_stands_first_and_an_address_may_choose(
    database: Database, visitor: Visitors
) -> None:
    who = await citizen(database)
    assert "Olete varem suhelnud" not in await visitor(who).see(NEW)
    await matter_sent(database, who)
    page = await visitor(who).see(NEW)
    assert page.index("Olete varem suhelnud") < page.index('value="0663"') < page.index('value="SKA"')
    assert page.count('value="0663"') == 1
    assert 'selected value="0793"' in await visitor(who).see(f"{NEW}?authority=0793")
    assert "<option selected" not in await visitor(who).see(f"{NEW}?authority=%22x")


async def test_the_page_says_what_is_certain_and_where_help_is_at_once(
    database: Database, visitor: Visitors
) -> None:
    page = await visitor(await citizen(database)).see(NEW)
    assert 'href="tel:112"' in page
    assert "sõltub asutusest ja Teie küsimusest" in page
    # No term for an answer has been verified.
    assert "30 päeva" not in page


async def test_the_same_form_twice_is_one_thread_and_a_changed_one_another(
    database: Database, visitor: Visitors
) -> None:
    someone, form_id = visitor(await citizen(database)), str(new_id())
    first = await begun(someone, form_id=form_id)
    assert await begun(someone, form_id=form_id) == first
    assert await begun(someone, form_id=form_id, text="Veel üks asi.") != first
    assert await begun(someone, form_id=form_id, authority="0793") != first
    assert len(await planned(database)) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"authority": ""}, "Valige, kellele Te kirjutate."),
        ({"authority": "9999"}, "Valige, kellele Te kirjutate."),
        ({"authority": "0663' OR 1=1"}, "Valige, kellele Te kirjutate."),
        ({"subject": " \n "}, "Kirjutage mõne sõnaga, mille kohta kiri on."),
        ({"subject": "a" * 151}, "Kirjutage lühemalt: kuni 150 märki"),
        ({"text": " "}, "Kirjutage, mida soovite öelda."),
        ({"text": "a" * 20_001}, "Tekst on liiga pikk."),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    database: Database, visitor: Visitors, wrong: dict[str, str], said: str
) -> None:
    someone = visitor(await citizen(database))
    typed = TYPED | {"text": "Minu <kiri>"} | wrong
    answer = await someone.send(NEW, files={"files": PDF}, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Valige failid uuesti" in answer.text
    if "text" not in wrong:
        assert "Minu &lt;kiri&gt;" in answer.text
    if "subject" not in wrong:
        assert 'value="Koduabi emale"' in answer.text
    if "authority" not in wrong:
        assert 'selected value="0663"' in answer.text
    assert await planned(database) == []


async def test_a_wrong_file_is_told_and_the_letter_stays(database: Database, visitor: Visitors) -> None:
    someone = visitor(await citizen(database))
    answer = await someone.send(NEW, files={"files": ("x.exe", b"MZ\x90", "application/pdf")}, **TYPED)
    assert answer.status_code == 422
    assert "Faili „x.exe“ ei saa lisada." in answer.text
    assert TYPED["text"] in answer.text
    async with database.read() as session:
        assert (await session.execute(select(FileRow.id))).all() == []


async def test_the_subject_is_one_line_whatever_was_pasted(database: Database, visitor: Visitors) -> None:
    await begun(visitor(await citizen(database)), subject="Koduabi\r\n\temale\x00\u2028 kiiresti")
    [message] = await planned(database)
    assert message.title == "Koduabi emale kiiresti"


async def test_all_letters_are_one_list_the_newest_first_and_the_unread_marked(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core, matter = star(database, clock), await matter_sent(database, who)
    someone = visitor(who)
    assert "Kirju veel ei ole" in await someone.see("/et/messages")
    await matter_sent(database, who)
    general = await begun(someone)
    await core.says(registered(matter))
    later = clock.now() + timedelta(minutes=1)
    await core.says(letter(who, matter, sent_at=later), "threads/x")
    page = await someone.see("/et/messages")
    assert page.count('class="matter"') == 2
    assert page.index(f"/et/inbox/{matter}/messages") < page.index(f"/et/inbox/{general}/messages")
    assert "1 uus kiri" in page
    assert "Lugemata kirju on 1 kirjavahetuses." in page
    assert "Kersti Kask:</strong>" in page
    await someone.send(f"/et/inbox/{matter}/messages/read")
    assert "Lugemata kirju ei ole." in await someone.see("/et/messages")


@pytest.mark.parametrize("language", ["et", "en", "ru"])
async def test_the_list_of_letters_is_one_statement_in_every_language(
    database: Database, clock: FixedClock, visitor: Visitors, language: str
) -> None:
    who = await citizen(database)
    someone, core = visitor(who), star(database, clock)
    for number in range(5):
        matter = await begun(someone, subject=f"Kiri {number}")
        told = letter(who, matter, f"m{number}", application_id=None, sent_at=clock.now())
        clock.advance(seconds=1)
        await core.says(told, f"threads/{matter}")
    said: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    page = await someone.see(f"/{language}/messages")
    assert len(said) == 1
    # What the official wrote is Estonian; what the person wrote may be in any language.
    assert ('lang="et">Palun lisage' in page) == (language != "et")
    assert 'lang="et">Kiri' not in page
    await someone.see(f"/{language}/messages/new")
    await someone.see(f"/{language}/inbox/{matter}/messages")


async def test_the_answer_joins_the_thread_and_the_next_letter_goes_on_in_it(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    someone, core = visitor(who), star(database, clock)
    matter = await begun(someone)
    answer = letter(who, matter, application_id=None, text="Helistage mulle.")
    await core.says(answer, f"threads/{matter}")
    page = await someone.see("/et/inbox")
    assert "Rakvere Linnavalitsus kirjutas Teile." in page
    assert "1 uus kiri" in page
    assert "Helistage mulle." in await someone.see(f"/et/inbox/{matter}/messages")
    await someone.send(f"/et/inbox/{matter}/messages", text="Aitäh!")
    assert [each.thread_id for each in await planned(database)] == [str(matter)] * 2
    assert "Ootame vastust" in await someone.see("/et/inbox")


async def test_another_partys_threads_are_not_there(database: Database, visitor: Visitors) -> None:
    matter = await begun(visitor(await citizen(database)))
    stranger = visitor(await citizen(database, code="EE49403136515", given_name="Mary", family_name="Änn"))
    await stranger.see(f"/et/inbox/{matter}/messages", 404)
    assert (await stranger.send(f"/et/inbox/{matter}/messages", text="Tere")).status_code == 404
    assert "Koduabi emale" not in await stranger.see("/et/messages")


async def home_and_member(database: Database) -> tuple[Party, Actor]:
    home = await citizen(database, code="EE70006317", given_name="Näidishoolekodu", family_name="")
    member = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    return home.party, actor(member.person, for_party=home.party, kind=RightKind.MANDATE)


async def test_a_legal_entitys_representative_writes_on_its_behalf(
    database: Database, visitor: Visitors
) -> None:
    home, member = await home_and_member(database)
    someone = visitor(member)
    assert "Näidishoolekodu" in await someone.see(NEW)
    matter = await begun(someone)
    [message] = await planned(database)
    assert (message.party.code, message.party.name) == (home.code, home.name)
    assert message.author == wire.Author(
        kind=wire.AuthorKind.REPRESENTATIVE,
        name="Mari-Liis Männik",
        code="EE49403136515",
        right=wire.RightRef(kind="mandate", source="population-register"),
    )
    assert "Teie, esindajana" in await someone.see(f"/et/inbox/{matter}/messages")
    async with database.read() as session:
        acts = (await session.execute(select(AuditRow.act, AuditRow.party_id))).all()
    assert ("message-written", home.id) in [tuple(row) for row in acts]


@pytest.mark.parametrize(
    "scope",
    [
        {"see", "fill", "send", "service:kov_toimetulekutoetus"},
        {"see", "fill", "send", f"matter:{new_id()}"},
        {"see", "fill"},
    ],
)
async def test_a_narrow_right_begins_no_thread_and_is_told_so(
    database: Database, visitor: Visitors, scope: set[str]
) -> None:
    who = await citizen(database)
    helper = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    narrow = actor(helper.person, for_party=who.party, kind=RightKind.MANDATE, scope=frozenset(scope))
    someone = visitor(narrow)
    assert "Selle esindusõigusega ei saa" in await someone.see(NEW, 403)
    answer = await someone.send(NEW, **TYPED)
    assert answer.status_code == 403
    if "send" in scope:
        assert TYPED["text"] in answer.text
    assert await planned(database) == []
    for path in ("/et/messages", "/et/inbox"):
        assert "/messages/new" not in await someone.see(path)


async def test_a_right_for_some_matters_shows_their_letters_only(
    database: Database, visitor: Visitors
) -> None:
    who = await citizen(database)
    matter = await matter_sent(database, who)
    await visitor(who).send(f"/et/inbox/{matter}/messages", text="Taotluse kohta")
    general = await begun(visitor(who))
    helper = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    scope = frozenset({"see", "fill", "send", f"matter:{matter}"})
    someone = visitor(actor(helper.person, for_party=who.party, kind=RightKind.MANDATE, scope=scope))
    page = await someone.see("/et/messages")
    assert "Taotluse kohta" in page
    assert "Koduabi emale" not in page
    await someone.see(f"/et/inbox/{general}/messages", 404)


async def test_what_a_child_writes_alone_the_parents_do_not_see(
    database: Database, visitor: Visitors
) -> None:
    child = await citizen(database, code="EE61111119907", given_name="Näidis", family_name="Laps")
    parent = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    await begun(visitor(child))
    assert "Koduabi emale" in await visitor(child).see("/et/messages")
    assert "Koduabi emale" not in await visitor(actor(parent.person, for_party=child.party)).see(
        "/et/messages"
    )


async def test_a_file_with_a_virus_asks_for_another_in_the_thread(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    someone = visitor(await citizen(database))
    answer = await someone.send(NEW, files={"files": PDF}, **TYPED)
    matter = UUID(answer.headers["location"].split("/")[3])
    async with database.write() as tx:
        file = await tx.scalar(select(FileRow.id))
        assert file is not None
        await file_withheld(tx, application_id=matter, file_id=file, name="kiri.pdf", slot="", at=clock.now())
    assert "Lisage uus fail: kiri.pdf" in await someone.see("/et/inbox")
    assert "Lisage uus fail: kiri.pdf" in await someone.see(f"/et/inbox/{matter}/messages")
    async with database.read() as session:
        task = await session.scalar(select(EntryRow.id).where(EntryRow.kind == "task"))
    again = await someone.send(f"/et/inbox/{matter}/tasks/{task}", files={"files": PDF})
    assert again.status_code == 303
    async with database.read() as session:
        row = (await session.execute(select(InteractionRow))).one()
    assert (row.state, row.whose_turn, row.next_task_id) == ("message", "authority", None)


async def test_a_letter_of_before_this_page_is_shown_as_well(database: Database, visitor: Visitors) -> None:
    """An entry from before rights were written down names nobody's right."""
    someone = visitor(await citizen(database))
    matter = await begun(someone)
    async with database.write() as tx:
        await tx.execute(update(EntryRow).values(content={"text": "Vana kiri"}))
    assert "Vana kiri" in await someone.see(f"/et/inbox/{matter}/messages")
    assert "Vana kiri" in await someone.see("/et/messages")
