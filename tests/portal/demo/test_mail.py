from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from smtplib import SMTP, SMTPDataError

import pytest
from starlette.testclient import TestClient

from portal.clock import FixedClock
from portal.demo.mail import Mailbox, create_mail_viewer, smtp_server, with_links

PORT = 18125


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    mailbox = Mailbox(FixedClock(datetime(2026, 11, 12, 12, 2, tzinfo=UTC)))
    server = smtp_server(mailbox, PORT)
    server.start()
    yield mailbox
    server.stop()


def post(*, html: bool = False) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "uks@example.ee", "mari@example.ee", "Teile on õiend"
    letter.set_content("Avage http://localhost:8000/et/inbox?a=1&b=2.\n<b>tere</b>\n")
    if html:
        letter.add_alternative("<p>Tere</p>", subtype="html")
    with SMTP("127.0.0.1", PORT) as server:
        server.send_message(letter, to_addrs=["mari@example.ee"])


def test_a_letter_sent_by_smtp_is_listed_and_shown(mailbox: Mailbox) -> None:
    post(html=True)
    browser = TestClient(create_mail_viewer(mailbox))
    assert "Teile on õiend" in browser.get("/").text
    page = browser.get("/letters/1").text
    assert '<a href="http://localhost:8000/et/inbox?a=1&amp;b=2">' in page
    assert "&lt;b&gt;tere&lt;/b&gt;" in page
    assert "12.11.2026, kell 14.02" in page


def test_an_unknown_letter_is_not_found(mailbox: Mailbox) -> None:
    assert TestClient(create_mail_viewer(mailbox)).get("/letters/7").status_code == 404


def test_letters_are_found_by_address_and_thrown_away(mailbox: Mailbox) -> None:
    post()
    assert [letter.subject for letter in mailbox.to("mari@example.ee")] == ["Teile on õiend"]
    TestClient(create_mail_viewer(mailbox)).post("/clear")
    assert not mailbox.letters()


def test_a_refusing_server_says_try_later_and_keeps_nothing(mailbox: Mailbox) -> None:
    mailbox.refusing = True
    with pytest.raises(SMTPDataError, match="451"):
        post()
    assert not mailbox.letters()


def test_the_full_stop_after_an_address_is_not_part_of_it() -> None:
    assert with_links("vt https://a.ee/b.") == 'vt <a href="https://a.ee/b">https://a.ee/b</a>.'
