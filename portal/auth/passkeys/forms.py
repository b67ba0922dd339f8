"""The forms of a person's own passkeys."""

import unicodedata
from typing import Any, Final

from wtforms import HiddenField, StringField

from portal.ui import PortalForm

LONGEST_NAME: Final = 60


def _(text: str) -> str:
    return text


NAMELESS: Final = _("Andke pääsuvõtmele nimi, näiteks „Minu telefon“")
LONG_NAME: Final = _("Nimi on liiga pikk. Kirjutage kuni 60 tähte")


class NameForm(PortalForm):
    """What a person calls a passkey."""

    name = StringField(render_kw={"autocomplete": "off", "maxlength": LONGEST_NAME})

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.name.flags.required = True


class AddForm(NameForm):
    """A name, and what the browser's authenticator answered; the script fills the answer in."""

    credential = HiddenField()


def read_name(typed: str | None) -> tuple[str, str | None]:
    """Give the name as it is kept, and the msgid of what is wrong with it, if anything is."""
    shown = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in typed or "")
    name = " ".join(unicodedata.normalize("NFC", shown).split())
    if not name:
        return name, NAMELESS
    return name, LONG_NAME if len(name) > LONGEST_NAME else None
