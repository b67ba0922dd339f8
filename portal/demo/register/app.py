"""The simulator as an application of its own: the call `isikud` as X-tee carries it, and a page to steer it."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal.demo.register.control import ControlPage
from portal.demo.register.records import BLOCKS, record
from portal.demo.register.state import Register

SERVICE: Final = "EE/GOV/70008440/rr/domesticDataExchange"
_REASONS: Final = ("avalik", "oigustatud")
_AT_MOST: Final = 20


def create_register(register: Register | None = None) -> Starlette:
    """Make the simulator; pass a `Register` to steer it."""
    register = register or Register()

    async def people(request: Request) -> Response:
        return await _people(register, request)

    service = Route(f"/r1/{SERVICE}/v1/isikud", people, methods=["POST"])
    return Starlette(routes=[service, *ControlPage(register).routes()])


async def _people(register: Register, request: Request) -> Response:
    await anyio.sleep(register.faults.slow_seconds)
    if register.faults.down:
        return _xtee_error(500, "server.serverproxy.network_error", "Connection refused")
    if request.headers.get("x-road-client", "").count("/") != 3:
        return _xtee_error(400, "client.bad_request", "X-Road-Client is missing")
    asked = await _asked(request)
    wrong = "not now" if register.faults.refusing else _wrong(request.headers, asked)
    if wrong:
        return JSONResponse({"code": "VIGANE_PARING", "message": wrong}, 400)
    register.asked.append((request.headers, asked))
    if register.faults.garbage:
        return PlainTextResponse("<html><p>tere {")
    fields = asked["andmevaljad"]
    found = (record(register, code, fields) for code in asked["isikukoodid"])
    echoed = {"X-Road-Id": request.headers.get("x-road-id", str(uuid4())), "X-Road-Service": SERVICE}
    return JSONResponse([each for each in found if each is not None], headers=echoed)


async def _asked(request: Request) -> dict[str, Any]:
    try:
        asked = json.loads(await request.body())
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _wrong(headers: Mapping[str, str], asked: Mapping[str, Any]) -> str:
    codes, fields = asked.get("isikukoodid"), asked.get("andmevaljad")
    if not headers.get("x-road-userid", "").startswith("EE"):
        return "X-Road-UserId is missing"
    if headers.get("rr-request-reason") not in _REASONS:
        return "RR-Request-Reason is unknown"
    if not isinstance(codes, list) or not 0 < len(codes) <= _AT_MOST:
        return "isikukoodid must be 1 to 20 codes"
    if not isinstance(fields, dict) or any(set(names) - BLOCKS.get(b, set()) for b, names in fields.items()):
        return "andmevaljad names an unknown field"
    return ""


def _xtee_error(status: int, kind: str, message: str) -> Response:
    body = {"type": kind, "message": message, "detail": str(uuid4())}
    return JSONResponse(body, status, {"X-Road-Error": kind})
