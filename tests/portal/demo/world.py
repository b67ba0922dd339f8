"""GovSSO and two e-services, for tests of the simulator."""

from dataclasses import dataclass

import httpx2
from starlette.requests import Request
from starlette.responses import Response

from portal.clock import FixedClock
from portal.demo.govsso import Govsso, RegisteredClient


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
