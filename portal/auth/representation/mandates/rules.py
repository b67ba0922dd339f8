"""The life of a mandate given in Uks; pure: who may give it to whom, for how long, and what each may do with it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from portal.access.rights import OPEN, RightState
from portal.calendar import TALLINN, tallinn_day
from portal.identity import ALL_ABILITIES, Ability, Right, RightKind, is_child, is_isikukood

SOURCE: Final = "mandate"
_LIMITS: Final = ("service:", "matter:")
_MOST_LIMITS: Final = 100


class Side(StrEnum):
    """Who began a mandate: the represented offers it, or the representative asks for it."""

    GRANTOR = "grantor"
    HOLDER = "holder"


class Fault(StrEnum):
    """Why a mandate is not possible."""

    NOT_A_PERSON = "not-a-person"
    ONESELF = "oneself"
    MINOR = "minor"
    CAPACITY = "capacity"
    SCOPE = "scope"
    PAST = "past"
    TOO_LONG = "too-long"
    ALREADY = "already"
    TOO_MANY = "too-many"
    FOR_ANOTHER = "for-another"
    OVER = "over"
    NOT_YOURS = "not-yours"


class NotPossible(Exception):
    """The mandate is not possible; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate is for, and the last day on which it holds."""

    scope: frozenset[str]
    last_day: date

    @property
    def valid_until(self) -> datetime:
        """Give the first moment at which it is over: the midnight of Tallinn after the last day."""
        return datetime.combine(self.last_day + timedelta(days=1), time(), TALLINN)


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate; `grantor` and `holder` are the codes of who is represented and who represents."""

    id: UUID
    grantor: str
    holder: str
    begun_by: Side
    terms: Terms
    state: RightState
    ended_by: str | None = None

    def at(self, now: datetime) -> "Mandate":
        """Give it as it stands at a moment: time ends it without anybody's doing."""
        late = self.state in OPEN and now >= self.terms.valid_until
        return replace(self, state=RightState.EXPIRED, ended_by="time") if late else self

    def right(self, now: datetime) -> Right | None:
        """Give the right that the holder has now, if any."""
        if self.at(now).state is not RightState.ACTIVE:
            return None
        return Right(RightKind.MANDATE, SOURCE, self.terms.scope, self.terms.valid_until)


def latest_day(today: date) -> date:
    """Tell the last day that may be chosen: the same day of the next year."""
    leap = (today.month, today.day) == (2, 29)
    return date(today.year + 1, today.month, 28 if leap else today.day)


def check_terms(terms: Terms, now: datetime) -> None:
    """Raise `NotPossible` for a scope that says nothing or too much, and for a day past or too far away."""
    limits = {each for each in terms.scope if each.startswith(_LIMITS)}
    if (
        Ability.SEE not in terms.scope
        or not terms.scope - limits <= ALL_ABILITIES
        or len(limits) > _MOST_LIMITS
    ):
        raise NotPossible(Fault.SCOPE)
    today = tallinn_day(now)
    if terms.last_day < today:
        raise NotPossible(Fault.PAST)
    if terms.last_day > latest_day(today):
        raise NotPossible(Fault.TOO_LONG)


def check_pair(grantor: str, holder: str, now: datetime) -> None:
    """Raise `NotPossible` unless one adult person may represent the other."""
    if not (is_isikukood(grantor) and is_isikukood(holder)):
        raise NotPossible(Fault.NOT_A_PERSON)
    if grantor == holder:
        raise NotPossible(Fault.ONESELF)
    if not (_is_adult(grantor, now) and _is_adult(holder, now)):
        raise NotPossible(Fault.MINOR)


def begun(
    mandate_id: UUID,
    by: Side,
    grantor: str,
    holder: str,
    terms: Terms,
    now: datetime,
    *,
    checked: bool = True,
) -> Mandate:
    """Begin a mandate; one that is offered waits as it is while the register has not been asked (`checked`)."""
    check_pair(grantor, holder, now)
    check_terms(terms, now)
    offered = RightState.OFFERED if checked else RightState.UNCHECKED
    state = RightState.ASKED if by is Side.HOLDER else offered
    return Mandate(mandate_id, grantor, holder, by, terms, state)


def accepted(
    mandate: Mandate, by: str, now: datetime, *, terms: Terms | None = None, checked: bool = True
) -> Mandate:
    """Accept an offer as the holder, or a request as the grantor, who may change its terms."""
    mandate = _of(mandate, by, now)
    answers = {RightState.OFFERED: mandate.holder, RightState.ASKED: mandate.grantor}
    if mandate.state is RightState.ACTIVE:
        return mandate
    if mandate.state not in answers:
        raise NotPossible(Fault.OVER)
    if by != answers[mandate.state]:
        raise NotPossible(Fault.NOT_YOURS)
    if terms is not None and mandate.state is RightState.ASKED:
        check_terms(terms, now)
        mandate = replace(mandate, terms=terms)
    check_pair(mandate.grantor, mandate.holder, now)
    return replace(mandate, state=RightState.ACTIVE if checked else RightState.UNCHECKED)


def checked(mandate: Mandate, now: datetime, *, able: bool) -> Mandate:
    """Go on with a mandate that waited for the register, or end it when the grantor may not give it."""
    mandate = mandate.at(now)
    if mandate.state is not RightState.UNCHECKED:
        return mandate
    if not able:
        return replace(mandate, state=RightState.DECLINED, ended_by="register")
    return replace(
        mandate, state=RightState.OFFERED if mandate.begun_by is Side.GRANTOR else RightState.ACTIVE
    )


def declined(mandate: Mandate, by: str, now: datetime) -> Mandate:
    """Decline an offer or a request that waits for this person."""
    mandate = _of(mandate, by, now)
    waits = {RightState.OFFERED: mandate.holder, RightState.ASKED: mandate.grantor}
    if waits.get(mandate.state) != by:
        return ended(mandate, by, now)
    return replace(mandate, state=RightState.DECLINED, ended_by=_side(mandate, by))


def ended(mandate: Mandate, by: str, now: datetime) -> Mandate:
    """End a mandate, or take back an offer or a request; ending it again changes nothing."""
    mandate = _of(mandate, by, now)
    if mandate.state not in OPEN:
        return mandate
    return replace(mandate, state=RightState.ENDED, ended_by=_side(mandate, by))


def ended_with(mandate: Mandate, code: str, why: str, now: datetime) -> Mandate:
    """End a mandate because one of the two has died or may not act any more."""
    mandate = mandate.at(now)
    if mandate.state not in OPEN or code not in (mandate.grantor, mandate.holder):
        return mandate
    return replace(mandate, state=RightState.ENDED, ended_by=why)


def _of(mandate: Mandate, by: str, now: datetime) -> Mandate:
    if by not in (mandate.grantor, mandate.holder):
        raise NotPossible(Fault.NOT_YOURS)
    return mandate.at(now)


def _side(mandate: Mandate, by: str) -> str:
    return Side.GRANTOR if by == mandate.grantor else Side.HOLDER


def _is_adult(code: str, now: datetime) -> bool:
    return is_child(code, tallinn_day(now)) is False
