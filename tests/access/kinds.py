"""Every kind of somebody who may come, seen from the one party whose things are asked for: the owner."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.access import POLICY, Action, refusal
from portal.identity import ALL_ABILITIES, Actor, Assurance, Party, Person, Right, RightKind
from tests.factories import party, person

NOW: Final = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
SOURCE: Final = "the-tests"
ELSEWHERE: Final = f"matter:{'0' * 8}-0000-7000-8000-{'0' * 12}"
"""A matter that the owner does not have."""


class Answer(StrEnum):
    """What somebody is answered."""

    ALLOWED = "yes"
    SIGN_IN = "sign in"
    STEP_UP = "step up"
    REFUSED = "refused"
    NOT_FOUND = "not there"
    OPEN_AS = "open as"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of actor: how signed in, acting by what right, and whether for the owner of what is asked for.

    `right` is None for who acts for themselves. `may` is the right that somebody holds and does not use now.
    """

    name: str
    assurance: Assurance | None = Assurance.GOVSSO
    owner: bool = False
    right: Right | None = None
    may: Right | None = None

    def actor(self, someone: Person, owner: Party) -> Actor | None:
        """Give the actor; `someone` is the person who comes."""
        if self.assurance is None:
            return None
        own = Right(RightKind.SELF)
        return Actor(
            someone, owner if self.right else Party(someone.id, someone.code, someone.name), self.right or own,
            self.assurance,
        )  # fmt: skip

    def answered(self, action: Action, *, thing: bool, reading: bool) -> Answer:
        """Tell by the policy what they are answered: about a thing of the owner, or at an address of no thing."""
        someone, other = person(), person("EE47101010033", "Mari-Liis", "Männik")
        owner = party(someone if self.owner else other)
        why = refusal(self.actor(someone, owner), action, NOW)
        if why is not None:
            return _REFUSALS.get(why, Answer.REFUSED)
        rule = POLICY[action]
        if not thing or rule.assurance is None or self.owner:
            return Answer.ALLOWED
        if rule.ability is None:
            return Answer.NOT_FOUND
        if self.right is not None:
            return Answer.NOT_FOUND if self.right.is_limited else Answer.ALLOWED
        return Answer.OPEN_AS if self.may and reading else Answer.NOT_FOUND


_REFUSALS: Final = {"sign-in": Answer.SIGN_IN, "step-up": Answer.STEP_UP}
REPRESENTING: Final = tuple(kind for kind in RightKind if kind is not RightKind.SELF)
STRANGER: Final = Kind("nobody signed in", assurance=None)
OWNER: Final = Kind("the person, by GovSSO", owner=True)
OWNER_WEAKLY: Final = Kind("the person, by passkey", Assurance.PASSKEY, owner=True)
OTHER: Final = Kind("another person")
OTHERS: Final = (
    OTHER,
    Kind("another person, by passkey", Assurance.PASSKEY),
    Kind("a caseworker of the authority"),
    Kind("a caseworker of another authority"),
    Kind("an administrator"),
)
PERSONS: Final = (STRANGER, OWNER, OWNER_WEAKLY, *OTHERS)


def _of(kind: RightKind, **changed: object) -> Right:
    return replace(Right(kind, SOURCE, frozenset(ALL_ABILITIES)), **changed)  # type: ignore[arg-type]


WITHIN: Final = tuple(Kind(f"{kind}", right=_of(kind)) for kind in REPRESENTING)
ONLY_SEEING: Final = tuple(
    Kind(f"{kind}, to see only", right=_of(kind, scope=frozenset({"see"}))) for kind in REPRESENTING
)
NOTHING: Final = tuple(
    Kind(f"{kind}, for notices only", right=_of(kind, scope=frozenset({"notices"}))) for kind in REPRESENTING
)
LIMITED: Final = tuple(
    Kind(f"{kind}, for another matter", right=_of(kind, scope=frozenset({*ALL_ABILITIES, ELSEWHERE})))
    for kind in REPRESENTING
)
OVER: Final = tuple(
    Kind(f"{kind}, over", right=_of(kind, valid_until=NOW - timedelta(seconds=1))) for kind in REPRESENTING
)
WEAKLY: Final = tuple(
    Kind(f"{kind}, by passkey", Assurance.PASSKEY, right=_of(kind)) for kind in REPRESENTING
)
NOT_NOW: Final = tuple(Kind(f"{kind}, not used now", may=_of(kind)) for kind in REPRESENTING)
GROUPS: Final = (
    ("Acting within the right", WITHIN),
    ("Acting by a right that lets them only see", ONLY_SEEING),
    ("Acting by a right that lets them only get notices", NOTHING),
    ("Acting by a right for another matter or service alone", LIMITED),
    ("Acting by a right that is over", OVER),
    ("Acting for another, signed in by passkey", WEAKLY),
    ("Holding the right, but acting for themselves now", NOT_NOW),
)


def everybody() -> Iterator[Kind]:
    """List all kinds."""
    yield from PERSONS
    for _title, kinds in GROUPS:
        yield from kinds
