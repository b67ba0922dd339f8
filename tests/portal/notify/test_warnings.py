"""The mail about what a stranger might have done, through a real SMTP server: what to do, and nothing about anybody."""

import pytest
from sqlalchemy import select, update

from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.notify import Post, plan_warning
from portal.notify.tables import ContactRow
from portal.notify.warnings import Alarm
from portal.outbox import OutboxRow, deliver_next
from portal.texts import Language
from tests.portal.notify.conftest import Mailbox
from tests.portal.notify.test_notices import ADDRESS, parts, with_address

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("language", ["et", "en", "ru"])
@pytest.mark.parametrize(("kind", "place"), [("sign-in", "me/sessions"), ("passkey", "me/passkeys")])
async def test_it_leads_to_where_it_can_be_undone_and_names_nobody(
    database: Database,
    post: Post,
    mailbox: Mailbox,
    clock: FixedClock,
    language: Language,
    kind: Alarm,
    place: str,
) -> None:
    someone = await with_address(database, clock, language)
    async with database.write() as tx:
        await plan_warning(tx, kind, person_id=someone.person.id, about=new_id(), at=clock.now())
    assert await deliver_next(database, post.handlers(), clock)
    (letter,) = mailbox.letters
    assert letter["To"] == ADDRESS
    assert letter["Content-Language"] == language
    for text in parts(letter):
        assert f"https://uks.example/{language}/{place}" in text
    for text in (*parts(letter), str(letter)):
        for secret in (someone.person.given_name, someone.person.family_name, "38001085718", "127.0.0.1"):
            assert secret not in text


async def test_an_address_removed_meanwhile_is_not_written_to(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    async with database.write() as tx:
        await plan_warning(tx, "sign-in", person_id=someone.person.id, about=new_id(), at=clock.now())
        await tx.execute(update(ContactRow).values(address=None, confirmed_at=None))
    assert await deliver_next(database, post.handlers(), clock)
    assert mailbox.letters == []


async def test_an_address_that_is_gone_is_marked(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    mailbox.to_recipient = "550 5.1.1 no such user"
    async with database.write() as tx:
        await plan_warning(tx, "sign-in", person_id=someone.person.id, about=new_id(), at=clock.now())
    assert await deliver_next(database, post.handlers(), clock)
    async with database.read() as session:
        assert await session.scalar(select(ContactRow.failing_since)) == clock.now()
        assert (await session.scalars(select(OutboxRow.id))).all() == []
