"""Dates, times and money as people of each language write them; legal days are those of Tallinn."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from portal.clock import TALLINN
from portal.texts.languages import Language

_WEEKDAYS_ON: Final = (
    "esmaspäeval",
    "teisipäeval",
    "kolmapäeval",
    "neljapäeval",
    "reedel",
    "laupäeval",
    "pühapäeval",
)
_WEEKDAY_LETTERS: Final = "ETKNRLP"
_MONTHS: Final = (
    *("jaanuar", "veebruar", "märts", "aprill", "mai", "juuni"),
    *("juuli", "august", "september", "oktoober", "november", "detsember"),
)
_MONTH_STEMS: Final = (
    *("jaanuari", "veebruari", "märtsi", "aprilli", "mai", "juuni"),
    *("juuli", "augusti", "septembri", "oktoobri", "novembri", "detsembri"),
)


def filters(language: Language) -> Mapping[str, Callable[..., str]]:
    """Give the filters that the templates of a language use."""
    bound = (
        day_long,
        day_short,
        day_record,
        last_day,
        moment,
        clock_time,
        money,
        number,
        month_name,
        month_in,
        month_of,
        file_size,
    )
    return {function.__name__: _bind(function, language) for function in bound}


def day_long(day: date, language: Language) -> str:
    """Say a day in a sentence: `reedel, 20. novembril`; the number stays with its month."""
    day = _legal_day(day)
    if language == "et":
        return f"{_WEEKDAYS_ON[day.weekday()]}, {day.day}.\xa0{_MONTH_STEMS[day.month - 1]}l"
    return format_date(day, "EEEE, d\xa0MMMM", locale=language)


def day_short(day: date, language: Language) -> str:
    """Say a day in a list: `R, 20.11`."""
    day = _legal_day(day)
    letter = _WEEKDAY_LETTERS[day.weekday()] if language == "et" else format_date(day, "EEE", locale=language)
    return f"{letter}, {day.day}.{day.month:02}"


def day_record(day: date, language: Language) -> str:
    """Write a day in a record: `20.11.2026`."""
    day = _legal_day(day)
    return f"{day.day}.{day.month:02}.{day.year}"


def last_day(over: datetime, language: Language) -> str:
    """Write the last whole day before something is over: `31.12.2026` for the midnight that begins 2027."""
    return day_record(over - timedelta(seconds=1), language)


def moment(at: datetime, language: Language) -> str:
    """Write a moment in a record: `12.11.2026, kell 14.02`."""
    joint = {"et": ", kell ", "en": " at ", "ru": " в "}[language]
    return f"{day_record(at, language)}{joint}{clock_time(at, language)}"


def clock_time(at: datetime, language: Language) -> str:
    """Write a time of day in Tallinn: `14.02`."""
    local = at.astimezone(TALLINN)
    return f"{local.hour}{'.' if language == 'et' else ':'}{local.minute:02}"


@lru_cache(maxsize=4096)
def money(amount: Decimal | float | str, language: Language) -> str:
    """Write an amount of euros: `299,00 €`."""
    return format_currency(Decimal(str(amount)), "EUR", locale=language)


@lru_cache(maxsize=4096)
def number(value: Decimal | float | str, language: Language) -> str:
    """Write a number with the language's decimal mark."""
    return format_decimal(Decimal(str(value)), locale=language)


def month_name(period: str | date, language: Language) -> str:
    """Name a month with its year, from a day or `2026-11`: `november 2026`."""
    year, month = _month(period)
    if language == "et":
        return f"{_MONTHS[month - 1]} {year}"
    return format_date(date(year, month, 1), "LLLL y", locale=language)


def month_in(period: str | date, language: Language) -> str:
    """Say in which month: `novembris`, `in November`, `в ноябре`."""
    year, month = _month(period)
    if language == "et":
        return f"{_MONTH_STEMS[month - 1]}s"
    name = format_date(date(year, month, 1), "LLLL", locale=language)
    return f"in {name}" if language == "en" else f"в {_prepositional(name)}"


def month_of(period: str | date, language: Language) -> str:
    """Say of which month: `novembri`, `November`, `ноября`."""
    year, month = _month(period)
    if language == "et":
        return _MONTH_STEMS[month - 1]
    return format_date(date(year, month, 1), "MMMM", locale=language)


def file_size(size: int, language: Language) -> str:
    """Say how big a file is: `96 kB`, `2,1 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{format_decimal(round(size / 1_000_000, 1), locale=language)} MB"


def _prepositional(month: str) -> str:
    # ноябрь -> ноябре, май -> мае, март -> марте, август -> августе
    return month[:-1] + "е" if month[-1] in "ьй" else month + "е"


def _month(period: str | date) -> tuple[int, int]:
    if isinstance(period, date):
        return period.year, period.month
    year, month = period.split("-")[:2]
    return int(year), int(month)


def _legal_day(day: date) -> date:
    return day.astimezone(TALLINN).date() if isinstance(day, datetime) else day


def _bind(function: Callable[..., str], language: Language) -> Callable[[Any], str]:
    return lambda value: function(value, language)
