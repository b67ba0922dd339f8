"""The one table of who may do what; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from portal.identity import Ability, Actor, Assurance


class Action(StrEnum):
    """What a page does; every page names one."""

    READ_OPEN_PAGES = "read-open-pages"
    SIGN_IN = "sign-in"
    END_SESSION = "end-session"
    CONTINUE_FORM = "continue-form"
    READ_DRAFT = "read-draft"
    FILL_DRAFT = "fill-draft"
    SEND_APPLICATION = "send-application"
    READ_INBOX = "read-inbox"
    READ_MATTER = "read-matter"
    OPEN_DECISION = "open-decision"
    READ_DOCUMENT = "read-document"
    ANSWER_TASK = "answer-task"
    WRITE_MESSAGE = "write-message"
    WITHDRAW_APPLICATION = "withdraw-application"
    READ_CONTACTS = "read-contacts"
    CHANGE_CONTACTS = "change-contacts"
    READ_SESSIONS = "read-sessions"
    END_SESSIONS = "end-sessions"
    READ_PASSKEYS = "read-passkeys"
    CHANGE_PASSKEYS = "change-passkeys"
    READ_RIGHTS = "read-rights"
    GRANT_RIGHTS = "grant-rights"
    CHOOSE_PARTY = "choose-party"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action asks for.

    `assurance` is the weakest sign-in that will do, None where nobody need sign in. `ability` is what a right
    must allow to do it for another party; None marks the person's own affairs, whomever they act for.
    Before a `binding` act for another the right is asked for again at its source.
    """

    assurance: Assurance | None
    ability: Ability | None = None
    binding: bool = False


_OPEN: Final = Rule(None)
_OWN: Final = Rule(Assurance.PASSKEY)
_OWN_STRONG: Final = Rule(Assurance.GOVSSO)
_SEE: Final = Rule(Assurance.PASSKEY, Ability.SEE)
_BINDING: Final = Rule(Assurance.GOVSSO, Ability.SEND, binding=True)

POLICY: Final[Mapping[Action, Rule]] = {
    Action.READ_OPEN_PAGES: _OPEN,
    Action.SIGN_IN: _OPEN,
    Action.END_SESSION: _OPEN,
    Action.CONTINUE_FORM: _OWN,
    Action.READ_DRAFT: _SEE,
    Action.FILL_DRAFT: Rule(Assurance.PASSKEY, Ability.FILL),
    Action.SEND_APPLICATION: _BINDING,
    Action.READ_INBOX: _SEE,
    Action.READ_MATTER: _SEE,
    # Opening makes the decision known (SÜS § 27): an act, and the term of a vaie may run from it.
    Action.OPEN_DECISION: _BINDING,
    Action.READ_DOCUMENT: Rule(Assurance.GOVSSO, Ability.SEE),
    Action.ANSWER_TASK: _BINDING,
    Action.WRITE_MESSAGE: _BINDING,
    Action.WITHDRAW_APPLICATION: _BINDING,
    Action.READ_CONTACTS: _OWN,
    Action.CHANGE_CONTACTS: _OWN_STRONG,
    Action.READ_SESSIONS: _OWN,
    # Who sees a stranger's session must be able to end it at once, however signed in.
    Action.END_SESSIONS: _OWN,
    Action.READ_PASSKEYS: _OWN,
    Action.CHANGE_PASSKEYS: _OWN_STRONG,
    Action.READ_RIGHTS: _OWN,
    Action.GRANT_RIGHTS: _OWN_STRONG,
    Action.CHOOSE_PARTY: _OWN_STRONG,
}


class Refusal(StrEnum):
    """Why somebody may not do something."""

    SIGN_IN = "sign-in"
    STEP_UP = "step-up"
    RIGHT_ENDED = "right-ended"
    NOT_IN_SCOPE = "not-in-scope"
    OTHER_PARTY = "other-party"
    """The form was filled in for another party than the one acted for now."""
    SOURCE_SILENT = "source-silent"
    """The right could not be asked for again at its source."""


def refusal(actor: Actor | None, action: Action, now: datetime) -> Refusal | None:
    """Tell why the actor may not do this at all, or None; whose thing it is, each query asks for itself."""
    rule = POLICY[action]
    if rule.assurance is None:
        return None
    if actor is None:
        return Refusal.SIGN_IN
    for_other = rule.ability is not None and not actor.for_self
    if actor.assurance is not Assurance.GOVSSO and (rule.assurance is Assurance.GOVSSO or for_other):
        return Refusal.STEP_UP
    if rule.ability is None or actor.for_self:
        return None
    if actor.right.is_over(now):
        return Refusal.RIGHT_ENDED
    return None if actor.right.allows(rule.ability) else Refusal.NOT_IN_SCOPE
