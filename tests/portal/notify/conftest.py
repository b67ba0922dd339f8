"""A real SMTP server that answers as it is told, and a post office of ours that hands letters to it."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller

from portal.clock import FixedClock
from portal.db import Database, Transaction
from portal.notify import Kind, MailServer, Post, Writer
from portal.texts import Texts


@dataclass
class Mailbox:
    """Keeps what arrives; `to_recipient` and `to_letter` are answered instead of 250 when set."""

    port: int
    to_recipient: str = ""
    to_letter: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _s: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_letter:
            return self.to_letter
        self.recipients += envelope.rcpt_tos
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"


@dataclass
class Sent:
    """What the post office said it had handed over."""

    notices: list[tuple[UUID, Kind, datetime]] = field(default_factory=list)

    async def note(self, _tx: Transaction, matter_id: UUID, kind: Kind, at: datetime) -> None:
        self.notices.append((matter_id, kind, at))


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Mailbox(free.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def post(database: Database, mailbox: Mailbox, clock: FixedClock, sent: Sent) -> Post:
    writer = Writer(Texts.load(), "Uks <teavitus@uks.example>", "https://uks.example")
    return Post(database, MailServer("127.0.0.1", mailbox.port), writer, clock, sent.note)
