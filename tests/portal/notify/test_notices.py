"""Notices, through a real SMTP server: only that something waits, once, to a confirmed address."""

from dataclasses import replace
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from portal import notify
from portal.clock import FixedClock
from portal.db import Database, new_id
from portal.identity import Actor
from portal.notify import MailServer, Post, plan_notice
from portal.notify.notices import OfMatter
from portal.notify.tables import ContactRow
from portal.outbox import OutboxRow, deliver_next
from portal.texts import Language
from tests.factories import actor
from tests.portal.notify.conftest import Mailbox, Sent

pytestmark = pytest.mark.anyio
ADDRESS = "mari@post.example"


async def with_address(
    db: Database, clock: FixedClock, language: Language = "et", address: str = ADDRESS
) -> Actor:
    """Make somebody whose address is confirmed."""
    someone = actor()
    row = insert(ContactRow).values(
        person_id=someone.person.id, language=language, address=address, confirmed_at=clock.now(), mails=0
    )
    async with db.write() as tx:
        await tx.execute(row)
    return someone


async def planned(db: Database, someone: Actor, clock: FixedClock, kind: OfMatter = "your-turn") -> UUID:
    """Plan a notice about a matter that is only an id."""
    matter = new_id()
    async with db.write() as tx:
        await plan_notice(tx, party_id=someone.party.id, kind=kind, matter_id=matter, at=clock.now())
    return matter


async def outbox(db: Database) -> list[str | None]:
    """List the last errors of what still waits."""
    async with db.read() as session:
        return list((await session.scalars(select(OutboxRow.last_error))).all())


def parts(letter: EmailMessage) -> tuple[str, str]:
    """Give the text and the HTML of a letter."""
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@pytest.mark.parametrize("language", ["et", "en", "ru"])
@pytest.mark.parametrize("kind", ["your-turn", "message", "decision"])
async def test_a_notice_says_only_that_something_waits_and_where(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock, kind: OfMatter, language: Language
) -> None:
    someone = await with_address(database, clock, language)
    matter = await planned(database, someone, clock, kind)
    assert await deliver_next(database, post.handlers(), clock)
    (letter,) = mailbox.letters
    for text in (*parts(letter), str(letter)):
        for secret in (someone.person.given_name, someone.person.family_name, "38001085718", "toimetulek"):
            assert secret.lower() not in text.lower()
    for text in parts(letter):
        assert f"https://uks.example/{language}/inbox/{matter}" in text
        assert "&#39;" not in parts(letter)[0]
    assert letter["Content-Language"] == language
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["From"] == "Uks <teavitus@uks.example>"
    assert letter["To"] == ADDRESS
    assert await outbox(database) == []


async def test_the_moment_of_handing_over_is_told(
    database: Database, post: Post, sent: Sent, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    matter = await planned(database, someone, clock, "decision")
    clock.advance(minutes=3)
    await deliver_next(database, post.handlers(), clock)
    assert sent.notices == [(matter, "decision", clock.now())]


async def test_nothing_is_planned_without_a_confirmed_address(
    database: Database, post: Post, clock: FixedClock
) -> None:
    someone = actor()
    await planned(database, someone, clock)
    async with database.write() as tx:
        await notify.ask(
            tx, someone, address="jaak@post.example", language="et", form_id=new_id(), at=clock.now()
        )
    await deliver_next(database, post.handlers(), clock)
    await planned(database, someone, clock)
    assert await outbox(database) == []


async def test_an_address_removed_meanwhile_gets_nothing(
    database: Database, post: Post, mailbox: Mailbox, sent: Sent, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    await planned(database, someone, clock)
    async with database.write() as tx:
        await notify.remove(tx, someone, clock.now())
    await deliver_next(database, post.handlers(), clock)
    assert (mailbox.letters, sent.notices, await outbox(database)) == ([], [], [])


async def test_an_address_with_foreign_letters_in_its_domain_is_reached(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    await planned(database, await with_address(database, clock, address="mari@jõgeva.example"), clock)
    await deliver_next(database, post.handlers(), clock)
    assert mailbox.recipients == ["mari@xn--jgeva-dua.example"]


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "553 what?", "552 5.2.2 full"])
async def test_an_address_that_does_not_exist_is_given_up_and_marked(
    database: Database, post: Post, mailbox: Mailbox, sent: Sent, clock: FixedClock, answer: str
) -> None:
    someone = await with_address(database, clock)
    await planned(database, someone, clock)
    mailbox.to_recipient = answer
    await deliver_next(database, post.handlers(), clock)
    assert (sent.notices, await outbox(database)) == ([], [])
    async with database.read() as session:
        contact = await notify.contact_of(session, someone)
    assert contact is not None
    assert contact.failing_since == clock.now()
    await planned(database, someone, clock)
    assert await outbox(database) == []


async def test_a_letter_refused_after_it_was_sent_marks_the_address_too(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    await planned(database, someone, clock)
    mailbox.to_letter = "550 5.1.1 no such user after all"
    await deliver_next(database, post.handlers(), clock)
    async with database.read() as session:
        contact = await notify.contact_of(session, someone)
    assert contact is not None
    assert contact.failing_since


@pytest.mark.parametrize(
    "answer", ["451 4.3.0 later", "530 5.7.0 sign in first", "554 5.7.1 relaying denied"]
)
async def test_trouble_of_the_server_is_tried_again_and_is_no_fault_of_the_address(
    database: Database, post: Post, mailbox: Mailbox, sent: Sent, clock: FixedClock, answer: str
) -> None:
    someone = await with_address(database, clock)
    matter = await planned(database, someone, clock)
    mailbox.to_recipient = answer
    await deliver_next(database, post.handlers(), clock)
    assert await outbox(database) == [f"the recipient's mail server answers {answer[:3]}"]
    mailbox.to_recipient = ""
    clock.advance(minutes=10)
    await deliver_next(database, post.handlers(), clock)
    assert len(mailbox.letters) == 1
    assert [notice[0] for notice in sent.notices] == [matter]


async def test_a_recipient_put_off_for_five_days_is_given_up(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    await planned(database, someone, clock)
    mailbox.to_recipient = "452 4.2.2 mailbox full"
    await deliver_next(database, post.handlers(), clock)
    assert len(await outbox(database)) == 1
    clock.advance(days=5, minutes=1)
    await deliver_next(database, post.handlers(), clock)
    assert await outbox(database) == []
    async with database.read() as session:
        contact = await notify.contact_of(session, someone)
    assert contact is not None
    assert contact.failing_since == clock.now()


async def test_a_mail_server_that_is_down_loses_nothing(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    await planned(database, someone, clock)
    nobody_listens = replace(post, server=MailServer("127.0.0.1", 9))
    for _ in range(3):
        await deliver_next(database, nobody_listens.handlers(), clock)
        assert await outbox(database) == ["mail server: SMTPConnectError"]
        clock.advance(days=4)
    await deliver_next(database, post.handlers(), clock)
    assert len(mailbox.letters) == 1
    assert await outbox(database) == []


async def test_a_repeat_after_a_crash_is_the_same_message(
    database: Database, post: Post, mailbox: Mailbox, clock: FixedClock
) -> None:
    someone = await with_address(database, clock)
    await planned(database, someone, clock)

    async def crash(*_: object) -> None:
        raise ConnectionError("the worker died after the letter was handed over")

    await deliver_next(database, replace(post, on_sent=crash).handlers(), clock)
    clock.advance(minutes=5)
    await deliver_next(database, post.handlers(), clock)
    first, second = mailbox.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@uks.example>")
    assert await outbox(database) == []
