"""The built style sheet, script, icons and fonts, under an address that changes with their content."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT: Final = Path(__file__).parents[1] / "static" / "built"


@cache
def version() -> str:
    """Name the build by its content."""
    digest = hashlib.sha256()
    for path in sorted(BUILT.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(BUILT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


class _Versioned(StaticFiles):
    def get_path(self, scope: Scope) -> str:
        _version, _, name = super().get_path(scope).partition("/")
        return name

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def static_files() -> Mount:
    """Serve the build; an older version's address gets today's files, so a page left open still works."""
    return Mount("/static", _Versioned(directory=BUILT))
