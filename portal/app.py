"""The web process: turns the parts into routes."""

import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware

from portal.files import MAX_BYTES
from portal.parts import Parts, build
from portal.parts.logs import log_as_json
from portal.settings import Settings
from portal.ui.boundary import BoundaryMiddleware
from portal.ui.errors import exception_handlers
from portal.ui.frame import FrameMiddleware
from portal.ui.headers import HeadersMiddleware
from portal.ui.signpost import Signpost

# A file of the largest size, and room for the form around it.
_MAX_BODY: Final = MAX_BYTES + 1024 * 1024


def create_app(parts: Parts) -> Starlette:
    """Make the application of the parts; they are closed when it ends."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        # What lives as long as the process is no work for the garbage collector.
        gc.collect()
        gc.freeze()
        # A page makes thousands of objects and no cycles worth looking for: look more seldom.
        gc.set_threshold(20_000, 20, 100)
        yield {}
        await parts.close()

    return Starlette(
        routes=[Signpost(parts.routes())],
        lifespan=lifespan,
        exception_handlers=exception_handlers(),
        middleware=[
            Middleware(HeadersMiddleware, host=parts.settings.host, secure=parts.settings.secure),
            Middleware(FrameMiddleware, frame=parts.frame),
            Middleware(BoundaryMiddleware, largest=_MAX_BODY),
        ],
    )


def from_environment() -> Starlette:
    """Make the application of the settings in the environment; each serving process calls this once."""
    log_as_json()
    return create_app(build(Settings()))
