"""Every address: what kind of route it is, which act it names, and that what was published stays."""

import inspect
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import pytest
from starlette.routing import BaseRoute, Match, Mount, Route

from core_bridge.inbound import EVENTS_PATH, SignedRoute
from portal.access import POLICY, Action, refusal
from portal.crypto import new_key
from portal.identity import Actor
from portal.parts import build
from portal.settings import Settings
from portal.ui import BarePage, Page
from tests.factories import actor

ID: Final = "0197f6a0-0000-7000-8000-000000000000"
# Addresses that others have written down: changing one breaks somebody's link, bookmark or program.
PUBLISHED: Final = (
    *(("GET", f"/{language}/") for language in ("et", "en", "ru")),
    ("GET", "/"),
    ("GET", "/et/services"),
    ("GET", "/et/services/toimetulekutoetus"),
    ("GET", "/et/kov/rakvere-linn"),
    ("GET", "/et/apply/toimetulekutoetus"),
    ("GET", "/et/drafts"),
    ("GET", f"/et/drafts/{ID}/perekond"),
    ("GET", f"/et/drafts/{ID}/review"),
    ("GET", f"/et/receipts/{ID}"),
    ("GET", "/et/inbox"),
    ("GET", f"/et/inbox/{ID}"),
    ("GET", f"/et/inbox/{ID}/tasks/{ID}"),
    ("GET", f"/et/inbox/{ID}/decisions/{ID}"),
    ("POST", f"/et/inbox/{ID}/decisions/{ID}"),
    ("GET", f"/et/inbox/{ID}/documents/{ID}"),
    ("GET", "/et/messages"),
    ("GET", "/et/messages/new"),
    ("POST", "/et/messages/new"),
    ("GET", "/et/me"),
    ("GET", "/et/representation"),
    ("GET", "/et/representation/give"),
    ("GET", "/et/representation/ask"),
    ("GET", "/et/representation/acts"),
    ("GET", f"/et/representation/{ID}"),
    ("POST", f"/et/representation/{ID}/end"),
    ("GET", "/et/me/passkeys"),
    ("GET", f"/et/me/passkeys/{ID}"),
    ("GET", "/et/passkey"),
    ("POST", "/et/passkey"),
    ("POST", "/passkeys/challenge"),
    ("POST", "/passkeys/options"),
    ("GET", "/et/accessibility"),
    ("GET", "/et/privacy"),
    ("GET", "/et/cookies"),
    ("GET", "/et/help"),
    ("GET", "/auth/login"),
    ("GET", "/auth/callback"),
    ("POST", "/auth/renew"),
    ("POST", "/auth/acting-for"),
    ("POST", "/auth/logout"),
    ("GET", "/auth/logged-out"),
    ("POST", "/auth/backchannel-logout"),
    ("POST", EVENTS_PATH),
    ("GET", "/bridge/v1/openapi.json"),
    ("GET", "/bridge/v1/core-openapi.json"),
    ("GET", "/et/embed"),
    ("GET", "/embed/v1/uks-entry.1.js"),
    ("GET", "/embed/v1/data/rakvere-linn.json"),
    ("GET", "/embed/v1/frame/rakvere-linn"),
    ("GET", "/embed/v1/go/rakvere-linn"),
    ("GET", "/embed/v1/go/rakvere-linn/toimetulekutoetus"),
    ("GET", "/oembed"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("GET", "/.well-known/security.txt"),
    ("GET", "/static/0123456789ab/app.css"),
)
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Open to the world on purpose; every other page asks who is there.
OPEN: Final = {Action.READ_OPEN_PAGES, Action.SIGN_IN, Action.END_SESSION}
BINDING: Final = {
    Action.SEND_APPLICATION,
    Action.OPEN_DECISION,
    Action.ANSWER_TASK,
    Action.WRITE_MESSAGE,
    Action.WITHDRAW_APPLICATION,
}
STRONG: Final = BINDING | {
    Action.CHANGE_CONTACTS,
    Action.CHANGE_PASSKEYS,
    Action.GRANT_RIGHTS,
    Action.CHOOSE_PARTY,
}


def permits(actor: Actor | None, action: Action) -> bool:
    return refusal(actor, action, NOW) is None


@cache
def routes(env: str = "test") -> Sequence[BaseRoute]:
    folder = Path(mkdtemp(prefix="uks-routes-"))
    settings = Settings(
        env=env,
        keys=f"index:{new_key()},k1:{new_key()}",
        database_url=f"sqlite:///{folder / 'uks.db'}",
        files_url=f"file://{folder / 'files'}",
    )
    return build(settings).routes()


def pages() -> Iterator[BarePage]:
    return (route for route in routes("demo") if isinstance(route, BarePage))


def handler(page: BarePage) -> Any:
    """Find the function that a page was made of."""
    return inspect.getclosurevars(page.endpoint).nonlocals["handler"]


def test_every_route_is_a_page_a_signed_call_the_static_files_or_the_contract() -> None:
    for route in routes("demo"):
        contract = type(route) is Route and re.fullmatch(r"/bridge/v1/[a-z-]*openapi\.json", route.path)
        static = isinstance(route, Mount) and route.path == "/static"
        assert isinstance(route, BarePage | SignedRoute) or contract or static, route


def test_what_is_for_people_has_a_language_and_what_is_for_machines_has_none() -> None:
    for page in pages():
        assert isinstance(page, Page) == page.path.startswith("/{lang:lang}/"), page.path


def test_every_action_has_a_rule_and_every_rule_a_page() -> None:
    assert set(POLICY) == set(Action)
    assert {page.action for page in pages()} == set(Action)


def test_what_the_issue_calls_binding_asks_for_the_right_again() -> None:
    assert {action for action, rule in POLICY.items() if rule.binding} == BINDING


def test_only_open_pages_let_a_stranger_in() -> None:
    assert {action for action in Action if permits(None, action)} == OPEN
    for page in pages():
        private = re.search(r"/(drafts|receipts|inbox|messages|me|apply|kept|representation)\b", page.path)
        assert not (private and permits(None, page.action)), page.path


def test_binding_acts_ask_for_govsso() -> None:
    from portal.identity import Assurance

    weak = actor(assurance=Assurance.PASSKEY)
    assert not {action for action in STRONG if permits(weak, action)}


def test_a_page_only_reads_or_only_takes_a_form() -> None:
    for page in pages():
        assert page.methods in ({"GET", "HEAD"}, {"POST"}), page.path


def test_what_only_shows_names_no_act_that_changes_something() -> None:
    changing = STRONG | {Action.FILL_DRAFT, Action.END_SESSIONS}
    for page in pages():
        if page.methods == {"GET", "HEAD"}:
            assert page.action not in changing, page.path


def test_what_only_shows_is_not_named_like_a_deed() -> None:
    deeds = re.compile(r"^(save|send|delete|remove|add|write|change|withdraw_|answer_|upload|start|begin)")
    for page in pages():
        if "GET" in (page.methods or ()):
            assert not deeds.match(handler(page).__name__), f"{page.path}: {handler(page).__name__}"


@pytest.mark.parametrize(("method", "path"), PUBLISHED)
def test_a_published_address_stays(method: str, path: str) -> None:
    scope = {"type": "http", "method": method, "path": path, "headers": [], "root_path": ""}
    assert any(route.matches(scope)[0] is Match.FULL for route in routes()), path


def test_the_page_of_the_look_is_the_demos_alone() -> None:
    paths = {getattr(route, "path", "") for route in routes()}
    assert "/{lang:lang}/styleguide" not in paths
    assert "/{lang:lang}/styleguide" in {page.path for page in pages()}


def test_no_two_routes_claim_the_same_address() -> None:
    claimed = [(page.path, method) for page in pages() for method in page.methods or ()]
    assert len(claimed) == len(set(claimed))


def test_no_address_is_hidden_behind_a_wider_one() -> None:
    for route in pages():
        path = re.sub(r"\{lang:lang\}", "et", route.path)
        path = re.sub(r"\{\w+:uuid\}", ID, path)
        path = re.sub(r"\{\w+\}", "midagi", path)
        method = sorted(route.methods or ())[0]
        scope = {"type": "http", "method": method, "path": path, "headers": [], "root_path": ""}
        first = next(each for each in routes("demo") if each.matches(scope)[0] is Match.FULL)
        assert first is route, path
