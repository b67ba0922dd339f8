"""How the screens write values: days, moments, answers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from core_bridge.reference_core.words import State, words_of
from core_bridge.wire import Outcome
from core_bridge.wire.values import Value

_TALLINN = ZoneInfo("Europe/Tallinn")

OUTCOMES = {
    Outcome.GRANTED: "andmine",
    Outcome.GRANTED_IN_PART: "osaline andmine",
    Outcome.GRANTED_WITH_CONDITION: "andmine kõrvaltingimusega",
    Outcome.REFUSED: "andmisest keeldumine",
}
RIGHTS = {
    "self": "enda nimel",
    "parent": "alaealise lapse vanem",
    "child_guardian": "lapse eestkostja",
    "adult_guardian": "täisealise eestkostja",
    "foster_parent": "hoolduspere vanem",
    "mandate": "volitatud esindaja",
}
DELIVERY = {
    "portal": "iseteeninduses",
    "email": "e-postiga",
    "in_person": "asutuses",
    "letter": "lihtkirjaga",
    "other": "muul kokkulepitud viisil",
}
PAPERS = {"reply": "Vastus", "withdrawal": "Tagasivõtmine", "challenge": "Vaie"}


def day(value: date) -> str:
    """Write a day: 20.11.2026."""
    return f"{value:%d.%m.%Y}"


def moment(value: datetime) -> str:
    """Write a moment of Tallinn: 20.11.2026 kell 14.02."""
    return f"{value.astimezone(_TALLINN):%d.%m.%Y kell %H.%M}"


def said(value: Value | None) -> str:
    """Write an answer as it was given."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "jah" if value else "ei"
    if isinstance(value, tuple):
        return ", ".join(said(each) for each in value) or "–"
    return str(value)


def state_word(core: str, state: str | None) -> str:
    """Write the core's own word for a state; without a proceeding the application is new."""
    return "uus" if state is None else words_of(core)[State(state)]
