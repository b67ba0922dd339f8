"""Reading what a person typed: forgiving in form, plain in what it says; never an exception."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from stdnum import iban
from stdnum.ee import ik

from journeys.fields import AskedField, FieldType
from journeys.words import Text
from portal.authorities import authority

Value = str | bool | int | Decimal | date | tuple[str, ...]


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the person should do; an Estonian msgid, or the journey's own words."""

    words: str | Text
    values: Mapping[str, object] = field(default_factory=dict)


Reading = Value | None | Complaint
"""The value; None when nothing was answered and nothing had to be."""

_MISSING: Final = {
    FieldType.YES_NO: _("Valige „Jah“ või „Ei“"),
    FieldType.CHOICE: _("Valige üks vastus"),
    FieldType.CHOICES: _("Valige vähemalt üks vastus"),
    FieldType.MONEY: _("Kirjutage summa numbritega, näiteks 100,00"),
    FieldType.INTEGER: _("Kirjutage arv numbritega, näiteks 2"),
    FieldType.DECIMAL: _("Kirjutage arv numbritega, näiteks 48,5"),
    FieldType.DATE: _("Kirjutage kuupäev, näiteks 20.11.2026"),
    FieldType.MUNICIPALITY: _("Valige vald või linn"),
}
_WRONG: Final = {
    **_MISSING,
    FieldType.PERSON: _("Kirjutage isikukood (11 numbrit) või sünniaeg, näiteks 1.1.2015"),
    FieldType.IBAN: _(
        "Kontrollige konto numbrit. Eesti konto number algab tähtedega EE ja selles on 20 märki"
    ),
    FieldType.PHONE: _("Kirjutage number, näiteks 5123 4567"),
    FieldType.EMAIL: _("Kirjutage e-posti aadress, näiteks mari@näide.ee"),
}
_ANY_MISSING: Final = _("Kirjutage vastus")
_CONTROL: Final = _("Vastuses on märke, mida ei saa salvestada. Kirjutage see uuesti")
_TOO_LONG: Final = _("Kirjutage lühemalt: kuni %(most)s märki")
_TOO_BIG: Final = _("Kontrollige arvu: suurim võimalik on %(most)s")
_TOO_SMALL: Final = _("Kontrollige arvu: väikseim võimalik on %(least)s")
_NEGATIVE: Final = _("Kirjutage summa ilma miinuseta")
_FUTURE: Final = _("Kontrollige kuupäeva: see on tulevikus")

_MOST_MONEY: Final = Decimal("999999.99")
_AMOUNT: Final = re.compile(r"[0-9]{1,9}([.,][0-9]{1,2})?")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}|[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,2}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}([.,][0-9]{1,4})?")
_EUROS: Final = re.compile(r"(€|eurot?|eur)$", re.IGNORECASE)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f']+")
_DAY: Final = re.compile(r"([0-9]{1,2})[./\-]([0-9]{1,2})[./\-]([0-9]{4})\.?")
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PHONE: Final = re.compile(r"\+?[0-9]{5,15}")
_EMAIL: Final = re.compile(
    r"[^@\s<>,;:\"\\()\[\]]{1,64}@[^@\s<>,;:\"\\()\[\]]{1,190}\.[^@\s<>,;:\"\\()\[\].]{2,63}"
)
_HIDDEN: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def read(asked: AskedField, raw: object, today: date) -> Reading:
    """Read one answer as typed."""
    if asked.type is FieldType.CHOICES:
        return _read_choices(asked, raw)
    text = raw.strip() if isinstance(raw, str) else ""
    if not text:
        if not asked.required:
            return None
        return Complaint(asked.missing or _MISSING.get(asked.type, _ANY_MISSING))
    if complaint := _unfit(asked, text):
        return complaint
    value = _READERS[asked.type](asked, text)
    if value is None:
        return Complaint(_WRONG.get(asked.type, _ANY_MISSING))
    return _within_limits(asked, value, today)


def read_money(text: str) -> Decimal | None:
    """Read an amount of euros: comma or dot, spaces, `€` and a minus sign are all understood."""
    text = _EUROS.sub("", _SPACES.sub("", text))
    sign, text = (-1, text[1:]) if text[:1] in ("-", "−", "–") else (1, text)
    if _THOUSANDS.fullmatch(text):
        whole, cents = re.split(r"[.,](?=[0-9]{1,2}$)", text)
        return sign * Decimal(f"{re.sub('[.,]', '', whole)}.{cents}")
    return sign * Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else None


def read_day(text: str) -> date | None:
    """Read a day: `20.11.2026`, `20/11/2026` or `2026-11-20`."""
    text = _SPACES.sub("", text)
    if found := _DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day) if 1900 <= year <= 2100 else None
    except ValueError:
        return None


