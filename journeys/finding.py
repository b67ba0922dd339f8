"""Finding a journey by a person's own words, or by what has happened in their life."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from journeys.definition import Journey
from journeys.loading import Catalogue
from journeys.words import Text

_WORD: Final = re.compile(r"\w+")
_LONGEST: Final = 200
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens to people, and the sign for it."""

    id: str
    name: Text
    icon: str
    home_icon: bool = True


LIFE_EVENTS: Final = (
    LifeEvent(
        "job_loss",
        Text(
            et="Jäin tööta või raha ei jätku",
            en="I lost my job or money runs out",
            ru="Нет работы или не хватает денег",
        ),
        "work",
    ),
    LifeEvent("debts", Text(et="Mul on võlad", en="I have debts", ru="У меня долги"), "euro"),
    LifeEvent(
        "housing_loss",
        Text(
            et="Kodu puudub või on ohus", en="No home, or it is at risk", ru="Нет жилья или оно под угрозой"
        ),
        "home",
        home_icon=False,
    ),
    LifeEvent(
        "child_birth", Text(et="Sündis laps", en="A child was born", ru="Родился ребёнок"), "child_care"
    ),
    LifeEvent(
        "separation",
        Text(et="Läksime lahku", en="We separated", ru="Мы расстались"),
        "family",
    ),
    LifeEvent(
        "child_special_need",
        Text(
            et="Lapsel on terviseprobleem või puude kahtlus",
            en="My child has a health problem or may be disabled",
            ru="У ребёнка проблемы со здоровьем или, возможно, инвалидность",
        ),
        "health",
    ),
    LifeEvent(
        "disability_adult",
        Text(
            et="Puue või tervise halvenemine",
            en="Disability or worse health",
            ru="Инвалидность или ухудшение здоровья",
        ),
        "accessible",
    ),
    LifeEvent(
        "leaving_care",
        Text(
            et="Iseseisev elu pärast asendushooldust",
            en="Life on my own after substitute care",
            ru="Самостоятельная жизнь после замещающего ухода",
        ),
        "volunteer_activism",
    ),
)


def life_events(catalogue: Catalogue) -> list[tuple[LifeEvent, list[Journey]]]:
    """Return the life events for which there is a journey, with those journeys."""
    found = [(event, [one for one in catalogue if event.id in one.life_events]) for event in LIFE_EVENTS]
    return [(event, journeys) for event, journeys in found if journeys]


def life_event(event_id: str) -> LifeEvent | None:
    """Return the life event of that id, if there is one."""
    return next((event for event in LIFE_EVENTS if event.id == event_id), None)


def find(catalogue: Catalogue, wish: str, lang: str) -> Sequence[Journey]:
    """Return the journeys that fit a person's words, the best first; Estonian words always count."""
    wished = [word for word in _words(wish[:_LONGEST]) if len(word) >= _SHORTEST]
    scored = [(_score(wished, _index(journey, lang)), journey) for journey in catalogue]
    fitting = [pair for pair in scored if pair[0] > 0]
    return [journey for _, journey in sorted(fitting, key=lambda pair: -pair[0])]


def _score(wished: Sequence[str], known: frozenset[str]) -> int:
    return sum(any(_alike(word, one) for one in known) for word in wished)


def _alike(wished: str, known: str) -> bool:
    """Tell whether two words share their stem: Estonian and Russian endings differ by case."""
    stem = min(len(wished), max(_SHORTEST, len(known) - 2))
    return len(wished) <= len(known) + 4 and wished[:stem] == known[:stem]


def _index(journey: Journey, lang: str) -> frozenset[str]:
    texts: list[str] = []
    for each in {lang, "et"}:
        texts += [journey.names.of(each), journey.summary.of(each), *getattr(journey.keywords, each)]
        texts += [event.name.of(each) for event in LIFE_EVENTS if event.id in journey.life_events]
    return frozenset(word for text in texts for word in _words(text) if len(word) >= _SHORTEST)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
