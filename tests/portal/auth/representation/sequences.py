"""Random lives of rights: one machine for the pure rules and for the real database, and an oracle that knows only facts."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, ClassVar, Final, Protocol
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from portal.auth.representation.custody import comes_of_age
from portal.auth.representation.mandates.rules import Side, Terms
from portal.calendar import tallinn_day
from portal.identity import Ability

START: Final = datetime(2026, 11, 17, 12, tzinfo=UTC)
ADULTS: Final = ("EE44405089938", "EE47101010033", "EE35803039942")
CHILD: Final = "EE50812039941"
"""Born on 3 December 2008: of age sixteen days after the start."""
CHILD_BORN: Final = date(2008, 12, 3)
PEOPLE: Final = (*ADULTS, CHILD)
SCOPES: Final = (
    frozenset({Ability.SEE}),
    frozenset({Ability.SEE, Ability.FILL}),
    frozenset({Ability.SEE, Ability.FILL, Ability.SEND, Ability.NOTICES}),
)

PAIRS: Final = (*((a, b) for a in ADULTS for b in ADULTS), (ADULTS[0], CHILD), (CHILD, ADULTS[1]))
HAPPENINGS: Final[tuple[tuple[str, Any], ...]] = (
    *(("wait", hours) for hours in (1, 13, 24 * 8, 24 * 200)),
    *((what, code) for what in ("custody", "custody-over") for code in ADULTS[:2]),
    *((what, code) for what in ("death", "capacity") for code in ADULTS[:2]),
)

# One draw a step: drawing takes longer than all the rules together.
PROPOSALS: Final = list(product(Side, PAIRS, (-1, 0, 1, 30, 30, 30, 364, 367), SCOPES, (True, True, False)))
CHOICES: Final = list(product(PAIRS, range(-2, 4)))
FIRST: Final = list(product(Side, [(a, b) for a in ADULTS for b in ADULTS if a != b]))
ANSWERS: Final = list(product(range(4), PEOPLE, ("accept", "decline", "end", "end")))


class World(Protocol):
    """What the machine drives; every call tells what the system under test did."""

    def begin(self, side: Side, by: str, to: str, terms: Terms) -> UUID | None: ...
    def accept(self, mandate_id: UUID, by: str, *, able: bool) -> bool: ...
    def decline(self, mandate_id: UUID, by: str) -> None: ...
    def end(self, mandate_id: UUID, by: str) -> None: ...
    def lose(self, code: str, why: str) -> None: ...
    def custody(self, parent: str, *, active: bool) -> None: ...
    def choose(self, holder: str, party: str, *, able: bool) -> bool: ...
    def act(self, holder: str, ability: Ability) -> str | None: ...
    def wait(self, by: timedelta) -> None: ...
    def close(self) -> None: ...


@dataclass
class Fact:
    """Something that was agreed, and when it stops being so."""

    grantor: str
    holder: str
    scope: frozenset[str]
    over: datetime
    ended: bool = False


@dataclass
class Truth:
    """What is true of the people, apart from all code under test."""

    now: datetime = START
    facts: dict[Any, Fact] = field(default_factory=dict)
    proposals: dict[UUID, Fact] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def may(self, holder: str, party: str, ability: Ability) -> bool:
        """Tell whether somebody may do this for another now."""
        return any(
            fact.holder == holder
            and fact.grantor == party
            and ability in fact.scope
            and not fact.ended
            and self.now < fact.over
            and not {holder, party} & self.gone
            for fact in self.facts.values()
        )


class Lives(RuleBasedStateMachine):
    """Granting, accepting, declining, revoking, expiring, dying, losing capacity, coming of age; and acting all along."""

    let_through: ClassVar[int] = 0

    def world(self) -> World:
        raise NotImplementedError

    @initialize(first=st.sampled_from(FIRST))
    def begin(self, first: Any) -> None:
        self.truth = Truth()
        self.portal = self.world()
        self.ids: list[UUID] = []
        self.acting: set[str] = set()
        self.propose((*first, 30, SCOPES[-1], True))
        fact = self.truth.proposals[self.ids[0]]
        self.choose_and_act(((fact.grantor, fact.holder), 0))

    @rule(proposal=st.sampled_from(PROPOSALS))
    def propose(self, proposal: Any) -> None:
        side, (by, to), days, scope, agreed = proposal
        terms = Terms(scope, tallinn_day(self.truth.now) + timedelta(days=days))
        begun = self.portal.begin(side, by, to, terms)
        if begun is None:
            return
        assert by != to
        assert not {by, to} & self.truth.gone
        assert 0 <= days <= 366
        assert self._adult(by)
        assert self._adult(to)
        self.ids.append(begun)
        grantor, holder = (by, to) if side is Side.GRANTOR else (to, by)
        self.truth.proposals[begun] = Fact(grantor, holder, scope, terms.valid_until)
        if agreed:
            self._accept(begun, to)

    @rule(said=st.sampled_from(ANSWERS))
    def answer(self, said: Any) -> None:
        which, by, what = said
        if not self.ids:
            return
        found = self.ids[which % len(self.ids)]
        fact = self.truth.proposals[found]
        if what == "accept":
            self._accept(found, by)
        else:
            (self.portal.decline if what == "decline" else self.portal.end)(found, by)
            fact.ended |= by in (fact.grantor, fact.holder)
        self._everybody_acts()

    @rule(happens=st.sampled_from(HAPPENINGS))
    def live(self, happens: tuple[str, Any]) -> None:
        what, about = happens
        if what == "wait":
            self.portal.wait(timedelta(hours=about))
            self.truth.now += timedelta(hours=about)
        elif about in self.truth.gone:
            return
        elif what in ("custody", "custody-over"):
            self.portal.custody(about, active=what == "custody")
            self.truth.facts.pop(about, None)
            if what == "custody" and self.truth.now < comes_of_age(CHILD_BORN):
                self.truth.facts[about] = Fact(CHILD, about, SCOPES[-1], comes_of_age(CHILD_BORN))
        else:
            self.portal.lose(about, what)
            self.truth.gone.add(about)
        self._everybody_acts()

    @rule(choice=st.sampled_from(CHOICES))
    def choose_and_act(self, choice: Any) -> None:
        (party, holder), which = choice
        if which == -1:
            party = CHILD
        elif self.ids and which >= 0:
            fact = self.truth.proposals[self.ids[which % len(self.ids)]]
            party, holder = fact.grantor, fact.holder
        if self.portal.choose(holder, party, able=party not in self.truth.gone):
            assert self.truth.may(holder, party, Ability.SEE)
            self.acting.add(holder)
        self._everybody_acts()

    def _everybody_acts(self) -> None:
        """Let all who act for somebody try everything: whoever is let through has a right that is valid now."""
        for holder in sorted(self.acting):
            for ability in (Ability.SEE, Ability.FILL, Ability.SEND):
                party = self.portal.act(holder, ability)
                if party is not None and party != holder:
                    assert self.truth.may(holder, party, ability)
                    Lives.let_through += 1

    def _accept(self, found: UUID, by: str) -> None:
        fact = self.truth.proposals[found]
        if self.portal.accept(found, by, able=fact.grantor not in self.truth.gone):
            assert by in (fact.grantor, fact.holder)
            self.truth.facts.setdefault(found, fact)

    def teardown(self) -> None:
        if hasattr(self, "portal"):
            self._everybody_acts()
            self.portal.close()

    def _adult(self, code: str) -> bool:
        return code != CHILD or self.truth.now >= comes_of_age(CHILD_BORN)
