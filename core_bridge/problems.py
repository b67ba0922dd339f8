"""Refusals in the words of RFC 9457 (application/problem+json)."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.responses import JSONResponse

_M = TypeVar("_M", bound=BaseModel)


class Refusal(Exception):
    """A call that is answered with a problem instead of its result."""

    def __init__(
        self, status: int, code: str, title: str, errors: Sequence[str] = (), close: bool = False
    ) -> None:
        super().__init__(f"{status} {code}: {title}")
        self.status = status
        self.code = code
        self.title = title
        self.errors = errors
        self.close = close

    def response(self) -> JSONResponse:
        """Return the answer; `close` also ends the connection, so that an unread body is not awaited."""
        told: dict[str, Any] = {"status": self.status, "code": self.code, "title": self.title}
        if self.errors:
            told["errors"] = list(self.errors)
        headers = {"Connection": "close"} if self.close else {}
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return JSONResponse(told, self.status, headers, media_type="application/problem+json")


def read(model: type[_M], body: bytes) -> _M:
    """Read a body by its model, or refuse with the places that are wrong."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise malformed(error) from None


def malformed(error: ValidationError) -> Refusal:
    """Return the refusal that names places and rules, never the values: they may be personal."""
    wrong = [
        f"{'.'.join(map(str, each['loc'])) or 'the whole'}: {each['type']}"
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return Refusal(400, "malformed", "The body is not what the contract says.", wrong[:20])
