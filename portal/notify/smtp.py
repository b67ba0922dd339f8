"""Handing one letter to the mail server, and what its answer means."""

import asyncio
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from portal.outbox import NotYet

_ONE_STEP: Final = 20.0
_ALTOGETHER: Final = 60.0
_NO_AUTHENTICATION: Final = 530


class Refused(Exception):
    """The server will not take a letter for this recipient: ever if `lasting`, else not now."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"recipient refused with {code}")
        self.code = code
        # "Authentication required" and 5.7.x (RFC 3463: policy) are for our operator, not a dead address.
        self.lasting = code >= 500 and code != _NO_AUTHENTICATION and not said.startswith("5.7.")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over; STARTTLS is used whenever the server offers it."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """Read `smtp://user:password@host:port`, `smtps://` for TLS from the start; raises `ValueError`."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("UKS_SMTP_URL must look like smtp://user:password@host:port")
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            parts.port or (465 if tls else 25),
            tls,
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
        )

    async def send(self, letter: EmailMessage, recipient: str) -> None:
        """Hand a letter over; raises `Refused` when it is about the recipient, `NotYet` for all else."""
        try:
            async with asyncio.timeout(_ALTOGETHER):
                await aiosmtplib.send(
                    letter,
                    recipients=[recipient],
                    hostname=self.host,
                    port=self.port,
                    username=self.user,
                    password=self.password,
                    use_tls=self.tls,
                    timeout=_ONE_STEP,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            refused = error.recipients[0]
            raise Refused(refused.code, refused.message) from error
        except aiosmtplib.SMTPDataError as error:
            # Some servers know the recipient's box only once they have the letter (RFC 5321 §4.2.5).
            raise Refused(error.code, error.message) from error
        except aiosmtplib.SMTPResponseException as error:
            raise NotYet(f"mail server answers {type(error).__name__} {error.code}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotYet(f"mail server: {type(error).__name__}") from error
