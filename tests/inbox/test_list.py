"""The list: what waits for the person first, and nothing of anybody else's."""

import gc
from datetime import date, timedelta
from uuid import UUID

import pytest
from jinja2.runtime import Context
from sqlalchemy import insert

from inbox.matters import draft_gone, draft_saved, sent
from inbox.tables import FeedRow
from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.identity import Actor
from tests.inbox.conftest import Visitors
from tests.inbox.happenings import SENT_AT, asked, citizen, decided, letter, matter_sent, registered, star

pytestmark = pytest.mark.anyio


async def draft(database: Database, who: Actor, clock: FixedClock, draft_id: UUID | None = None) -> UUID:
    made = draft_id or new_id()
    async with database.write() as tx:
        await draft_saved(
            tx,
            id=made,
            actor=who,
            journey="kov_toimetulekutoetus",
            period="2026-11",
            authority_code="0663",
            at=clock.now(),
            expires_at=clock.now() + timedelta(days=90),
        )
    return made


async def test_an_empty_list_says_what_comes_here(database: Database, visitor: Visitors) -> None:
    page = await visitor(await citizen(database)).see("/et/inbox")
    assert "Siin ei ole veel midagi" in page
    assert "Uus taotlus" in page


async def test_an_application_is_there_at_once_before_the_core_knows(
    database: Database, visitor: Visitors
) -> None:
    who = await citizen(database)
    matter = await matter_sent(database, who, handed=False)
    page = await visitor(who).see("/et/inbox")
    assert "Toimetulekutoetus, november" in page
    assert "Taotlus on meil kindlalt alles" in page
    assert f"/et/inbox/{matter}" in page
    assert "Linna kord" in page


async def test_what_waits_for_the_person_stands_in_the_panel_and_is_not_repeated(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core = star(database, clock)
    await core.says(registered(await matter_sent(database, who)))
    await core.says(asked())
    page = await visitor(who).see("/et/inbox")
    assert page.count("Lisage pangakonto väljavõte") == 1
    assert "Tähtaeg reedel, 20.\xa0novembril. Jäänud on 3 päeva." in page
    assert "1 asi ootab Teid." in page
    assert "Veel ootab Teid" not in page


async def test_the_earliest_last_day_comes_first(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core = star(database, clock)
    for number, day in enumerate((date(2026, 11, 25), date(2026, 11, 19)), 1):
        await core.says(registered(await matter_sent(database, who), f"p{number}"), f"proceedings/p{number}")
        await core.says(
            asked(due_on=day).model_copy(
                update={"proceeding_id": f"p{number}", "title": f"Küsimus {number}"}
            ),
            f"proceedings/p{number}",
        )
    page = await visitor(who).see("/et/inbox")
    assert page.index("Küsimus 2") < page.index("Veel ootab Teid") < page.index("Küsimus 1")


async def test_a_draft_is_unsent_and_leads_to_its_form_until_it_is_sent(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    made = await draft(database, who, clock)
    page = await visitor(who).see("/et/inbox")
    assert f"/et/drafts/{made}" in page
    assert "Kustub" in page
    assert "15.02.2027" in page
    async with database.write() as tx:
        await sent(
            tx,
            id=made,
            actor=who,
            journey="kov_toimetulekutoetus",
            period="2026-11",
            authority_code="0663",
            core="STAR",
            at=SENT_AT,
        )
    await draft(database, who, clock, made)
    page = await visitor(who).see("/et/inbox")
    assert f"/et/inbox/{made}" in page
    assert "Saatmata" not in page


async def test_a_deleted_draft_is_gone_but_what_was_sent_stays(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    made, matter = await draft(database, who, clock), await matter_sent(database, who)
    async with database.write() as tx:
        await draft_gone(tx, made)
        await draft_gone(tx, matter)
    page = await visitor(who).see("/et/inbox")
    assert str(made) not in page
    assert str(matter) in page


async def test_nobody_sees_another_partys_matters(database: Database, visitor: Visitors) -> None:
    matter = await matter_sent(database, await citizen(database))
    other = await citizen(database, code="EE49403136515", given_name="Mari-Liis", family_name="Männik")
    assert str(matter) not in await visitor(other).see("/et/inbox")
    for path in ("", "/messages", "/withdrawal", f"/tasks/{matter}", f"/decisions/{matter}"):
        await visitor(other).see(f"/et/inbox/{matter}{path}", 404)


async def test_an_outage_is_said_beside_what_is_known(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    await matter_sent(database, who)
    async with database.write() as tx:
        await tx.execute(
            insert(FeedRow).values(
                core="STAR", cursor="7", read_at=clock.now() - timedelta(hours=20), failing_since=clock.now()
            )
        )
    page = await visitor(who).see("/et/inbox")
    assert "Rakvere Linnavalitsus ei vasta praegu." in page
    assert "Selle asutuse asjad on seisuga eile, kell 18.00." in page
    assert "Toimetulekutoetus, november" in page


async def test_an_unopened_decision_says_nothing_of_its_content(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core = star(database, clock)
    await core.says(registered(await matter_sent(database, who)))
    await core.says(decided())
    page = await visitor(who).see("/et/inbox")
    assert "Otsus on kohal" in page
    assert "299" not in page


async def test_filters_show_one_part_and_keep_the_counts(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    who = await citizen(database)
    core = star(database, clock)
    await draft(database, who, clock)
    await core.says(registered(await matter_sent(database, who)))
    await core.says(letter(who, None, title="Küsimus hooldajatoetuse kohta"), "threads/core-thread")
    page = await visitor(who).see("/et/inbox?show=drafts")
    assert "Saatmata" in page
    assert "Küsimus hooldajatoetuse kohta" not in page
    page = await visitor(who).see("/et/inbox?show=letters&authority=0663")
    assert "1 uus kiri" in page
    await visitor(who).see("/et/inbox?show=%00nonsense&authority=%27--")


@pytest.mark.parametrize("language", ["et", "en", "ru"])
async def test_the_list_is_two_statements_at_most_however_long(
    database: Database, clock: FixedClock, visitor: Visitors, language: str
) -> None:
    who = await citizen(database)
    for _ in range(20):
        await matter_sent(database, who)
    said: list[str] = []
    database.hear(said.append)
    await visitor(who).see(f"/{language}/inbox")
    assert len(said) == 1


async def test_nothing_of_a_page_that_was_shown_waits_for_the_garbage_collector(
    database: Database, visitor: Visitors
) -> None:
    who = await citizen(database)
    await matter_sent(database, who)
    gc.collect()
    gc.disable()
    try:
        await visitor(who).see("/et/inbox")
        left = [
            each for each in gc.get_objects() if isinstance(each, Context) and each.name == "inbox/list.html"
        ]
    finally:
        gc.enable()
    assert not left
