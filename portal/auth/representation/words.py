"""Rights in words: what somebody is to another, for what, by which source and until when; Estonian msgids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from portal.auth.representation.kept import OFFICIAL
from portal.auth.representation.mandates.rules import SOURCE
from portal.calendar import tallinn_day
from portal.identity import Ability, Right, RightKind, age_on, birth_date, is_registry_code
from portal.texts.words import day_record, last_day
from portal.ui import Visit

Names = Mapping[str, Mapping[str, str]]
"""The names of services by language, by journey."""


def _(text: str) -> str:
    return text


_ROLES: Final[Mapping[str, str]] = {
    RightKind.PARENT: _("Teie laps"),
    RightKind.CHILD_GUARDIAN: _("Laps, kelle eestkostja Te olete"),
    RightKind.ADULT_GUARDIAN: _("Olete tema eestkostja"),
    RightKind.FOSTER_PARENT: _("Laps, kelle hoolduspere vanem Te olete"),
    RightKind.MANDATE: _("Ta on Teid volitanud"),
}
_ACTS_AS: Final[Mapping[str, str]] = {
    RightKind.PARENT: _("Vanem"),
    RightKind.CHILD_GUARDIAN: _("Eestkostja"),
    RightKind.ADULT_GUARDIAN: _("Eestkostja"),
    RightKind.FOSTER_PARENT: _("Hoolduspere vanem"),
    RightKind.MANDATE: _("Volitatud esindaja"),
}
_SOURCES: Final[Mapping[str, str]] = {
    "population-register": _("rahvastikuregister"),
    SOURCE: _("volitus portaalis Uks"),
    OFFICIAL: _("ametniku otsus"),
}
_OTHER_SOURCE: Final = _("riigi pääsuõiguste register (Pääsuke)")
_SILENT: Final[Mapping[str, str]] = {
    "population-register": _(
        "Rahvastikuregister ei vasta praegu. Lapsed ja eestkostetavad võivad siit puududa. Proovige hiljem uuesti."
    ),
}
_OTHER_SILENT: Final = _(
    "Riigi pääsuõiguste register (Pääsuke) ei vasta praegu. Sealsed volitused võivad siit puududa. "
    "Proovige hiljem uuesti."
)
LEGAL_ENTITY: Final = _("Saate tegutseda selle asutuse või ettevõtte nimel")
_WHY_OVER: Final[Mapping[str, str]] = {
    "time": _("Volituse aeg sai läbi"),
    "grantor": _("Volituse lõpetas volituse andja"),
    "holder": _("Volitusest loobus esindaja"),
    "death": _("Õigus lõppes inimese surmaga"),
    "capacity": _("Õigus lõppes, sest rahvastikuregistri järgi ei saa volituse andja enam ise volitada"),
    "age": _("Õigus lõppes, sest laps sai täisealiseks"),
    "source": _("Õigus lõppes ametniku otsusega"),
    "register": _("Rahvastikuregistri järgi ei saa volituse andja volitust anda"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Says rights in the language of one visit."""

    visit: Visit
    names: Names

    def say(self, text: str, **values: object) -> str:
        """Say a sentence."""
        return self.visit.gettext(text, **values)

    def person(self, code: str, name: str) -> str:
        """Give the name, and the age where the code tells it: `Karl Männik, 16`."""
        born = birth_date(code)
        return name if born is None else f"{name}, {age_on(born, self.visit.today)}"

    def role(self, code: str, right: Right | None) -> str:
        """Say what the represented is to the reader."""
        if is_registry_code(code) or right is None:
            return self.say(LEGAL_ENTITY if is_registry_code(code) else _ROLES[RightKind.MANDATE])
        return self.say(_ROLES[right.kind])

    def acts_as(self, kind: str) -> str:
        """Say as what somebody acts for the reader."""
        return self.say(_ACTS_AS.get(kind, _ACTS_AS[RightKind.MANDATE]))

    def source(self, name: str) -> str:
        """Name a source."""
        return self.say(_SOURCES.get(name, _OTHER_SOURCE))

    def silent(self, name: str) -> str:
        """Say that a source could not be asked."""
        return self.say(_SILENT.get(name, _OTHER_SILENT))

    def until(self, over: datetime | None) -> str:
        """Say the last day of a right."""
        return (
            self.say(_("tähtajatu"))
            if over is None
            else self.say(_("kuni %(day)s"), day=last_day(over, self.visit.lang))
        )

    def matters(self, scope: frozenset[str]) -> str:
        """Say in which matters a right holds."""
        limits = [each.partition(":") for each in sorted(scope) if ":" in each]
        if not limits:
            return self.say(_("Kõik sotsiaalabi asjad"))
        named = [self.service(what) for kind, _colon, what in limits if kind == "service"]
        count = sum(kind == "matter" for kind, _colon, _what in limits)
        if count:
            named.append(self.say(_("valitud asjad (%(count)s)"), count=count))
        return self.say(_("Ainult: %(what)s"), what=", ".join(named))

    def sent_matter(self, journey: str, sent_at: datetime) -> str:
        """Name one matter among several of the same service."""
        day = day_record(tallinn_day(sent_at), self.visit.lang)
        return self.say(
            _("Ainult see asi: %(title)s, saadetud %(day)s"), title=self.service(journey), day=day
        )

    def abilities(self, scope: frozenset[str]) -> str:
        """Say what a right lets somebody do."""
        if Ability.SEND in scope:
            text = _("võib vaadata, ette valmistada ja saata")
        else:
            text = _("võib vaadata ja ette valmistada") if Ability.FILL in scope else _("võib ainult vaadata")
        said = self.say(text)
        return said if Ability.NOTICES not in scope else self.say(_("%(what)s, saab teateid"), what=said)

    def service(self, journey: str) -> str:
        """Name a service."""
        names = self.names.get(journey)
        return names[self.visit.lang] if names else journey

    def why_over(self, row: Any) -> str:
        """Say why a right is over, and since when."""
        text = self.say(_WHY_OVER.get(row.ended_by or "time", _WHY_OVER["time"]))
        if row.ended_at is None and row.valid_until is None:
            return text
        day: date = tallinn_day(
            (row.ended_at or row.valid_until) - timedelta(seconds=(row.ended_by or "time") == "time")
        )
        return f"{text} {day_record(day, self.visit.lang)}"
