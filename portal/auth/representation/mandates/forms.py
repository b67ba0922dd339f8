"""The forms by which a mandate is given, asked for and accepted."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from wtforms import (  # type: ignore[attr-defined]
    BooleanField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
)

from portal.auth.representation.mandates.rules import Fault, Terms
from portal.identity import Ability, is_isikukood
from portal.ui import PortalForm, Visit

Choices = Sequence[tuple[str, str]]
_DAY: Final = re.compile(r"(\d{1,2})[.\-/ ](\d{1,2})[.\-/ ](\d{4})|(\d{4})-(\d{2})-(\d{2})")
_LEVELS: Final[Mapping[str, frozenset[str]]] = {
    "see": frozenset({Ability.SEE}),
    "fill": frozenset({Ability.SEE, Ability.FILL}),
    "send": frozenset({Ability.SEE, Ability.FILL, Ability.SEND}),
}


def _(text: str) -> str:
    return text


LEVELS: Final = (
    ("see", _("Ainult vaadata")),
    ("fill", _("Vaadata ja taotlusi ette valmistada")),
    ("send", _("Vaadata, ette valmistada ja saata")),
)
EXTENTS: Final = (("all", _("Kõigis sotsiaalabi asjades")), ("some", _("Ainult valitud asjades")))
_FAULTS: Final[Mapping[Fault, tuple[str, str]]] = {
    Fault.NOT_A_PERSON: ("code", _("Kirjutage Eesti isikukood: 11 numbrit")),
    Fault.ONESELF: ("code", _("See on Teie enda isikukood. Kirjutage teise inimese oma")),
    Fault.MINOR: ("code", _("Volitust saavad anda ja vastu võtta ainult täisealised")),
    Fault.SCOPE: ("limits", _("Valige vähemalt üks teenus või asi")),
    Fault.PAST: ("last_day", _("See päev on möödas. Valige tänane või hilisem päev")),
    Fault.TOO_LONG: ("last_day", _("Volitus kehtib kõige rohkem ühe aasta. Valige varasem päev")),
    Fault.ALREADY: ("code", _("Selle inimesega on Teil volitus juba olemas või ootab vastust")),
    Fault.TOO_MANY: ("", _("Vastust ootab juba 20 Teie saadetud volitust. Lõpetage enne mõni neist")),
    Fault.FOR_ANOTHER: ("", _("Volitusi saate anda, küsida ja vastu võtta ainult enda nimel")),
    Fault.CAPACITY: (
        "",
        _(
            "Rahvastikuregistri järgi ei saa Te volitust anda. Küsimuste korral pöörduge kohaliku omavalitsuse poole"
        ),
    ),
}


class TermsForm(PortalForm):
    """What a mandate is for, and until when."""

    extent = RadioField(validate_choice=False)
    limits = SelectMultipleField(validate_choice=False)
    level = RadioField(validate_choice=False)
    notices = BooleanField()
    last_day = StringField(render_kw={"autocomplete": "off", "maxlength": "10"})

    def __init__(self, formdata: Any = None, *, limits: Choices = (), visit: Visit, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.limits.choices = [SelectChoice(value, text) for value, text in limits]
        self.extent.choices = [SelectChoice(value, visit.gettext(text)) for value, text in EXTENTS]
        self.level.choices = [SelectChoice(value, visit.gettext(text)) for value, text in LEVELS]
        for field in (self.extent, self.level, self.last_day):
            field.flags.required = True

    def terms(self, visit: Visit) -> Terms | None:
        """Read the terms; None with the fields' errors set when something is missing or cannot be read."""
        day = read_day(self.last_day.data)
        if day is None:
            self.last_day.errors = [visit.gettext(_("Kirjutage päev nii: 31.12.2026"))]
        if self.level.data not in _LEVELS:
            self.level.errors = [visit.gettext(_("Valige, mida see inimene võib teha"))]
        if self.extent.data not in ("all", "some"):
            self.extent.errors = [visit.gettext(_("Valige, kas volitus on kõigis asjades või ainult mõnes"))]
        chosen = self._chosen()
        if self.extent.data == "some" and not chosen:
            self.limits.errors = [visit.gettext(_FAULTS[Fault.SCOPE][1])]
        if day is None or self.errors:
            return None
        notices = {Ability.NOTICES} if self.notices.data else set()
        limits = chosen if self.extent.data == "some" else set()
        return Terms(frozenset(_LEVELS[self.level.data] | notices | limits), day)

    def _chosen(self) -> set[str]:
        offered = {value for value, *_rest in self.limits.iter_choices()}
        return {value for value in self.limits.data or () if value in offered}

    def refuse(self, visit: Visit, fault: Fault) -> None:
        """Say why the mandate is not possible, at the field that can be put right."""
        where, text = _FAULTS[fault]
        field = self._fields.get(where)
        if field is None:
            self.form_errors.append(visit.gettext(text))
        else:
            field.errors = [visit.gettext(text)]


class PersonForm(TermsForm):
    """To whom a mandate is given, or who is asked for one."""

    code = StringField(render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "20"})
    name = StringField(render_kw={"autocomplete": "off", "maxlength": "100"})

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.code.flags.required = True
        self.name.flags.required = True

    def person(self, visit: Visit) -> tuple[str, str] | None:
        """Read the person's code and the name by which the writer knows them."""
        code = read_code(self.code.data)
        name = " ".join((self.name.data or "").split())[:100]
        if code is None:
            self.code.errors = [visit.gettext(_FAULTS[Fault.NOT_A_PERSON][1])]
        if not name or not name.isprintable():
            self.name.errors = [visit.gettext(_("Kirjutage inimese nimi"))]
        return None if self.errors else (code or "", name)


class AnswerForm(PortalForm):
    """Accepting a mandate that was offered."""

    notices = BooleanField()


def read_code(typed: str | None) -> str | None:
    """Give the isikukood with its prefix; None when it is none."""
    text = re.sub(r"[\s.\-]", "", typed or "").upper()
    code = text if text.startswith("EE") else f"EE{text}"
    return code if code.isascii() and is_isikukood(code) else None


def read_day(typed: str | None) -> date | None:
    """Read a day as it is written in Estonia (31.12.2026), or as machines write it."""
    found = _DAY.fullmatch((typed or "").strip())
    if found is None:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        return None


def written_terms(terms: Terms) -> dict[str, Any]:
    """Give the terms as the form shows them."""
    limits = sorted(each for each in terms.scope if ":" in each)
    level = next((level for level in ("send", "fill", "see") if level in terms.scope), "see")
    day = terms.last_day
    return {
        "extent": "some" if limits else "all",
        "limits": limits,
        "level": level,
        "notices": Ability.NOTICES in terms.scope,
        "last_day": f"{day.day}.{day.month:02}.{day.year}",
    }
