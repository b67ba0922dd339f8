"""Every address of the portal: what it does (said here a second time, so that a wrong action is found), and how to ask.

A new address needs a line here; `tests/access/test_every_route.py` says which one is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from embeds.files import ELEMENT
from portal.access import Action
from portal.identity import Ability, RightKind
from tests.access.kinds import Answer

JOURNEY: Final = "toimetulekutoetus"


@dataclass(frozen=True, slots=True)
class Example:
    """How an address is asked: with `{names}` of the owner's things in the path, and a form that changes little.

    `uses` names what one use uses up, so that each who is allowed gets a new one. `stranger` and `others` are the
    answers of an address that decides by itself for who is not signed in, or whose the thing is not. `filing` marks
    what belongs to an application that not everybody may file; `begins` what a right must allow, and for all matters,
    where something new is begun.
    """

    action: Action
    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    uses: str = ""
    stranger: Answer | None = None
    others: Answer | None = None
    filing: bool = False
    begins: Ability | None = None

    @property
    def names_a_thing(self) -> bool:
        """Tell whether the address names something of the owner."""
        return "{" in self.path


# Parents and guardians of a child do not apply for this one: an adult does, or who acts for an adult.
MAY_FILE: Final = frozenset({RightKind.ADULT_GUARDIAN, RightKind.MANDATE})
A = Action
_DRAFT, _MATTER, _SLOT = "/{lang:lang}/drafts/{id:uuid}", "/{lang:lang}/inbox/{id:uuid}", "/files/{slot}"
_STEP = "/{lang:lang}/drafts/{id:uuid}/{step}"
_TASK, _DECISION = _MATTER + "/tasks/{task_id:uuid}", _MATTER + "/decisions/{decision_id:uuid}"
_RIGHT = "/{lang:lang}/representation/{id:uuid}"
_OPEN: Final = {
    ("GET", path): Example(A.READ_OPEN_PAGES, path.replace("{lang:lang}", "et"))
    for path in (
        "/", "/{lang:lang}/", "/{lang:lang}/services", "/{lang:lang}/kov", "/{lang:lang}/accessibility",
        "/{lang:lang}/privacy", "/{lang:lang}/cookies", "/{lang:lang}/help", "/.well-known/security.txt",
        "/health/live", "/health/ready", "/metrics",
    )
}  # fmt: skip

EXAMPLES: Final[Mapping[tuple[str, str], Example]] = {
    **_OPEN,
    ("GET", "/{lang:lang}/services/{journey}"): Example(A.READ_OPEN_PAGES, f"/et/services/{JOURNEY}"),
    ("GET", "/{lang:lang}/kov/{slug}"): Example(A.READ_OPEN_PAGES, "/et/kov/rakvere-linn"),
    # What municipalities' websites show of the portal.
    ("GET", "/embed/v1/data/{slug}.json"): Example(
        A.READ_OPEN_PAGES, "/embed/v1/data/rakvere-linn.json"
    ),
    ("GET", "/embed/v1/frame/{slug}"): Example(A.READ_OPEN_PAGES, "/embed/v1/frame/rakvere-linn"),
    ("GET", "/embed/v1/go/{slug}"): Example(A.READ_OPEN_PAGES, "/embed/v1/go/rakvere-linn"),
    ("GET", "/embed/v1/go/{slug}/{service}"): Example(
        A.READ_OPEN_PAGES, f"/embed/v1/go/rakvere-linn/{JOURNEY}"
    ),
    ("GET", "/embed/v1/{file}"): Example(A.READ_OPEN_PAGES, f"/embed/v1/{ELEMENT}"),
    ("GET", "/oembed"): Example(A.READ_OPEN_PAGES, "/oembed?url=http://uks.test/et/kov/rakvere-linn"),
    ("GET", "/{lang:lang}/embed"): Example(A.READ_OPEN_PAGES, "/et/embed"),
    # Signing in and out.
    ("GET", "/auth/login"): Example(A.SIGN_IN, "/auth/login?lang=et"),
    ("GET", "/auth/callback"): Example(A.SIGN_IN, "/auth/callback?state=x"),
    ("GET", "/{lang:lang}/passkey"): Example(A.SIGN_IN, "/et/passkey"),
    ("POST", "/{lang:lang}/passkey"): Example(A.SIGN_IN, "/et/passkey", {"credential": "x"}),
    ("POST", "/passkeys/challenge"): Example(A.SIGN_IN, "/passkeys/challenge"),
    ("POST", "/auth/renew"): Example(A.END_SESSION, "/auth/renew", stranger=Answer.SIGN_IN),
    ("POST", "/auth/logout"): Example(A.END_SESSION, "/auth/logout", uses="my session"),
    ("GET", "/auth/logged-out"): Example(A.END_SESSION, "/auth/logged-out"),
    ("POST", "/auth/backchannel-logout"): Example(A.END_SESSION, "/auth/backchannel-logout"),
    ("GET", "/{lang:lang}/kept/{id:uuid}"): Example(A.CONTINUE_FORM, "/et/kept/{kept}"),
    # Filling in and sending.
    ("GET", "/{lang:lang}/apply/{journey}"): Example(
        A.READ_DRAFT, f"/et/apply/{JOURNEY}", filing=True, begins=Ability.SEE
    ),
    ("POST", "/{lang:lang}/apply/{journey}"): Example(
        A.FILL_DRAFT, f"/et/apply/{JOURNEY}", filing=True, begins=Ability.SEE
    ),
    ("GET", "/{lang:lang}/drafts"): Example(A.READ_DRAFT, "/et/drafts"),
    ("GET", _DRAFT): Example(A.READ_DRAFT, "/et/drafts/{draft}", filing=True),
    ("GET", _DRAFT + "/delete"): Example(A.READ_DRAFT, "/et/drafts/{draft}/delete", filing=True),
    # To delete what is not there is to be done with it.
    ("POST", _DRAFT + "/delete"): Example(
        A.FILL_DRAFT, "/et/drafts/{draft}/delete", uses="draft", others=Answer.ALLOWED, filing=True),
    ("POST", _DRAFT + "/period"): Example(A.FILL_DRAFT, "/et/drafts/{draft}/period", filing=True),
    ("POST", _DRAFT + "/facts"): Example(A.FILL_DRAFT, "/et/drafts/{draft}/facts", filing=True),
    ("GET", _DRAFT + "/review"): Example(A.READ_DRAFT, "/et/drafts/{draft}/review", filing=True),
    ("POST", _DRAFT + "/review"): Example(A.SEND_APPLICATION, "/et/drafts/{draft}/review", filing=True),
    ("GET", _STEP): Example(A.READ_DRAFT, "/et/drafts/{draft}/teie", filing=True),
    ("POST", _STEP): Example(A.FILL_DRAFT, "/et/drafts/{draft}/teie", {"revision": "1", "act": "next"}, filing=True),
    ("POST", _STEP + "/autosave"): Example(A.FILL_DRAFT, "/et/drafts/{draft}/teie/autosave", {"revision": "1"}, filing=True),
    ("POST", _DRAFT + _SLOT): Example(A.FILL_DRAFT, "/et/drafts/{draft}/files/bills", filing=True),
    ("POST", _DRAFT + _SLOT + "/{file:uuid}/remove"): Example(
        A.FILL_DRAFT, "/et/drafts/{draft}/files/bills/{file}/remove", uses="file", filing=True),
    ("GET", "/{lang:lang}/receipts/{id:uuid}"): Example(A.READ_DRAFT, "/et/receipts/{matter}"),
    # Minu suhtlus.
    ("GET", "/{lang:lang}/inbox"): Example(A.READ_INBOX, "/et/inbox"),
    ("GET", "/{lang:lang}/inbox/ended"): Example(A.READ_INBOX, "/et/inbox/ended"),
    ("GET", _MATTER): Example(A.READ_MATTER, "/et/inbox/{matter}"),
    ("GET", _TASK): Example(A.READ_MATTER, "/et/inbox/{asked}/tasks/{task}"),
    ("POST", _TASK): Example(A.ANSWER_TASK, "/et/inbox/{asked}/tasks/{task}"),
    ("GET", _MATTER + "/messages"): Example(A.READ_MATTER, "/et/inbox/{matter}/messages"),
    ("POST", _MATTER + "/messages"): Example(A.WRITE_MESSAGE, "/et/inbox/{matter}/messages"),
    ("POST", _MATTER + "/messages/read"): Example(A.READ_MATTER, "/et/inbox/{matter}/messages/read"),
    ("GET", _DECISION): Example(A.READ_MATTER, "/et/inbox/{matter}/decisions/{decision}"),
    ("POST", _DECISION): Example(A.OPEN_DECISION, "/et/inbox/{matter}/decisions/{decision}"),
    ("GET", _MATTER + "/documents/{document_id:uuid}"): Example(
        A.READ_DOCUMENT, "/et/inbox/{matter}/documents/{document}"
    ),
    ("GET", _MATTER + "/withdrawal"): Example(A.READ_MATTER, "/et/inbox/{asked}/withdrawal"),
    ("POST", _MATTER + "/withdrawal"): Example(A.WITHDRAW_APPLICATION, "/et/inbox/{asked}/withdrawal"),
    ("GET", "/{lang:lang}/messages"): Example(A.READ_INBOX, "/et/messages"),
    ("GET", "/{lang:lang}/messages/new"): Example(A.READ_INBOX, "/et/messages/new", begins=Ability.SEND),
    ("POST", "/{lang:lang}/messages/new"): Example(A.WRITE_MESSAGE, "/et/messages/new", begins=Ability.SEND),
    # The person's own affairs.
    ("GET", "/{lang:lang}/me"): Example(A.READ_CONTACTS, "/et/me"),
    ("POST", "/{lang:lang}/me"): Example(A.CHANGE_CONTACTS, "/et/me"),
    # A link that was mailed to somebody else is told from one that nobody was mailed.
    ("GET", "/{lang:lang}/me/confirm/{token}"): Example(
        A.READ_CONTACTS, "/et/me/confirm/{token}", others=Answer.REFUSED
    ),
    ("POST", "/{lang:lang}/me/confirm/{token}"): Example(
        A.CHANGE_CONTACTS, "/et/me/confirm/{token}", others=Answer.REFUSED
    ),
    ("GET", "/{lang:lang}/me/sessions"): Example(A.READ_SESSIONS, "/et/me/sessions"),
    ("GET", "/{lang:lang}/me/passkeys"): Example(A.READ_PASSKEYS, "/et/me/passkeys"),
    ("POST", "/{lang:lang}/me/passkeys"): Example(A.CHANGE_PASSKEYS, "/et/me/passkeys"),
    ("GET", "/{lang:lang}/me/passkeys/{id:uuid}"): Example(A.READ_PASSKEYS, "/et/me/passkeys/{passkey}"),
    ("POST", "/{lang:lang}/me/passkeys/{id:uuid}"): Example(A.CHANGE_PASSKEYS, "/et/me/passkeys/{passkey}"),
    ("POST", "/{lang:lang}/me/passkeys/{id:uuid}/remove"): Example(
        A.CHANGE_PASSKEYS, "/et/me/passkeys/{passkey}/remove", uses="passkey", others=Answer.ALLOWED
    ),
    ("POST", "/passkeys/options"): Example(A.CHANGE_PASSKEYS, "/passkeys/options"),
    ("POST", "/auth/acting-for"): Example(A.CHOOSE_PARTY, "/auth/acting-for", {"party": "me"}, uses="my session"),
    ("GET", "/{lang:lang}/representation"): Example(A.READ_RIGHTS, "/et/representation"),
    ("POST", "/{lang:lang}/representation/notices"): Example(A.CHANGE_CONTACTS, "/et/representation/notices"),
    ("GET", "/{lang:lang}/representation/acts"): Example(A.READ_RIGHTS, "/et/representation/acts"),
    ("POST", "/{lang:lang}/representation/acts"): Example(A.CHANGE_CONTACTS, "/et/representation/acts"),
    ("GET", "/{lang:lang}/representation/give"): Example(A.READ_RIGHTS, "/et/representation/give"),
    ("POST", "/{lang:lang}/representation/give"): Example(A.GRANT_RIGHTS, "/et/representation/give"),
    ("GET", "/{lang:lang}/representation/ask"): Example(A.READ_RIGHTS, "/et/representation/ask"),
    ("POST", "/{lang:lang}/representation/ask"): Example(A.GRANT_RIGHTS, "/et/representation/ask"),
    ("GET", _RIGHT): Example(A.READ_RIGHTS, "/et/representation/{right}"),
    **{
        ("POST", f"{_RIGHT}/{act}"): Example(A.GRANT_RIGHTS, f"/et/representation/{{right}}/{act}", uses="right")
        for act in ("accept", "grant", "decline", "end")
    },
    # Last, since they end what the others go by.
    ("POST", "/{lang:lang}/me/remove"): Example(A.CHANGE_CONTACTS, "/et/me/remove"),
    ("POST", "/{lang:lang}/me/sessions/end-others"): Example(
        A.END_SESSIONS, "/et/me/sessions/end-others", uses="my session"
    ),
    ("POST", "/{lang:lang}/me/sessions/end-all"): Example(
        A.END_SESSIONS, "/et/me/sessions/end-all", uses="my session"
    ),
    ("POST", "/{lang:lang}/me/sessions/{id:uuid}/end"): Example(
        A.END_SESSIONS, "/et/me/sessions/{session}/end", uses="my session"
    ),
}  # fmt: skip
