"""Who did it: the person represented reads the name and the right, who did it reads "Teie"."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from core_bridge import wire
from inbox.model.doers import Viewer, deed, doer, signature
from inbox.model.speech import speech
from inbox.tables import EntryRow
from portal.clock import FixedClock
from portal.db import Database
from portal.identity import Actor, RightKind
from tests.factories import actor
from tests.inbox.conftest import Visitors
from tests.inbox.happenings import asked, citizen, decided, matter_sent, registered, star

pytestmark = pytest.mark.anyio

MARI = "EE47101010033"


def written(kind: str, code: str = MARI, right: str = "mandate") -> Mapping[str, Any]:
    author = {"kind": kind, "name": "Mari-Liis Männik", "code": code, "right": {"kind": right}}
    return {"author": author}


@pytest.mark.parametrize(
    ("lang", "right", "said"),
    [
        ("et", "mandate", "Saatis Mari-Liis Männik, volituse alusel."),
        ("et", "parent", "Saatis Mari-Liis Männik, lapsevanemana."),
        ("et", "adult_guardian", "Saatis Mari-Liis Männik, eestkostjana."),
        ("et", "foster_parent", "Saatis Mari-Liis Männik, hooldusperena."),
        ("et", "something-new", "Saatis Mari-Liis Männik, esindajana."),
        ("en", "mandate", "Sent by Mari-Liis Männik, under a mandate."),
        ("ru", "mandate", "Отправитель: Mari-Liis Männik, по доверенности."),
    ],
)
def test_another_is_named_with_the_right(lang: Any, right: str, said: str) -> None:
    by = doer(speech(lang), written("representative", right=right), Viewer("EE38001085718", False))
    assert deed(speech(lang), "sent", by) == said


def test_who_did_it_themselves_for_another_reads_you() -> None:
    by = doer(speech("et"), written("representative"), Viewer(MARI, False))
    assert deed(speech("et"), "replied", by) == "Vastasite Teie, volituse alusel."
    assert by is not None
    assert signature(speech("et"), by) == "Teie, volituse alusel"


def test_in_ones_own_matter_nothing_needs_saying() -> None:
    by = doer(speech("et"), written("citizen", right="self"), Viewer(MARI, False))
    assert deed(speech("et"), "sent", by) == ""
    assert by is not None
    assert signature(speech("et"), by) == "Teie"
    assert doer(speech("et"), {}, Viewer(MARI, False)) is None


def test_what_the_party_did_is_told_to_a_representative_by_name() -> None:
    by = doer(speech("et"), written("citizen", right="self"), Viewer("EE38001085718", False))
    assert deed(speech("et"), "withdrawal_asked", by) == "Tagasi palus Mari-Liis Männik."


async def both(database: Database) -> tuple[Actor, Actor]:
    aino = await citizen(database, code="EE49403136515", given_name="Aino", family_name="Näidis")
    mari = await citizen(database, code=MARI, given_name="Mari-Liis", family_name="Männik")
    return aino, actor(mari.person, for_party=aino.party, kind=RightKind.MANDATE)


async def newest(database: Database, kind: str) -> UUID:
    async with database.read() as session:
        found = await session.scalar(select(EntryRow.id).where(EntryRow.kind == kind))
    assert found is not None
    return found


async def test_the_whole_course_says_who_did_what(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    aino, mari = await both(database)
    mother, daughter = visitor(aino), visitor(mari)
    core, matter = star(database, clock), await matter_sent(database, mari)
    await core.says(registered(matter))
    await core.says(asked())
    await daughter.send(f"/et/inbox/{matter}/tasks/{await newest(database, 'task')}", text="Siin see on.")
    await core.says(decided())
    opened = f"/et/inbox/{matter}/decisions/{await newest(database, 'decision')}"
    await daughter.send(opened)

    page = await mother.see(f"/et/inbox/{matter}")
    assert "Taotlus saadeti" in page
    assert "Saatis Mari-Liis Männik, volituse alusel." in page
    assert "Asutusele vastati" in page
    assert "Vastas Mari-Liis Männik, volituse alusel. See on meil kindlalt alles" in page
    assert "Otsuse avas 17.11.2026 Mari-Liis Männik, volituse alusel." in page
    page = await mother.see(opened)
    assert "Mari-Liis Männik, volituse alusel" in page
    assert "Otsus avati 17.11.2026. Aega on 30 päeva" in page

    page = await daughter.see(f"/et/inbox/{matter}")
    assert "Saatsite taotluse" in page
    assert "Saatsite Teie, volituse alusel." in page
    assert "Vastasite Teie, volituse alusel." in page
    assert "Avasite otsuse 17.11.2026, volituse alusel." in page
    assert "Avasite otsuse 17.11.2026. Aega on 30 päeva" in await daughter.see(opened)
    for language, said in (("en", "Sent by Mari-Liis"), ("ru", "Отправитель: Mari-Liis")):
        assert said in await mother.see(f"/{language}/inbox/{matter}")
        await mother.see(f"/{language}/inbox/{matter}/decisions/{opened.rpartition('/')[2]}")


async def test_taking_back_says_who_asked(database: Database, clock: FixedClock, visitor: Visitors) -> None:
    aino, mari = await both(database)
    core, matter = star(database, clock), await matter_sent(database, aino)
    await core.says(registered(matter))
    await visitor(mari).send(f"/et/inbox/{matter}/withdrawal", reason="")
    page = await visitor(aino).see(f"/et/inbox/{matter}")
    assert "Taotlust paluti tagasi" in page
    assert "Tagasi palus Mari-Liis Männik, volituse alusel." in page
    assert "Saatsite taotluse" in page
    page = await visitor(mari).see(f"/et/inbox/{matter}")
    assert "Saatis Aino Näidis." in page
    assert "Tagasi palusite Teie, volituse alusel." in page


async def test_letters_of_both_are_signed(database: Database, clock: FixedClock, visitor: Visitors) -> None:
    aino, mari = await both(database)
    matter = await matter_sent(database, aino)
    path = f"/et/inbox/{matter}/messages"
    await visitor(aino).send(path, text="Minult.")
    await visitor(mari).send(path, text="Temalt.")
    mothers, daughters = await visitor(aino).see(path), await visitor(mari).see(path)
    assert '<strong>Aino Näidis</strong> <span class="meta">Teie</span>' in mothers
    assert '<strong>Mari-Liis Männik</strong> <span class="meta">volituse alusel</span>' in mothers
    assert '<strong>Aino Näidis</strong> <span class="meta"></span>' in daughters
    assert '<strong>Mari-Liis Männik</strong> <span class="meta">Teie, volituse alusel</span>' in daughters


async def test_an_entry_that_names_nobody_is_told_as_before(database: Database, visitor: Visitors) -> None:
    who = await citizen(database)
    matter = await matter_sent(database, who)
    async with database.write() as tx:
        await tx.execute(update(EntryRow).values(content={}))
    assert "Saatsite taotluse" in await visitor(who).see(f"/et/inbox/{matter}")


async def test_the_core_hears_who_opened_the_decision_as_before(
    database: Database, clock: FixedClock, visitor: Visitors
) -> None:
    aino, mari = await both(database)
    core, matter = star(database, clock), await matter_sent(database, aino)
    await core.says(registered(matter))
    await core.says(decided(challenge=wire.ChallengeInfo(authority=wire.AuthorityRef(code="0663", name="R"))))
    path = f"/et/inbox/{matter}/decisions/{await newest(database, 'decision')}"
    await visitor(mari).send(path)
    await visitor(aino).send(path)
    # The first opening counts.
    assert "Otsuse avas 17.11.2026 Mari-Liis Männik" in await visitor(aino).see(f"/et/inbox/{matter}")
