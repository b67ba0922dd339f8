"""Applications served over real HTTP for a test, on ports nobody else uses, and stopped at once."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

_MOMENT = 0.005


class _Server(uvicorn.Server):
    """uvicorn looks ten times a second whether it should stop, and then waits; tests stop a thousand servers."""

    async def main_loop(self) -> None:
        await self.on_tick(0)
        while not self.should_exit:  # noqa: ASYNC110 uvicorn has no event for it
            await asyncio.sleep(_MOMENT)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
            await asyncio.sleep(_MOMENT)
        await self.lifespan.shutdown()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(app: ASGIApp, port: int = 0, **config: Any) -> AsyncIterator[str]:
    """Serve in this event loop until the end of the block; port 0 takes a free one. Gives the address."""
    server = _server(app, port or free_port(), **config)
    # The test's own process keeps its signals.
    task = asyncio.create_task(server._serve())
    while not server.started:
        if task.done():
            await task
            raise RuntimeError("the server did not start")
        await asyncio.sleep(_MOMENT)
    try:
        yield f"http://127.0.0.1:{server.config.port}"
    finally:
        server.should_exit = True
        await task


@contextmanager
def serving_beside(app: ASGIApp, port: int, **config: Any) -> Iterator[None]:
    """Serve in a thread of its own until the end of the block."""
    server = _server(app, port, **config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(_MOMENT)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def _server(app: ASGIApp, port: int, **config: Any) -> _Server:
    told = {"host": "127.0.0.1", "log_level": "warning", "access_log": False, "ws": "none", **config}
    return _Server(uvicorn.Config(app, port=port, **told))
