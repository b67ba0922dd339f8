"""Words of a journey in three languages, and the months those words speak of."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from portal.texts import Language
from portal.texts.words import month_in, month_name, month_of

PLACEHOLDERS: Final = frozenset(
    {"month", "month_of", "month_in", "previous", "previous_of", "previous_in", "year", "name"}
)
"""What a journey's text may leave open; `name` only inside a repeated group."""


def _known_placeholders(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is empty")
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ValueError(f"the text's braces do not match: {error}") from error
    if unknown := used - PLACEHOLDERS:
        raise ValueError(f"unknown placeholder: {', '.join(sorted(unknown))}")
    return text


Sentence = Annotated[str, AfterValidator(_known_placeholders)]


class Text(BaseModel):
    """One text in the portal's three languages; none may be missing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    et: Sentence
    en: Sentence
    ru: Sentence

    def of(self, lang: str) -> str:
        """Return the text in one language, its places still open."""
        text: str = getattr(self, lang)
        return text


class Words(BaseModel):
    """Search words in the portal's three languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    et: tuple[str, ...] = Field(min_length=1)
    en: tuple[str, ...] = Field(min_length=1)
    ru: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The month an application is for, written `2026-11`."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a period; ValueError when it is none."""
        year, _, month = text.partition("-")
        period = cls(int(year), int(month))
        if not 1 <= period.month <= 12:
            raise ValueError("a year has twelve months")
        return period

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def previous(self) -> "Period":
        """The month before, whose income counts (SHS § 133)."""
        return Period(self.year - 1, 12) if self.month == 1 else Period(self.year, self.month - 1)

    def words(self, lang: Language) -> Mapping[str, str]:
        """Return the placeholder values that name this month and the one before."""
        return _month_words(str(self), str(self.previous), lang)


@lru_cache(maxsize=256)
def _month_words(this: str, previous: str, lang: Language) -> Mapping[str, str]:
    words = {"year": this.partition("-")[0]}
    for key, period in (("month", this), ("previous", previous)):
        words[key] = month_name(period, lang).partition(" ")[0]
        words[f"{key}_of"] = month_of(period, lang)
        words[f"{key}_in"] = month_in(period, lang)
    return words
