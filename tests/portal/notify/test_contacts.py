"""Asking for an address and confirming it by the mailed link."""

import re

import pytest
from sqlalchemy import func, select

from portal import notify
from portal.audit import AuditRow
from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.identity import Actor
from portal.notify import Contact, Outcome, Post, TooManyMails, plan_notice
from portal.outbox import OutboxRow, deliver_next
from tests.factories import actor, party, person
from tests.portal.notify.conftest import Mailbox

pytestmark = pytest.mark.anyio


async def ask(
    db: Database, someone: Actor, clock: FixedClock, address: str = "jaak@post.example", form: object = None
) -> Outcome:
    async with db.write() as tx:
        return await notify.ask(
            tx, someone, address=address, language="et", form_id=form or new_id(), at=clock.now()  # type: ignore[arg-type]
        )  # fmt: skip


async def mailed_token(db: Database, post: Post, mailbox: Mailbox, clock: FixedClock) -> str:
    """Deliver what waits and give the token of the newest letter's link."""
    while await deliver_next(db, post.handlers(), clock):
        pass
    body = mailbox.letters[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"https://uks\.example/et/me/confirm/(\S+)", body.get_content())
    assert found is not None
    return found.group(1)


async def confirm(db: Database, someone: Actor, token: str, clock: FixedClock) -> Outcome:
    async with db.write() as tx:
        return await notify.confirm(tx, someone, token, clock.now())


async def contact_of(db: Database, someone: Actor) -> Contact:
    async with db.read() as session:
        contact = await notify.contact_of(session, someone)
    assert contact is not None
    return contact


async def waiting(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(OutboxRow)) or 0


