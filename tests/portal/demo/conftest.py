from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from portal.clock import FixedClock
from portal.demo.govsso import Govsso, GovssoSettings, create_govsso
from portal.demo.govsso.keys import SigningKeys
from portal.demo.people import PEOPLE
from tests.portal.demo.world import World, service
from tests.serving import free_port, serving_beside


@cache
def _keys() -> SigningKeys:
    return SigningKeys()  # making a key takes longer than the rest of a test


@pytest.fixture
def world() -> Iterator[World]:
    clock = FixedClock(datetime(2026, 11, 12, 12, 0, tzinfo=UTC))
    port, service_port = free_port(), free_port()
    one = service("portal-demo", service_port, "s+cr/t=%")
    two = service("other", service_port, "plain")
    settings = GovssoSettings(f"http://127.0.0.1:{port}/", [one.client, two.client], PEOPLE, clock)
    govsso = Govsso(settings, _keys())
    receiver = Starlette(
        routes=[
            Route(f"/backchannel/{it.client.client_id}", it.backchannel, methods=["POST"])
            for it in (one, two)
        ]
    )
    with ExitStack() as stack:
        stack.enter_context(serving_beside(create_govsso(settings, govsso), port))
        stack.enter_context(serving_beside(receiver, service_port))
        browser = stack.enter_context(httpx2.Client())
        yield World(govsso, one, two, clock, browser)
