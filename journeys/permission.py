"""Whether somebody may file a journey for whom they act for, and in which words it is refused."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from journeys.definition import Journey
from portal.identity import Actor, RightKind


def _(text: str) -> str:
    return text


class Barred(StrEnum):
    """Why a journey is not filed by this actor."""

    LEGAL_ENTITY = "legal-entity"
    RIGHT = "right"
    SCOPE = "scope"


_WHO_MAY: Final[Mapping[RightKind, str]] = {
    RightKind.SELF: _("inimene ise"),
    RightKind.PARENT: _("lapsevanem oma lapse eest"),
    RightKind.CHILD_GUARDIAN: _("eestkostja lapse eest"),
    RightKind.ADULT_GUARDIAN: _("eestkostja täiskasvanu eest"),
    RightKind.FOSTER_PARENT: _("hoolduspere lapse eest"),
    RightKind.MANDATE: _("inimene, keda on volitatud"),
}
_BY_RIGHT: Final[Mapping[str, str]] = {
    RightKind.PARENT: _("lapsevanemana"),
    RightKind.CHILD_GUARDIAN: _("eestkostjana"),
    RightKind.ADULT_GUARDIAN: _("eestkostjana"),
    RightKind.FOSTER_PARENT: _("hooldusperena"),
    RightKind.MANDATE: _("volituse alusel"),
}
_REPRESENTATIVE: Final = _("esindajana")


def barred(journey: Journey, actor: Actor) -> Barred | None:
    """Tell why the actor may not file this journey at all, or None; whose draft it is, each query asks."""
    if actor.party.is_legal_entity and not journey.legal_entities:
        return Barred.LEGAL_ENTITY
    return None if actor.right.kind in journey.on_behalf_of else Barred.RIGHT


def barred_from_starting(journey: Journey, actor: Actor) -> Barred | None:
    """Tell why the actor may not start a new one: a right for other matters does not reach it."""
    if why := barred(journey, actor):
        return why
    return None if actor.right.covers(None, journey.id) else Barred.SCOPE


def who_may(journey: Journey, say: Callable[[str], str]) -> list[str]:
    """List in words who may file a journey."""
    return list(dict.fromkeys(say(_WHO_MAY[kind]) for kind in journey.on_behalf_of))


def by_right(kind: str, say: Callable[[str], str]) -> str:
    """Say by what right somebody acts for another."""
    return say(_BY_RIGHT.get(kind, _REPRESENTATIVE))
