"""The states of a matter: their labels, whose turn each is, and where it stands in the list; pure.

The vocabulary is that of the statuses table; the core's own word is kept beside it, never instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Turn(StrEnum):
    """Whose turn it is."""

    YOU = "you"
    AUTHORITY = "authority"
    OTHER = "other"
    NOBODY = "nobody"


class State(StrEnum):
    """How a matter stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REGISTERED = "registered"
    FORWARDED = "forwarded"
    IN_PROCEEDING = "in_proceeding"
    NEEDS_FIX = "needs_fix"
    ASSESSMENT = "assessment"
    WAITING_THIRD = "waiting_third"
    HEARING = "hearing"
    EXTENDED = "extended"
    DECIDED = "decided"
    DELIVERED = "delivered"
    QUEUE = "queue"
    IN_FORCE = "in_force"
    LEFT_UNEXAMINED = "left_unexamined"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    ENDED = "ended"
    CONTESTED = "contested"
    VAIE_DECIDED = "vaie_decided"
    MESSAGE = "message"
    """A thread that belongs to no proceeding."""


class Section(StrEnum):
    """The parts of the list, in their order."""

    YOURS = "yours"
    DRAFTS = "drafts"
    WAITING = "waiting"
    DECIDED = "decided"
    LETTERS = "letters"
    ENDED = "ended"


CLOSED: Final = frozenset({State.LEFT_UNEXAMINED, State.WITHDRAWN, State.ENDED})
UNDECIDED: Final = frozenset(
    {
        State.SUBMITTED,
        State.REGISTERED,
        State.FORWARDED,
        State.IN_PROCEEDING,
        State.NEEDS_FIX,
        State.ASSESSMENT,
        State.WAITING_THIRD,
        State.HEARING,
        State.EXTENDED,
    }
)
"""Before the decision: the application may be taken back (HMS § 14(8)) and the decision's term is told."""

_DECIDED: Final = frozenset(
    {State.DECIDED, State.DELIVERED, State.VAIE_DECIDED, State.IN_FORCE, State.SUSPENDED, State.QUEUE}
)


@dataclass(frozen=True, slots=True)
class Label:
    """The round label of a matter: its word, colour and icon."""

    text: str
    tone: str
    icon: str


def _(text: str) -> str:
    return text


_YOURS: Final = Label(_("Teie kord"), "you", "person")
_AUTHORITY: Final[Mapping[str, Label]] = {
    "linn": Label(_("Linna kord"), "authority", "account_balance"),
    "vald": Label(_("Valla kord"), "authority", "account_balance"),
    "amet": Label(_("Ameti kord"), "authority", "account_balance"),
}
_OTHER: Final = Label(_("Ootame teist asutust"), "other", "hourglass")
_DOCTOR: Final = Label(_("Arsti kord"), "other", "stethoscope")
_REFUSED: Final = Label(_("Ei määratud"), "plain", "archive")
_ENDED: Final = Label(_("Lõppenud"), "plain", "archive")
_PAID: Final = Label(_("Makstakse"), "done", "check_circle")
_BY_STATE: Final[Mapping[str, Label]] = {
    State.DRAFT: Label(_("Saatmata"), "draft", "edit_note"),
    State.DECIDED: Label(_("Otsus tehtud"), "done", "check_circle"),
    State.DELIVERED: Label(_("Otsus tehtud"), "done", "check_circle"),
    State.VAIE_DECIDED: Label(_("Otsus tehtud"), "done", "check_circle"),
    State.QUEUE: Label(_("Järjekorras"), "other", "hourglass"),
    State.IN_FORCE: Label(_("Kehtib"), "done", "check_circle"),
    State.SUSPENDED: Label(_("Peatatud"), "other", "pending_actions"),
    State.LEFT_UNEXAMINED: _ENDED,
    State.WITHDRAWN: _ENDED,
    State.ENDED: _ENDED,
    State.MESSAGE: Label(_("Kirjavahetus"), "plain", "mail"),
}


def label(
    state: str, turn: str, authority_kind: str, *, who: str = "", refused: bool = False, paid: bool = False
) -> Label:
    """Choose the label of a matter; `refused` and `paid` are told only of a decision that has been opened."""
    if turn == Turn.YOU and state != State.DRAFT:
        return _YOURS
    if state == State.IN_FORCE and paid:
        return _PAID
    if refused and state in (State.DECIDED, State.DELIVERED):
        return _REFUSED
    if state in _BY_STATE and not (state == State.MESSAGE and turn == Turn.AUTHORITY):
        return _BY_STATE[state]
    if turn == Turn.OTHER:
        return _DOCTOR if "arst" in who.lower() else _OTHER
    return _AUTHORITY.get(authority_kind, _AUTHORITY["amet"])


def section(state: str, turn: str) -> Section:
    """Tell in which part of the list a matter stands."""
    if state in CLOSED:
        return Section.ENDED
    if state == State.DRAFT:
        return Section.DRAFTS
    if turn == Turn.YOU:
        return Section.YOURS
    if state in _DECIDED:
        return Section.DECIDED
    if state == State.MESSAGE and turn == Turn.NOBODY:
        return Section.LETTERS
    return Section.WAITING


def turn_of(state: str) -> Turn:
    """Tell whose turn a state is by itself; open tasks may make it the person's all the same."""
    if state in (State.DRAFT, State.NEEDS_FIX, State.HEARING):
        return Turn.YOU
    if state == State.WAITING_THIRD:
        return Turn.OTHER
    if state in UNDECIDED or state in (State.QUEUE, State.CONTESTED, State.SUSPENDED):
        return Turn.AUTHORITY
    return Turn.NOBODY
