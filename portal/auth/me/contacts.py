"""The form that takes an e-mail address, and what an address must look like to be written to."""

import re
import unicodedata
from typing import Any, Final

from wtforms import (  # type: ignore[attr-defined]
    EmailField,
    RadioField,
    SelectChoice,
)

from portal.ui import PortalForm

_LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOP: Final = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")


def _(text: str) -> str:
    return text


# Each language is named in itself, so the names are not translated.
KINDS_OF_LETTER: Final = (("et", "eesti keeles"), ("en", "in English"), ("ru", "по-русски"))
WRONG_LANGUAGE: Final = _("Valige, mis keeles Teile kirjutame")


class ContactForm(PortalForm):
    """Where a person wants to be written to, and in which language."""

    address = EmailField(render_kw={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"})
    language = RadioField(
        choices=[SelectChoice(code, name) for code, name in KINDS_OF_LETTER], validate_choice=False
    )

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.address.flags.required = True
        self.language.flags.required = True


class BadAddress(ValueError):
    """The text is no address to write to; the message is an Estonian msgid that says how to mend it."""


def read_address(typed: str | None) -> str:
    """Give the address in its one spelling (RFC 5321 §4.1.2); raises `BadAddress`."""
    text = unicodedata.normalize("NFC", typed or "").strip()
    if not text:
        raise BadAddress(_("Kirjutage oma e-posti aadress, näiteks nimi@naide.ee"))
    local, at, domain = text.rpartition("@")
    if not at or not local:
        raise BadAddress(_("Aadressis puudub märk @ või nimi selle ees. Õige on näiteks nimi@naide.ee"))
    if any(character.isspace() for character in text):
        raise BadAddress(_("Kustutage aadressist tühikud"))
    if any(unicodedata.category(character).startswith("C") for character in text):
        raise BadAddress(_("Aadressis on nähtamatu märk. Kirjutage aadress uuesti, ärge kopeerige"))
    if len(text) > _LONGEST or len(local) > _LONGEST_LOCAL:
        raise BadAddress(_("Aadress on liiga pikk. Kontrollige, kas see on õigesti kirjutatud"))
    if not _LOCAL.fullmatch(local):
        raise BadAddress(_("Märgi @ ees võivad olla ainult täpitähtedeta tähed, numbrid, punkt ja kriipsud"))
    if not _is_domain(domain):
        raise BadAddress(_("Kontrollige aadressi lõppu pärast märki @. Õige on näiteks nimi@naide.ee"))
    return f"{local}@{domain.lower()}"


def _is_domain(domain: str) -> bool:
    try:
        labels = domain.lower().encode("idna").decode().split(".")
    except UnicodeError:
        return False
    whole = sum(len(label) + 1 for label in labels) <= _LONGEST - _LONGEST_LOCAL
    return (
        whole and len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and bool(_TOP.fullmatch(labels[-1]))
    )
