"""Saying sentences in one language; the texts are Estonian msgids, their places are named."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from gettext import NullTranslations

from babel.dates import format_date

from portal.clock import TALLINN
from portal.texts import Language, words
from portal.texts.languages import translations


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: its catalogue, and how it says days and money."""

    lang: Language
    catalogue: NullTranslations

    def gettext(self, text: str, **values: object) -> str:
        """Say a sentence, its named places filled in."""
        said = self.catalogue.gettext(text)
        return said % values if values else said

    def ngettext(self, one: str, many: str, num: int, **values: object) -> str:
        """Say a sentence about `num` things."""
        return self.catalogue.ngettext(one, many, num) % (values | {"num": num})

    def day_long(self, day: date) -> str:
        """Say a day in a sentence: `reedel, 20. novembril`."""
        return _day_long(day, self.lang)

    def day_short(self, day: date) -> str:
        """Say a day in a list: `R, 20.11`."""
        return _day_short(day, self.lang)

    def day_record(self, day: date) -> str:
        """Write a day in a record: `20.11.2026`."""
        return words.day_record(day, self.lang)

    def day_full(self, day: date) -> str:
        """Write a day out, to stand alone: `Esmaspäev, 23. november 2026`."""
        pattern = "EEEE, d. MMMM y" if self.lang == "et" else "EEEE, d MMMM y"
        said: str = format_date(day, pattern, locale=self.lang)
        return said[:1].upper() + said[1:]

    def money(self, amount: str | Decimal) -> str:
        """Write an amount of euros: `299,00 €`."""
        return words.money(amount, self.lang)

    def month(self, period: str, *, year: bool) -> str:
        """Name a month, with its year or without."""
        name = _month_name(period, self.lang)
        return name if year else name.rpartition(" ")[0]

    def since(self, at: datetime, today: date) -> str:
        """Say as of when something is known: `täna, kell 14.20`."""
        local, clock = at.astimezone(TALLINN).date(), words.clock_time(at, self.lang)
        if local == today:
            return self.gettext("täna, kell %(time)s", time=clock)
        if (today - local).days == 1:
            return self.gettext("eile, kell %(time)s", time=clock)
        return words.moment(at, self.lang)


# In English and Russian a day is put together by a library that is slow beside everything else in a list.
_day_long = lru_cache(2048)(words.day_long)
_day_short = lru_cache(2048)(words.day_short)
_month_name = lru_cache(512)(words.month_name)


@cache
def speech(lang: Language) -> Speech:
    """Give the speech of a language."""
    return Speech(lang, translations(lang))
