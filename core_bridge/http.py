"""A core over HTTP, direct or through X-tee."""

import ssl
from typing import TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

import httpx2
from pydantic import ValidationError

from .calls import Answer, Calls
from .clock import Clock
from .errors import CoreBroken
from .port import Document
from .signing import Jwk, Signer
from .ways import Direct, Outgoing, Way
from .wire import (
    FILE_LIMIT,
    ApplicationReceived,
    ChangesPage,
    FileKept,
    PrefillAnswer,
    PrefillRequest,
    Received,
    Wire,
    changes_page,
    freeze,
)

_SMALL = 1024 * 1024
_PAGE = 32 * 1024 * 1024
_T = TypeVar("_T", bound=Wire)


class HttpCore:
    """A `CaseworkCore` at the end of a way; over X-tee let `timeout` exceed the provider's 60 s."""

    def __init__(
        self,
        name: str,
        way: Way,
        *,
        timeout: float = 30.0,
        tls: ssl.SSLContext | bool = True,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.name = name
        self._calls = Calls(way, timeout=timeout, tls=tls, transport=transport)

    async def put_file(
        self, file_id: UUID, content: bytes, media_type: str, *, user: str | None = None
    ) -> FileKept:
        """Hand over a file's bytes, before the write that names it."""
        call = Outgoing(f"/v1/files/{file_id}", content, message_id=file_id, user=user)
        return _read(FileKept, await self._calls.send("PUT", call, media_type=media_type, at_most=_SMALL))

    async def put_application(
        self, application_id: UUID, body: bytes, *, user: str | None = None
    ) -> ApplicationReceived:
        """Hand over a frozen `Application`."""
        path = f"/v1/applications/{application_id}"
        return await self._put(ApplicationReceived, path, body, application_id, user, str(application_id))

    async def put_message(self, message_id: UUID, body: bytes, *, user: str | None = None) -> Received:
        """Hand over a frozen `Message`."""
        return await self._put(Received, f"/v1/messages/{message_id}", body, message_id, user)

    async def put_reply(
        self, proceeding_id: str, reply_id: UUID, body: bytes, *, user: str | None = None
    ) -> Received:
        """Hand over a frozen `Reply` to a task."""
        return await self._under(proceeding_id, f"/replies/{reply_id}", body, reply_id, user)

    async def put_withdrawal(self, proceeding_id: str, body: bytes, *, user: str | None = None) -> Received:
        """Hand over a frozen `Withdrawal`."""
        return await self._under(proceeding_id, "/withdrawal", body, None, user)

    async def put_decision_receipt(
        self, proceeding_id: str, decision_id: str, body: bytes, *, user: str | None = None
    ) -> Received:
        """Tell by a frozen `DecisionReceipt` that a decision was opened."""
        path = f"/decisions/{quote(decision_id, safe='')}/receipt"
        return await self._under(proceeding_id, path, body, None, user)

    async def put_challenge(
        self, proceeding_id: str, challenge_id: UUID, body: bytes, *, user: str | None = None
    ) -> Received:
        """Hand over a frozen `Challenge`."""
        return await self._under(proceeding_id, f"/challenges/{challenge_id}", body, challenge_id, user)

    async def prefill(self, request: PrefillRequest, *, user: str | None = None) -> PrefillAnswer:
        """Ask what the registers know."""
        call = Outgoing("/v1/prefill", freeze(request), user=user)
        return _read(PrefillAnswer, await self._calls.send("POST", call, at_most=_SMALL))

    async def changes(self, after: str | None, limit: int = 500) -> ChangesPage:
        """Read the feed from a cursor on; None begins at the beginning."""
        query = urlencode({"limit": limit} if after is None else {"after": after, "limit": limit})
        answer = await self._calls.send("GET", Outgoing(f"/v1/changes?{query}"), at_most=_PAGE)
        try:
            return changes_page(answer.body)
        except ValidationError as error:
            raise CoreBroken(_places(error)) from None

    async def document(self, document_id: str) -> Document:
        """Fetch a document's bytes."""
        call = Outgoing(f"/v1/documents/{quote(document_id, safe='')}")
        answer = await self._calls.send("GET", call, at_most=FILE_LIMIT)
        return Document(answer.body, answer.headers.get("content-type", "application/octet-stream"))

    async def close(self) -> None:
        """Close the connections."""
        await self._calls.close()

    async def _under(
        self, proceeding_id: str, path: str, body: bytes, message_id: UUID | None, user: str | None
    ) -> Received:
        full = f"/v1/proceedings/{quote(proceeding_id, safe='')}{path}"
        return await self._put(Received, full, body, message_id, user, proceeding_id)

    async def _put(
        self,
        model: type[_T],
        path: str,
        body: bytes,
        message_id: UUID | None,
        user: str | None,
        issue: str | None = None,
    ) -> _T:
        call = Outgoing(path, body, message_id=message_id, user=user, issue=issue)
        return _read(model, await self._calls.send("PUT", call, at_most=_SMALL))


def direct(
    name: str, base_url: str, *, issuer: str, key: Jwk, clock: Clock, timeout: float = 30.0
) -> HttpCore:
    """Return a core that is called directly; its name is the audience of our tokens."""
    return HttpCore(name, Direct(base_url, name, Signer(issuer, key, clock)), timeout=timeout)


def _read(model: type[_T], answer: Answer) -> _T:
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        raise CoreBroken(_places(error)) from None


def _places(error: ValidationError) -> str:
    """Name the places that are wrong; never the values, which may be personal."""
    places = sorted({".".join(map(str, each["loc"])) or "the whole" for each in error.errors()})
    return f"an answer not as the contract says: {', '.join(places[:10])}"
