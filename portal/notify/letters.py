"""Writing the letters: text and HTML, in the person's language, and nothing about the person."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any, Final
from uuid import UUID

from portal.notify.notices import Kind
from portal.notify.warnings import Alarm
from portal.texts import Language, Texts


def _(text: str) -> str:
    return text


SUBJECTS: Final[dict[Kind, str]] = {
    "your-turn": _("Uks: Teid ootab ülesanne"),
    "message": _("Uks: Teile on uus kiri"),
    "decision": _("Uks: Teile on uus otsus"),
    "right-asked": _("Uks: Teilt küsitakse volitust"),
    "right-given": _("Uks: Teile antakse esindusõigus"),
    "right-ended": _("Uks: esindusõigus on lõppenud"),
    "acted": _("Uks: Teie eest tegutseti"),
}
CONFIRM_SUBJECT: Final = _("Uks: kinnitage oma e-posti aadress")
WARNING_SUBJECTS: Final[dict[Alarm, str]] = {
    "sign-in": _("Uks: sisselogimine uuest kohast"),
    "passkey": _("Uks: Teile lisati pääsuvõti"),
}
_LOOK_AT: Final[dict[Alarm, str]] = {"sign-in": "/me/sessions", "passkey": "/me/passkeys"}


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes letters; `sender` as in `Uks <teavitus@example.ee>`."""

    texts: Texts
    sender: str
    public_url: str

    def notice(self, kind: Kind, matter_id: UUID, language: Language) -> EmailMessage:
        """Write that something waits in Uks, with the way there."""
        place = f"/representation/{matter_id}" if kind.startswith("right-") else f"/inbox/{matter_id}"
        link = f"{self.public_url}/{language}{'/representation/acts' if kind == 'acted' else place}"
        return self._letter("emails/notice", SUBJECTS[kind], language, kind=kind, link=link)

    def warning(self, kind: Alarm, language: Language) -> EmailMessage:
        """Write what somebody has done in the reader's name, and what to do if it was not the reader."""
        link = f"{self.public_url}/{language}{_LOOK_AT[kind]}"
        return self._letter("emails/warning", WARNING_SUBJECTS[kind], language, kind=kind, link=link)

    def confirmation(self, token: str, language: Language) -> EmailMessage:
        """Write the letter whose link confirms its own address."""
        link = f"{self.public_url}/{language}/me/confirm/{token}"
        return self._letter("emails/confirm", CONFIRM_SUBJECT, language, link=link)

    def _letter(self, template: str, subject: str, language: Language, **context: Any) -> EmailMessage:
        context |= {"public_url": self.public_url, "subject": self.texts.say(language, subject)}
        letter = EmailMessage()
        letter["Subject"] = context["subject"]
        letter["From"] = sender_address(self.sender)
        # RFC 3834: out-of-office machines must not answer.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(self.texts.render(f"{template}.txt", language, context))
        letter.add_alternative(self.texts.render(f"{template}.html", language, context), subtype="html")
        letter["Content-Language"] = language
        return letter


def address_letter(letter: EmailMessage, *, to: str, planned: UUID, at: datetime) -> str:
    """Put the recipient, the time and the id on a letter; gives the address in the form that servers speak.

    The id is that of the planned effect, so a repeat is the same message to every mailbox.
    """
    user, _at, domain = to.rpartition("@")
    wire = f"{user}@{domain.encode('idna').decode()}"
    letter["To"] = Address(addr_spec=wire)
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{planned}@{letter['From'].addresses[0].domain}>"
    return wire


def sender_address(sender: str) -> Address:
    """Read `Name <user@domain>`."""
    name, spec = parseaddr(sender)
    return Address(name, addr_spec=spec)
