"""The signpost leads where going through every route would lead."""

import re

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.testclient import TestClient

from portal.ui.signpost import Signpost
from tests.architecture.test_routes import ID, routes


def _address(pattern: str) -> str:
    """Give an address that a pattern is for."""
    pattern = pattern.replace("{lang:lang}", "en")
    return re.sub(r"\{[^}]*\}", "x", re.sub(r"\{[^}]*:uuid\}", ID, pattern))


def _first(known: list[BaseRoute], scope: dict[str, object]) -> BaseRoute | None:
    found = [(route, route.matches(scope)[0]) for route in known]
    return next(
        (route for wanted in (Match.FULL, Match.PARTIAL) for route, match in found if match is wanted), None
    )


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_it_leads_to_the_first_route_that_fits(method: str) -> None:
    known = list(routes("demo"))
    signpost = Signpost(known)
    for path in {_address(getattr(route, "path", "")) for route in known} | {
        "/static/x/app.css",
        "/et",
        "/{x}",
        "/et/{x}",
    }:
        scope: dict[str, object] = {"type": "http", "method": method, "path": path, "root_path": ""}
        match, found = signpost.matches(scope)
        assert found.get("uks.route") is _first(known, scope), path
        assert (match is Match.NONE) == (not found)


def test_it_stands_in_the_place_of_its_routes() -> None:
    async def say(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(request.path_params))

    files = Mount("/static", routes=[Route("/{name}", say)])
    known = [
        Route("/et/inbox/", say),
        Route("/et/inbox/{id}", say),
        Route("/et/me", say, methods=["POST"]),
        files,
    ]
    client = TestClient(Starlette(routes=[Signpost(known)]))

    assert client.get("/et/inbox/7").text == "{'id': '7'}"
    assert client.get("/et/inbox").url == "http://testserver/et/inbox/"
    assert client.get("/static/app.css").text == "{'name': 'app.css'}"
    assert client.get("/et/me").status_code == 405
    assert client.get("/et/elsewhere").status_code == 404
