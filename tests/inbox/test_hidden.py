"""A matter that is only for one of those who act for a party, and a right that is only for some matters."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from inbox.matters import sent
from inbox.tables import EntryRow, InteractionRow
from portal.db import new_id
from portal.identity import ALL_ABILITIES, RightKind
from portal.notify.tables import ContactRow
from portal.outbox import OutboxRow
from tests.factories import actor, party
from tests.inbox.happenings import SENT_AT, asked, citizen, matter_sent, registered, star

pytestmark = pytest.mark.anyio

SAARA = {"code": "EE61706119949", "given_name": "Saara", "family_name": "Jõeorg"}
MOTHER = {"code": "EE47101010033", "given_name": "Mari-Liis", "family_name": "Männik"}


@pytest.fixture
async def people(database):
    """The child, the mother who files, and the father."""
    child, mother, father = [await citizen(database, **who) for who in (SAARA, MOTHER, {})]
    return child, *(actor(each.person, for_party=party(child.person)) for each in (mother, father))


async def filed(database, filer, only_for: UUID | None) -> UUID:
    matter = new_id()
    async with database.write() as tx:
        await sent(
            tx,
            id=matter,
            actor=filer,
            only_for=only_for,
            journey="tugiisik",
            period=None,
            authority_code="0663",
            core="STAR",
            at=SENT_AT,
        )
    return matter


async def task_of(database, matter) -> UUID:
    async with database.read() as session:
        found: UUID | None = await session.scalar(
            select(EntryRow.id).where(EntryRow.interaction_id == matter, EntryRow.kind == "task")
        )
    assert found is not None
    return found


async def test_the_other_parent_finds_it_at_no_address_and_can_do_nothing_in_it(
    database, clock, visitor, people
):
    child, mother, father = people
    matter = await filed(database, mother, mother.person.id)
    core = star(database, clock)
    await core.says(registered(matter))
    await core.says(asked())
    task = await task_of(database, matter)
    pages = ("", f"/tasks/{task}", "/messages", "/withdrawal")
    for who in (child, mother):
        for page in pages:
            await visitor(who).see(f"/et/inbox/{matter}{page}")
        assert str(matter) in await visitor(who).see("/et/inbox")
    shut_out = visitor(father)
    assert str(matter) not in await shut_out.see("/et/inbox")
    for page in pages:
        await shut_out.see(f"/et/inbox/{matter}{page}", status=404)
        answer = await shut_out.send(f"/et/inbox/{matter}{page}", text="Tere", reason="x")
        assert answer.status_code in (404, 405), page
    async with database.read() as session:
        entry = (await session.execute(select(EntryRow).where(EntryRow.id == task))).one()
        row = (await session.execute(select(InteractionRow).where(InteractionRow.id == matter))).one()
    assert (entry.done_at, row.withdrawal_at, row.filed_by) == (None, None, mother.person.id)


async def test_a_further_proceeding_of_it_is_hidden_too(database, clock, visitor, people):
    _child, mother, father = people
    matter = await filed(database, mother, mother.person.id)
    core = star(database, clock)
    await core.says(registered(matter))
    await core.says(registered(matter, "p2"), "proceedings/p2")
    async with database.read() as session:
        rows = (await session.execute(select(InteractionRow.only_for, InteractionRow.filed_by))).all()
    assert [tuple(row) for row in rows] == [(mother.person.id, mother.person.id)] * 2
    assert str(matter) not in await visitor(father).see("/et/inbox")


async def test_what_has_ended_is_not_counted_for_who_may_not_see_it(database, visitor, people):
    _child, mother, father = people
    matter = await filed(database, mother, mother.person.id)
    async with database.write() as tx:
        await tx.execute(update(InteractionRow).values(closed=True))
    assert str(matter) in await visitor(mother).see("/et/inbox/ended")
    assert str(matter) not in await visitor(father).see("/et/inbox/ended")


async def test_a_right_for_one_matter_reaches_no_other(database, visitor):
    aino = await citizen(database)
    one, other = await matter_sent(database, aino), await filed(database, aino, None)
    niece = (await citizen(database, **MOTHER)).person
    for scope, seen in (
        (f"matter:{one}", (True, False)),
        ("service:tugiisik", (False, True)),
        ("service:koduteenus", (False, False)),
    ):
        limited = actor(
            niece,
            for_party=party(aino.person),
            kind=RightKind.MANDATE,
            scope=ALL_ABILITIES | {scope},
        )
        listed = await visitor(limited).see("/et/inbox")
        for matter, reached in zip((one, other), seen, strict=True):
            await visitor(limited).see(f"/et/inbox/{matter}", status=200 if reached else 404)
            assert (str(matter) in listed) == reached
            answer = await visitor(limited).send(f"/et/inbox/{matter}/withdrawal", reason="x")
            assert answer.status_code == (303 if reached else 404)


async def test_the_notice_of_a_hidden_matter_goes_to_who_may_know_of_it(database, clock, people):
    child, mother, father = people
    async with database.write() as tx:
        for each in (child, mother, father):
            confirmed = insert(ContactRow).values(
                person_id=each.person.id,
                language="et",
                address=f"{each.person.given_name}@naide.ee",
                confirmed_at=datetime(2026, 11, 1, tzinfo=UTC),
            )
            await tx.execute(confirmed)
    matter = await filed(database, mother, mother.person.id)
    core = star(database, clock)
    await core.says(registered(matter))
    await core.says(asked())
    async with database.read() as session:
        told = [
            row.payload["person"]
            for row in (await session.execute(select(OutboxRow))).all()
            if row.topic == "notify.mail"
        ]
    assert str(father.person.id) not in told
    assert set(told) <= {str(child.person.id), str(mother.person.id)}
    assert told
