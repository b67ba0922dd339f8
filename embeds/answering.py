"""How answers for other sites are given: for anybody to read, kept by browsers, and with no body when unchanged."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

# Any site may read it, and a sandboxed frame's origin is `null`: there is nothing of anybody in it.
OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer made once, with its mark."""

    body: bytes
    headers: Mapping[str, str]

    @classmethod
    def of(cls, body: bytes, media_type: str, cache: str, **more: str) -> "Ready":
        """Make it of its body."""
        mark = hashlib.sha256(body).hexdigest()[:20]
        headers = {**OPEN, "Content-Type": media_type, "Cache-Control": cache, "ETag": f'"{mark}"'}
        return cls(body, headers | {name.replace("_", "-"): value for name, value in more.items()})

    def answer(self, request: Request) -> Response:
        """Answer; who has it already is told so (RFC 9110 §13.1.2)."""
        kept = request.headers.get("if-none-match", "")
        if kept and self._is_among(kept):
            return Response(status_code=304, headers=self.headers)
        return Response(self.body, headers=self.headers)

    def _is_among(self, kept: str) -> bool:
        marks = [each.strip().removeprefix("W/") for each in kept.split(",")]
        return self.headers["ETag"] in marks or "*" in marks


def from_elsewhere(request: Request) -> bool:
    """Tell whether another site asked: our own page of snippets shows entries too, and is not counted."""
    return request.headers.get("sec-fetch-site") != "same-origin"
