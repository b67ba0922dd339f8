"""The small change of the API: answers, and what a call says in its address."""

from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from core_bridge.inbound import Incoming
from core_bridge.problems import Refusal
from core_bridge.wire import Received, Wire, freeze


def answer(message: Wire, status: int = 200) -> Response:
    """Answer with a message of the contract."""
    return Response(freeze(message), status, media_type="application/json")


def created(first: bool) -> int:
    """Tell the first time (201) from a repeat (200)."""
    return 201 if first else 200


def received(write_id: str, at: datetime, first: bool) -> Response:
    """Answer a write; a repeat tells when it came first."""
    return answer(Received(id=write_id, received_at=at), created(first))


def same_id(in_body: UUID, call: Incoming) -> None:
    """Refuse a body that names another id than the address."""
    if in_body != call.request.path_params["id"]:
        raise Refusal(400, "id-mismatch", "The id in the body is not the one in the address.")


def whole(text: str, least: int, most: int, name: str) -> int:
    """Read a whole number of the query."""
    if text.isascii() and text.isdigit() and len(text) <= 16 and least <= int(text) <= most:
        return int(text)
    raise Refusal(400, "malformed", f"{name} is a whole number from {least} to {most}.")
