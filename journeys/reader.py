"""Saying a journey's words to one reader: in their language, about their month, to or about the applicant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from journeys.fields import AskedField, FieldType
from journeys.flow import Asked
from journeys.looks import option_label
from journeys.parsing import Complaint, Reading
from journeys.words import Period, Text
from portal.authorities import authority
from portal.texts import Language
from portal.texts.words import day_record, money, number

Say = Callable[..., str]


def _(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: `say` translates an Estonian msgid; `own` says that they are the applicant."""

    lang: Language
    say: Say
    period: Period | None
    own: bool

    @property
    def words(self) -> Mapping[str, str]:
        """The names of the months spoken of."""
        return self.period.words(self.lang) if self.period else {}

    def of(self, text: Text | None, **more: str) -> str:
        """Say a text of the journey; nothing for no text."""
        if text is None:
            return ""
        said = text.of(self.lang)
        return said.format_map({**self.words, **more}) if "{" in said else said

    def sentence(self, text: Text | None) -> str:
        """Say a text as the beginning of a sentence: months are written small in Estonian and Russian."""
        said = self.of(text)
        return said[:1].upper() + said[1:]

    def label(self, asked: Asked) -> str:
        """Put a question: to the applicant about themselves, about somebody else by name."""
        person = asked.person
        if self.own and asked.field.own_label and (person is None or person.index == 0):
            return self.of(asked.field.own_label)
        return self.of(
            asked.field.label, name=person.name if person and person.name else self.say(_("Pereliige"))
        )

    def complaint(self, complaint: Complaint) -> str:
        """Say what to do about an answer."""
        if isinstance(complaint.words, Text):
            return self.of(complaint.words)
        return self.say(complaint.words, **complaint.values)

    def about(self, name: str, words: str) -> str:
        """Name the person a complaint is about: `Karl: kirjutage summa …`."""
        return self.say(_("%(name)s: %(what)s"), name=name, what=words[:1].lower() + words[1:])

    def applicant(self) -> str:
        """Say who the first person of the family is."""
        return self.say(_("Teie")) if self.own else self.say(_("Taotleja"))

    def choice_words(self) -> tuple[str, str, str]:
        """Return the words for yes, no and "choose"."""
        return self.say(_("Jah")), self.say(_("Ei")), self.say(_("Valige"))

    def value(self, asked: Asked, reading: Reading) -> str:
        """Say an answer; what could not be understood is given as typed, nothing as nothing."""
        if reading is None:
            return ""
        if isinstance(reading, Complaint):
            return asked.raw.strip() if isinstance(asked.raw, str) else ""
        return self._value(asked, reading)

    def _value(self, asked: Asked, value: object) -> str:
        if isinstance(value, bool):
            return self.choice_words()[0 if value else 1]
        if isinstance(value, tuple):
            return ", ".join(self.of(option_label(asked.field, one)) for one in value)
        if isinstance(value, date):
            return day_record(value, self.lang)
        if isinstance(value, Decimal | int):
            return self._number(asked.field, value)
        return self._text(asked.field, str(value))

    def _number(self, field: AskedField, value: Decimal | int) -> str:
        if field.type is FieldType.MONEY:
            return money(value, self.lang)
        return f"{number(value, self.lang)}\u00a0{field.unit}" if field.unit else number(value, self.lang)

    def _text(self, field: AskedField, value: str) -> str:
        if field.type is FieldType.MUNICIPALITY:
            return authority(value).place
        if field.type is FieldType.IBAN:
            return " ".join(value[n : n + 4] for n in range(0, len(value), 4))
        if field.type is FieldType.PERSON and "-" in value:
            return day_record(date.fromisoformat(value), self.lang)
        label = option_label(field, value)
        return self.of(label) if label else value
