"""The same calls through an X-tee security server."""

from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core_bridge.http import HttpCore
from core_bridge.ways import Xtee, XteeMember
from core_bridge.wire import freeze
from tests.core_bridge.messages import NOW, application, withdrawal
from tests.serving import serving

pytestmark = pytest.mark.anyio

US = XteeMember("ee-test", "GOV", "70000002", "uks")
STAR = XteeMember("ee-test", "GOV", "70000001", "star")


async def test_calls_go_to_the_service_with_the_headers_of_the_protocol() -> None:
    calls: list[Request] = []

    async def provider(request: Request) -> Response:
        calls.append(request)
        written = request.path_params["path"].rpartition("/")[2]
        return JSONResponse({"applicationId": written, "id": written, "receivedAt": NOW.isoformat()}, 201)

    route = Route("/r1/{path:path}", provider, methods=["PUT"])
    async with serving(Starlette(routes=[route])) as url:
        core = HttpCore("STAR", Xtee(url, US, STAR, "cases"))
        sent = application()
        for _ in range(2):
            await core.put_application(sent.application_id, freeze(sent), user="EE38001085718")
        await core.put_withdrawal("p1", freeze(withdrawal()))
        await core.close()
    first, again, other = calls
    path = f"/r1/ee-test/GOV/70000001/star/cases/v1/applications/{sent.application_id}"
    assert first.url.path == path
    assert first.headers["x-road-client"] == "ee-test/GOV/70000002/uks"
    assert first.headers["x-road-userid"] == "EE38001085718"
    assert first.headers["x-road-issue"] == str(sent.application_id)
    assert first.headers["x-road-id"] == again.headers["x-road-id"] == str(sent.application_id)
    assert "authorization" not in first.headers
    assert first.headers["content-digest"].startswith("sha-256=:")
    assert UUID(other.headers["x-road-id"])
    assert "38001085718" not in str(first.url)


def test_a_slash_in_a_code_does_not_make_a_segment() -> None:
    assert str(XteeMember("EE", "GOV", "7000/1", "st r")) == "EE/GOV/7000%2F1/st%20r"