def birth_day(value: str) -> date | None:
    """Return the day of birth out of a read personal code or date of birth."""
    if "-" in value:
        return date.fromisoformat(value)
    born: date = ik.get_birth_date(value)
    return born


def _unfit(asked: AskedField, text: str) -> Complaint | None:
    allowed = "\n\t" if asked.type is FieldType.LONG_TEXT else "\t"
    # What can be printed holds none of them: nearly every answer there is.
    if not text.isprintable() and any(_is_refused(c) and c not in allowed for c in text):
        return Complaint(_CONTROL)
    if len(text) > asked.max_length:
        return Complaint(_TOO_LONG, {"most": asked.max_length})
    return None


def _is_refused(letter: str) -> bool:
    return letter in _HIDDEN or unicodedata.category(letter) in ("Cc", "Cs")


def _within_limits(asked: AskedField, value: Value, today: date) -> Reading:
    if isinstance(value, date):
        return Complaint(_FUTURE) if asked.maximum == 0 and value > today else value
    if asked.type is FieldType.PERSON and isinstance(value, str):
        born = birth_day(value)
        return Complaint(_FUTURE) if born is None or born > today else value
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return _beyond(asked, value) or value
    return value


def _beyond(asked: AskedField, value: Decimal | int) -> Complaint | None:
    least = asked.minimum if asked.minimum is not None else Decimal(0)
    most = asked.maximum if asked.maximum is not None else _MOST_MONEY
    if value < 0 and asked.type is FieldType.MONEY:
        return Complaint(_NEGATIVE)
    if value < least:
        return Complaint(_TOO_SMALL, {"least": least})
    return Complaint(_TOO_BIG, {"most": f"{most:f}".replace(".", ",")}) if value > most else None


def _read_choices(asked: AskedField, raw: object) -> Reading:
    chosen = [value for value in raw if isinstance(value, str)] if isinstance(raw, list) else []
    known = {option.value for option in asked.options}
    if not chosen:
        return Complaint(asked.missing or _MISSING[FieldType.CHOICES]) if asked.required else None
    if any(value not in known for value in chosen):
        return Complaint(_WRONG[FieldType.CHOICES])
    return tuple(dict.fromkeys(chosen))


def _text(_asked: AskedField, text: str) -> Value | None:
    return text


def _yes_no(_asked: AskedField, text: str) -> Value | None:
    return {"yes": True, "no": False}.get(text)


def _choice(asked: AskedField, text: str) -> Value | None:
    return text if any(option.value == text for option in asked.options) else None


def _money(_asked: AskedField, text: str) -> Value | None:
    return read_money(text)


def _whole(_asked: AskedField, text: str) -> Value | None:
    text = _SPACES.sub("", text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _decimal(_asked: AskedField, text: str) -> Value | None:
    text = re.sub(r"(m²|m2)$", "", _SPACES.sub("", text))
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _day(_asked: AskedField, text: str) -> Value | None:
    return read_day(text)


def _person(_asked: AskedField, text: str) -> Value | None:
    code = _SPACES.sub("", text).upper().removeprefix("EE")
    if code.isascii() and code.isdigit() and len(code) == 11 and ik.is_valid(code):
        return code
    born = read_day(text)
    return born.isoformat() if born else None


def _iban(_asked: AskedField, text: str) -> Value | None:
    compact = re.sub(r"[\s\u00a0\u202f.\-]+", "", text).upper()
    fits = compact.isascii() and compact.isalnum() and len(compact) <= 34
    return compact if fits and iban.is_valid(compact, check_country=True) else None


def _phone(_asked: AskedField, text: str) -> Value | None:
    compact = re.sub(r"[\s\u00a0()\-./]+", "", text)
    return compact if _PHONE.fullmatch(compact) else None


def _email(_asked: AskedField, text: str) -> Value | None:
    return text if len(text) <= 254 and _EMAIL.fullmatch(text) and ".." not in text else None


def _municipality(_asked: AskedField, text: str) -> Value | None:
    try:
        return text if authority(text).kind != "amet" else None
    except KeyError:
        return None


_READERS: Final[Mapping[FieldType, Callable[[AskedField, str], Value | None]]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.YES_NO: _yes_no,
    FieldType.CHOICE: _choice,
    FieldType.MONEY: _money,
    FieldType.INTEGER: _whole,
    FieldType.DECIMAL: _decimal,
    FieldType.DATE: _day,
    FieldType.PERSON: _person,
    FieldType.IBAN: _iban,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.MUNICIPALITY: _municipality,
}
