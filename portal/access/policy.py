"""The one table of who may do what; pure."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from portal.identity import Actor, Assurance

Rule = Callable[[Actor | None], bool]


class Action(StrEnum):
    """What a page does; every page names one."""

    READ_OPEN_PAGES = "read-open-pages"
    SIGN_IN = "sign-in"
    END_SESSION = "end-session"
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


def anyone(actor: Actor | None) -> bool:
    """Let everybody in."""
    return True


def signed_in(actor: Actor | None) -> bool:
    """Let in whoever has signed in, however."""
    return actor is not None


def strongly_signed_in(actor: Actor | None) -> bool:
    """Let in who signed in with GovSSO: binding acts ask for no less."""
    return actor is not None and actor.assurance is Assurance.GOVSSO


POLICY: Final[Mapping[Action, Rule]] = {
    Action.READ_OPEN_PAGES: anyone,
    Action.SIGN_IN: anyone,
    Action.END_SESSION: anyone,
    Action.READ_DRAFT: signed_in,
    Action.FILL_DRAFT: signed_in,
    Action.SEND_APPLICATION: strongly_signed_in,
    Action.READ_INBOX: signed_in,
    Action.READ_MATTER: signed_in,
    Action.OPEN_DECISION: strongly_signed_in,
    Action.READ_DOCUMENT: strongly_signed_in,
    Action.ANSWER_TASK: strongly_signed_in,
    Action.WRITE_MESSAGE: strongly_signed_in,
    Action.WITHDRAW_APPLICATION: strongly_signed_in,
    Action.READ_CONTACTS: signed_in,
    Action.CHANGE_CONTACTS: strongly_signed_in,
}


def permits(actor: Actor | None, action: Action) -> bool:
    """Tell whether the actor may do this at all; whose thing it is, each query asks for itself."""
    return POLICY[action](actor)
