"""Notices by e-mail: that something waits in Uks, never what; only to an address its owner has confirmed."""

from portal.notify.contacts import (
    Contact,
    Outcome,
    TooManyMails,
    ask,
    confirm,
    contact_of,
    link_state,
    remove,
)
from portal.notify.deliver import OnSent, Post
from portal.notify.letters import Writer
from portal.notify.notices import (
    Kind,
    OfMatter,
    is_told_of_acts,
    plan_acted,
    plan_notice,
    plan_told,
    tell_of_acts,
)
from portal.notify.smtp import MailServer
from portal.notify.warnings import plan_warning

__all__ = [
    "Contact",
    "Kind",
    "MailServer",
    "OfMatter",
    "OnSent",
    "Outcome",
    "Post",
    "TooManyMails",
    "Writer",
    "ask",
    "confirm",
    "contact_of",
    "is_told_of_acts",
    "link_state",
    "plan_acted",
    "plan_notice",
    "plan_told",
    "plan_warning",
    "remove",
    "tell_of_acts",
]
