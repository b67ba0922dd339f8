"""The demo's post office: a real SMTP server that keeps letters in memory, and a page to read them."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from aiosmtpd.controller import Controller
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from portal.clock import TALLINN, Clock

_TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "demo" / "mail"
_LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that has arrived; `html_only` marks one without a text part."""

    number: int
    sender: str
    recipients: Sequence[str]
    subject: str
    text: str
    html_only: bool
    arrived_at: datetime
    headers: Sequence[tuple[str, str]]


@dataclass(slots=True)
class Mailbox:
    """All letters, oldest first; shared between the SMTP server's thread and the page."""

    clock: Clock
    refusing: bool = False
    _letters: list[Letter] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def letters(self) -> Sequence[Letter]:
        """Give what has arrived."""
        with self._lock:
            return tuple(self._letters)

    def to(self, address: str) -> Sequence[Letter]:
        """Give what has arrived for one address."""
        return [letter for letter in self.letters() if address in letter.recipients]

    def clear(self) -> None:
        """Throw everything away."""
        with self._lock:
            self._letters.clear()

    def take(self, sender: str, recipients: Sequence[str], content: bytes) -> None:
        """Keep a letter."""
        message = message_from_bytes(content, policy=policy.default)
        text, html_only = _text(message)
        with self._lock:
            number = self._letters[-1].number + 1 if self._letters else 1
            self._letters.append(
                Letter(
                    number, sender, tuple(recipients), str(message["Subject"] or ""), text, html_only,
                    self.clock.now(), [(name, str(value)) for name, value in message.items()],
                )
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Receiver:
    mailbox: Mailbox

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.mailbox.refusing:
            return "451 4.3.0 Try again later"
        self.mailbox.take(envelope.mail_from or "", envelope.rcpt_tos, envelope.content)
        return "250 2.0.0 Kept"


def smtp_server(mailbox: Mailbox, port: int) -> Controller:
    """Make the SMTP server, bound to loopback; the caller calls `start()` and `stop()`."""
    return Controller(_Receiver(mailbox), hostname="127.0.0.1", port=port, ident="Uks demo")


def create_mail_viewer(mailbox: Mailbox) -> Starlette:
    """Make the page on which the letters are read."""
    pages = _Pages(mailbox)
    return Starlette(
        routes=[
            Route("/", pages.index),
            Route("/letters/{number:int}", pages.letter),
            Route("/clear", pages.clear, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_TEMPLATES / "static")),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Pages:
    mailbox: Mailbox

    async def index(self, _request: Request) -> Response:
        return _render("index.html", letters=self.mailbox.letters()[::-1])

    async def letter(self, request: Request) -> Response:
        number = request.path_params["number"]
        found = next((one for one in self.mailbox.letters() if one.number == number), None)
        if found is None:
            return _render("index.html", 404, letters=self.mailbox.letters()[::-1])
        return _render("letter.html", letter=found)

    async def clear(self, _request: Request) -> Response:
        self.mailbox.clear()
        return RedirectResponse("/", 303)


def with_links(text: str) -> Markup:
    """Make the addresses in a letter clickable; everything else stays text."""
    parts, end = [], 0
    for match in _LINK.finditer(text):
        parts += [escape(text[end : match.start()]), Markup('<a href="{0}">{0}</a>').format(match.group())]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _text(message: EmailMessage) -> tuple[str, bool]:
    plain = message.get_body(("plain",))
    if plain is not None:
        return str(plain.get_content()), False
    return "", message.get_body(("html",)) is not None


def _moment(moment: datetime) -> str:
    return moment.astimezone(TALLINN).strftime("%d.%m.%Y, kell %H.%M")


_ENVIRONMENT: Final = Environment(
    autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(_TEMPLATES), trim_blocks=True
)
_ENVIRONMENT.filters |= {"moment": _moment, "with_links": with_links}


def _render(template: str, status: int = 200, **context: Any) -> Response:
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(**context), status, _HEADERS)
