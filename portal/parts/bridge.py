"""What the cores may call: the push of their events, and the contract itself."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core_bridge.inbound import events_route
from core_bridge.openapi import core_side, portal_side
from core_bridge.vouching import Vouching
from inbox.receive.intake import Intake


def bridge_routes(callers: Vouching, intake: Intake) -> Sequence[BaseRoute]:
    """List the routes under `/bridge/v1`."""
    return [
        events_route(callers, intake.pushed),
        Route("/bridge/v1/openapi.json", _portal_side),
        Route("/bridge/v1/core-openapi.json", _core_side),
    ]


async def _portal_side(_request: Request) -> Response:
    return JSONResponse(portal_side())


async def _core_side(_request: Request) -> Response:
    return JSONResponse(core_side())
