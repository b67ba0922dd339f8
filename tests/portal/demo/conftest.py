from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.clock import FixedClock
from portal.demo.govsso import Govsso, GovssoSettings, RegisteredClient, create_govsso
from portal.demo.people import PEOPLE
from tests.portal.demo.serving import free_port, serving


@dataclass(slots=True)
class Service:
    """An e-service that keeps what the back channel brings."""

    client: RegisteredClient
    logout_tokens: list[str]

    async def backchannel(self, request: Request) -> Response:
        self.logout_tokens.append(str((await request.form())["logout_token"]))
        return Response()


@dataclass(slots=True)
class World:
    """The simulator, two e-services, one browser."""

    govsso: Govsso
    one: Service
    two: Service
    clock: FixedClock
    browser: httpx2.Client

    def url(self, path: str) -> str:
        return self.govsso.settings.url(path)


def service(client_id: str, port: int, secret: str) -> Service:
    base = f"http://127.0.0.1:{port}"
    client = RegisteredClient(
        client_id,
        secret,
        {"et": f"Teenus {client_id}"},
        frozenset({f"{base}/callback"}),
        frozenset({f"{base}/out"}),
        f"{base}/backchannel/{client_id}",
    )
    return Service(client, [])


@pytest.fixture
def world() -> Iterator[World]:
    clock = FixedClock(datetime(2026, 11, 12, 12, 0, tzinfo=UTC))
    port, service_port = free_port(), free_port()
    one = service("portal-demo", service_port, "s+cr/t=%")
    two = service("other", service_port, "plain")
    settings = GovssoSettings(f"http://127.0.0.1:{port}/", [one.client, two.client], PEOPLE, clock)
    govsso = Govsso(settings)
    receiver = Starlette(
        routes=[
            Route(f"/backchannel/{it.client.client_id}", it.backchannel, methods=["POST"])
            for it in (one, two)
        ]
    )
    with ExitStack() as stack:
        stack.enter_context(serving(create_govsso(settings, govsso), port))
        stack.enter_context(serving(receiver, service_port))
        browser = stack.enter_context(httpx2.Client())
        yield World(govsso, one, two, clock, browser)
