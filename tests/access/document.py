"""`docs/access.md`, written from the policy."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from portal.access import POLICY, Action
from tests.access.examples import EXAMPLES
from tests.access.kinds import GROUPS, OTHERS, OWNER, OWNER_WEAKLY, STRANGER, Answer, Kind

PATH: Final = Path(__file__).parents[2] / "docs" / "access.md"
_TOP: Final = """# Who may do what

Written from the code by `.venv/bin/python -m tests.access`; a test fails while this page says something else than the
code does. `portal/access/policy.py` is the one table behind it. `tests/access` sends a real request of every kind of
actor to every address of the portal and compares the answer with this page.

The tables tell what somebody is answered who asks about a thing of the *owner*: a draft, a matter, a message, and for
the person's own affairs a session, a passkey, a kept form, a contact.

- **yes**: it is done, or shown.
- **sign in**: they are led to the sign-in and back; a form that was sent is kept when a session had just ended.
- **step up**: a sign-in by GovSSO is asked for, which a passkey is not; a form that was sent is kept.
- **refused**: told in words why not; a form that was sent is kept for its writer alone.
- **not there**: answered exactly like a thing that does not exist.
- **open as**: told that it belongs to somebody for whom they may act, with one button to act for them.
- **own**: they see and change their own, never the owner's.

## Caseworkers and administrators

There is no caseworkers' desk in the portal yet: decisions are made in the cores, and what officials write comes from
there. A caseworker who signs in is a person like any other and gets nothing of anybody else's, whichever authority
they work for. Nor has the portal an administrator who could sign in: an installation is run by commands (`uks …`) and
watched by figures that name nobody (`/metrics`, with its own token). Both stand in the tables so that the day one of
them gets a right, this page and its tests have to say so.
"""

_RIGHTS: Final = """A right's kind alone never decides: all kinds are treated alike, their scope and their end make the
difference. Before each act marked *asks again* the right is asked for anew at its source; one that is gone refuses the
act, one that is silent lets it wait, and the form is kept.

Two things narrow this further. A journey names who may file it for whom: a subsistence benefit is an adult's, so who
acts for a child is refused at its drafts. And who acts by a right for certain matters or services begins nothing that
lies outside them."""


def document() -> str:
    """Write the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _TOP
    yield "## Persons\n"
    yield from _table((STRANGER, OWNER, OWNER_WEAKLY, *OTHERS))
    yield "\n## Representatives\n"
    yield _RIGHTS
    for title, kinds in GROUPS:
        yield f"\n### {title}\n"
        yield from _table(kinds)
    yield "\n## What each action asks for\n"
    yield "| action | sign-in | the right must allow to | asks again | addresses |"
    yield "|---|---|---|---|---|"
    for action, rule in POLICY.items():
        ability = rule.ability or ("none: own affairs" if rule.assurance else "")
        yield (
            f"| `{action}` | {rule.assurance or 'nobody need'} | {ability} | {'yes' if rule.binding else ''} "
            f"| {_addresses(action)} |"
        )


def _table(kinds: Sequence[Kind]) -> Iterator[str]:
    yield f"| action | {' | '.join(kind.name for kind in kinds)} |"
    yield f"|---|{'---|' * len(kinds)}"
    for action in Action:
        yield f"| `{action}` | {' | '.join(_cell(kind, action) for kind in kinds)} |"


def _cell(kind: Kind, action: Action) -> str:
    told = kind.answered(action, thing=True, reading=action.startswith("read"))
    own = told is Answer.NOT_FOUND and POLICY[action].ability is None
    return "own" if own else str(told)


def _addresses(action: Action) -> str:
    return "<br>".join(
        f"{method} `{path}`" for (method, path), each in EXAMPLES.items() if each.action is action
    )