async def test_an_address_is_used_only_after_its_link_was_opened(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    assert await ask(database, someone, clock) is Outcome.MAILED
    token = await mailed_token(database, post, mailbox, clock)
    before = await contact_of(database, someone)
    assert (before.address, before.asked) == (None, "jaak@post.example")
    clock.advance(hours=2)
    async with database.read() as session:
        assert await notify.link_state(session, someone, token, clock.now()) is Outcome.OPEN
    assert (await contact_of(database, someone)).confirmed_at is None
    assert await confirm(database, someone, token, clock) is Outcome.DONE
    after = await contact_of(database, someone)
    assert (after.address, after.asked, after.confirmed_at) == ("jaak@post.example", None, clock.now())


async def test_the_letter_names_nobody(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    await ask(database, actor(), clock, "info@post.example")
    await mailed_token(database, post, mailbox, clock)
    letter = mailbox.letters[0].as_string()
    for part in mailbox.letters[0].iter_parts():
        letter += part.get_content()
    for secret in ("Jaak", "Kristjan", "Jõeorg", "38001085718"):
        assert secret not in letter


async def test_confirming_twice_is_harmless(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    await ask(database, someone, clock)
    token = await mailed_token(database, post, mailbox, clock)
    await confirm(database, someone, token, clock)
    first = await contact_of(database, someone)
    clock.advance(days=3)
    assert await confirm(database, someone, token, clock) is Outcome.DONE
    assert await contact_of(database, someone) == first


async def test_another_persons_link_confirms_nothing(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    owner, other = actor(), actor(person("EE60001019906", "Mary Änn", "O’Connež-Šuslik Testnumber"))
    await ask(database, owner, clock)
    token = await mailed_token(database, post, mailbox, clock)
    assert await confirm(database, other, token, clock) is Outcome.OTHERS
    assert (await contact_of(database, owner)).address is None


@pytest.mark.parametrize("token", ["", "x", "õ" * 300, "' OR 1=1 --", "\x00"])
async def test_a_made_up_link_confirms_nothing(database: Database, clock: FixedClock, token: str) -> None:
    await ask(database, actor(), clock)
    assert await confirm(database, actor(), token, clock) is Outcome.UNKNOWN


async def test_a_link_ends_after_a_day(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    await ask(database, someone, clock)
    token = await mailed_token(database, post, mailbox, clock)
    clock.advance(hours=24, seconds=1)
    assert await confirm(database, someone, token, clock) is Outcome.EXPIRED
    assert (await contact_of(database, someone)).address is None


async def test_a_newer_link_ends_the_older_one(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    await ask(database, someone, clock)
    old = await mailed_token(database, post, mailbox, clock)
    await ask(database, someone, clock, "uus@post.example")
    new = await mailed_token(database, post, mailbox, clock)
    assert await confirm(database, someone, old, clock) is Outcome.UNKNOWN
    assert await confirm(database, someone, new, clock) is Outcome.DONE
    assert (await contact_of(database, someone)).address == "uus@post.example"


async def test_the_confirmed_address_stays_in_use_until_the_new_one_is_confirmed(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    await ask(database, someone, clock)
    await confirm(database, someone, await mailed_token(database, post, mailbox, clock), clock)
    await ask(database, someone, clock, "uus@post.example")
    async with database.write() as tx:
        await plan_notice(tx, party_id=someone.party.id, kind="message", matter_id=new_id(), at=clock.now())
    while await deliver_next(database, post.handlers(), clock):
        pass
    assert sorted(mailbox.recipients) == ["jaak@post.example", "jaak@post.example", "uus@post.example"]


async def test_the_same_form_sent_twice_mails_one_link(database: Database, clock: FixedClock) -> None:
    someone, form = actor(), new_id()
    await ask(database, someone, clock, form=form)
    await ask(database, someone, clock, form=form)
    assert await waiting(database) == 1


async def test_saving_a_confirmed_address_again_mails_nothing(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    await ask(database, someone, clock)
    await confirm(database, someone, await mailed_token(database, post, mailbox, clock), clock)
    async with database.write() as tx:
        outcome = await notify.ask(
            tx, someone, address="jaak@post.example", language="ru", form_id=new_id(), at=clock.now()
        )
    assert outcome is Outcome.SAVED
    assert (await contact_of(database, someone)).language == "ru"
    assert await waiting(database) == 0


async def test_five_links_a_day_are_mailed_and_no_more(database: Database, clock: FixedClock) -> None:
    someone = actor()
    for number in range(5):
        await ask(database, someone, clock, f"aadress{number}@post.example")
        clock.advance(hours=1)
    with pytest.raises(TooManyMails):
        await ask(database, someone, clock, "kuues@post.example")
    assert await waiting(database) == 5
    assert (await contact_of(database, someone)).asked == "aadress4@post.example"
    clock.advance(hours=20)
    assert await ask(database, someone, clock, "kuues@post.example") is Outcome.MAILED


async def test_removing_does_not_win_new_links(database: Database, clock: FixedClock) -> None:
    someone = actor()
    for _ in range(5):
        await ask(database, someone, clock)
        async with database.write() as tx:
            await notify.remove(tx, someone, clock.now())
    with pytest.raises(TooManyMails):
        await ask(database, someone, clock)


async def test_an_asked_address_that_does_not_exist_is_told(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    await ask(database, someone, clock)
    mailbox.to_recipient = "550 5.1.1 no such user"
    await deliver_next(database, post.handlers(), clock)
    assert (await contact_of(database, someone)).asked_failed_at == clock.now()
    assert await waiting(database) == 0
    mailbox.to_recipient = ""
    await ask(database, someone, clock)
    await mailed_token(database, post, mailbox, clock)
    assert (await contact_of(database, someone)).asked_failed_at is None


async def test_acting_for_another_the_contact_is_still_ones_own(
    database: Database, clock: FixedClock
) -> None:
    parent, child = person(), party(person("EE61509120994", "Liis", "Jõeorg"))
    for_child = actor(parent, for_party=child)
    await ask(database, for_child, clock)
    assert (await contact_of(database, actor(parent))).asked == "jaak@post.example"


async def test_each_change_is_in_the_trail(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = actor()
    await ask(database, someone, clock)
    await confirm(database, someone, await mailed_token(database, post, mailbox, clock), clock)
    async with database.write() as tx:
        await notify.remove(tx, someone, clock.now())
    async with database.read() as session:
        acts = (await session.scalars(select(AuditRow.act).order_by(AuditRow.id))).all()
    assert acts == ["contact.asked", "contact.confirmed", "contact.removed"]
    assert (await contact_of(database, someone)) == Contact("et", asked=None)
