"""The life of a mandate by its pure rules: 10,000 random sequences, and each single rule."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.access import Action, refusal
from portal.access.rights import RightState
from portal.auth.representation.custody import comes_of_age
from portal.auth.representation.mandates import rules
from portal.auth.representation.mandates.rules import Fault, Mandate, NotPossible, Side, Terms
from portal.calendar import TALLINN
from portal.db import new_id
from portal.identity import ALL_ABILITIES, Ability, Actor, Assurance, Party, Person, Right, RightKind
from tests.portal.auth.representation.sequences import ADULTS, CHILD, CHILD_BORN, SCOPES, START, Lives, World

AINO, MARI, PEETER = ADULTS
EVERYTHING = SCOPES[-1]
ACTIONS = {
    Ability.SEE: Action.READ_MATTER,
    Ability.FILL: Action.FILL_DRAFT,
    Ability.SEND: Action.SEND_APPLICATION,
}
_IDS: dict[str, UUID] = {}


def actor(code: str, party: str | None = None, right: Right | None = None) -> Actor:
    person_id, party_id = [_IDS.setdefault(each, new_id()) for each in (code, party or code)]
    return Actor(
        Person(person_id, code, "", ""),
        Party(party_id, party or code, ""),
        right or Right(RightKind.SELF),
        Assurance.GOVSSO,
    )


@dataclass
class ByRules:
    """The rules alone; sessions are copies of rights, as in the portal."""

    now: datetime = START
    mandates: dict[UUID, Mandate] = field(default_factory=dict)
    parents: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    sessions: dict[str, tuple[Actor, UUID | None]] = field(default_factory=dict)

    def begin(self, side: Side, by: str, to: str, terms: Terms) -> UUID | None:
        pair = (by, to) if side is Side.GRANTOR else (to, by)
        if self.lost & set(pair):
            return None
        try:
            mandate = rules.begun(new_id(), side, *pair, terms, self.now)
        except NotPossible:
            return None
        self.mandates[mandate.id] = mandate
        return mandate.id

    def accept(self, mandate_id: UUID, by: str, *, able: bool) -> bool:
        return (
            able
            and self._changed(mandate_id, lambda one: rules.accepted(one, by, self.now)) is RightState.ACTIVE
        )

    def decline(self, mandate_id: UUID, by: str) -> None:
        self._changed(mandate_id, lambda one: rules.declined(one, by, self.now))

    def end(self, mandate_id: UUID, by: str) -> None:
        self._changed(mandate_id, lambda one: rules.ended(one, by, self.now))

    def lose(self, code: str, why: str) -> None:
        self.lost.add(code)
        self.parents.discard(code)
        for mandate_id in self.mandates:
            self._changed(mandate_id, lambda one: rules.ended_with(one, code, why, self.now))
        self._end_sessions(lambda acts, _id: code in (acts.person.code, acts.party.code))

    def custody(self, parent: str, *, active: bool) -> None:
        if active:
            self.parents.add(parent)
        else:
            self.parents.discard(parent)
            self._end_sessions(lambda acts, right_id: acts.person.code == parent and right_id is None)

    def choose(self, holder: str, party: str, *, able: bool) -> bool:
        found = self._right(holder, party)
        if found is None or not able:
            return False
        self.sessions[holder] = (actor(holder, party, found[0]), found[1])
        return True

    def act(self, holder: str, ability: Ability) -> str | None:
        acts, _right_id = self.sessions.get(holder, (actor(holder), None))
        if refusal(acts, ACTIONS[ability], self.now) is not None:
            return None
        if ability is Ability.SEND and not acts.for_self:
            found = self._right(holder, acts.party.code)
            if found is None:
                return None
            acts = replace(acts, right=found[0])
            if refusal(acts, ACTIONS[ability], self.now) is not None:
                return None
        return acts.party.code

    def wait(self, by: timedelta) -> None:
        self.now += by

    def close(self) -> None:
        self.sessions.clear()

    def _right(self, holder: str, party: str) -> tuple[Right, UUID | None] | None:
        for mandate in self.mandates.values():
            right = mandate.right(self.now)
            if right and (mandate.holder, mandate.grantor) == (holder, party):
                return right, mandate.id
        until = comes_of_age(CHILD_BORN)
        if party == CHILD and holder in self.parents and self.now < until:
            return Right(RightKind.PARENT, "official", ALL_ABILITIES, until), None
        return None

    def _changed(self, mandate_id: UUID, change: Callable[[Mandate], Mandate]) -> RightState | None:
        try:
            mandate = self.mandates[mandate_id] = change(self.mandates[mandate_id])
        except NotPossible:
            return None
        if mandate.state is not RightState.ACTIVE:
            self._end_sessions(lambda _acts, right_id: right_id == mandate_id)
        return mandate.state

    def _end_sessions(self, which: Callable[[Actor, UUID | None], bool]) -> None:
        for holder, (acts, right_id) in self.sessions.items():
            if which(acts, right_id) and not acts.right.is_over(self.now):
                over = replace(acts, right=replace(acts.right, valid_until=self.now))
                self.sessions[holder] = (over, right_id)


class LivesByRules(Lives):
    """The machine on the rules alone."""

    def world(self) -> World:
        return ByRules()


class LongLivesByRules(Lives):
    """The same with more happenings in a life."""

    def world(self) -> World:
        return ByRules()


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


TestTenThousandSequences = LivesByRules.TestCase
TestTenThousandSequences.settings = _settings(10_000, 4)
TestLongLives = LongLivesByRules.TestCase
TestLongLives.settings = _settings(150, 40)


def test_the_sequences_did_let_many_acts_through() -> None:
    # An invariant that is never tried proves nothing.
    assert not Lives.let_through or Lives.let_through > 1_000


def offered(last_day: date = date(2026, 12, 1), scope: frozenset[str] = EVERYTHING) -> Mandate:
    return rules.begun(new_id(), Side.GRANTOR, AINO, MARI, Terms(scope, last_day), START)


@given(st.integers(0, 400 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)))
@settings(max_examples=300)
def test_a_mandate_gives_a_right_to_the_end_of_its_last_day_in_tallinn_and_no_longer(at: datetime) -> None:
    running = rules.accepted(offered(), MARI, START)
    assert (running.right(at) is not None) == (at.astimezone(TALLINN).date() <= date(2026, 12, 1))


@pytest.mark.parametrize("last_day", [date(2027, 3, 27), date(2027, 3, 28), date(2026, 11, 17)])
def test_the_end_is_midnight_whatever_the_clocks_do(last_day: date) -> None:
    end = Terms(EVERYTHING, last_day).valid_until.astimezone(TALLINN)
    assert (end.date(), end.hour, end.minute) == (last_day + timedelta(days=1), 0, 0)


def test_a_year_is_the_same_day_of_the_next_one() -> None:
    assert rules.latest_day(date(2026, 11, 17)) == date(2027, 11, 17)
    assert rules.latest_day(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("grantor", "holder", "fault"),
    [
        (AINO, AINO, Fault.ONESELF),
        (CHILD, MARI, Fault.MINOR),
        (AINO, CHILD, Fault.MINOR),
        ("EE10391131", MARI, Fault.NOT_A_PERSON),
        (AINO, "EE10391131", Fault.NOT_A_PERSON),
        (AINO, "LV010190-12345", Fault.NOT_A_PERSON),
    ],
)
def test_only_one_adult_person_gives_to_another(grantor: str, holder: str, fault: Fault) -> None:
    with pytest.raises(NotPossible) as refused:
        rules.begun(new_id(), Side.GRANTOR, grantor, holder, Terms(EVERYTHING, date(2026, 12, 1)), START)
    assert refused.value.fault is fault


@pytest.mark.parametrize(
    "scope",
    [frozenset(), frozenset({"fill"}), frozenset({"see", "everything"}), frozenset({"see", "service"})],
)
def test_a_scope_that_says_nothing_or_too_much_is_none(scope: frozenset[str]) -> None:
    with pytest.raises(NotPossible):
        offered(scope=scope)


def test_only_the_asked_side_can_accept_and_only_what_waits() -> None:
    mandate = offered()
    for by, fault in ((AINO, Fault.NOT_YOURS), (PEETER, Fault.NOT_YOURS)):
        with pytest.raises(NotPossible) as refused:
            rules.accepted(mandate, by, START)
        assert refused.value.fault is fault
    with pytest.raises(NotPossible):
        rules.accepted(rules.declined(mandate, MARI, START), MARI, START)
    with pytest.raises(NotPossible):
        rules.accepted(mandate, MARI, START + timedelta(days=20))


def test_the_terms_of_an_offer_are_the_grantors_alone() -> None:
    wider = Terms(EVERYTHING, date(2027, 11, 1))
    taken = rules.accepted(offered(scope=SCOPES[0]), MARI, START, terms=wider)
    assert taken.terms.scope == SCOPES[0]


def test_what_the_register_refuses_never_begins() -> None:
    waiting = rules.begun(
        new_id(), Side.GRANTOR, AINO, MARI, Terms(EVERYTHING, date(2026, 12, 1)), START, checked=False
    )
    assert waiting.right(START) is None
    assert rules.checked(waiting, START, able=False).state is RightState.DECLINED
    assert rules.checked(waiting, START, able=True).state is RightState.OFFERED


def test_the_source_and_kind_are_those_of_a_mandate() -> None:
    right = rules.accepted(offered(), MARI, START).right(START)
    assert right is not None
    assert (right.kind, right.source) == (RightKind.MANDATE, "mandate")
