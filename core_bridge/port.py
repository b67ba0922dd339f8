"""What the portal may ask of a casework core, whichever core it is."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from .wire import ApplicationReceived, ChangesPage, FileKept, PrefillAnswer, PrefillRequest, Received


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a core's document."""

    content: bytes
    media_type: str


class CaseworkCore(Protocol):
    """A core; every write may be repeated with the same bytes, and raises the tree of `errors`.

    `user` is the code of the person whose act caused the call; X-tee wants it in a header.
    """

    name: str

    async def put_file(
        self, file_id: UUID, content: bytes, media_type: str, *, user: str | None = None
    ) -> FileKept:
        """Hand over a file's bytes, before the write that names it."""
        ...

    async def put_application(
        self, application_id: UUID, body: bytes, *, user: str | None = None
    ) -> ApplicationReceived:
        """Hand over a frozen `Application`."""
        ...

    async def put_message(self, message_id: UUID, body: bytes, *, user: str | None = None) -> Received:
        """Hand over a frozen `Message`."""
        ...

    async def put_reply(
        self, proceeding_id: str, reply_id: UUID, body: bytes, *, user: str | None = None
    ) -> Received:
        """Hand over a frozen `Reply` to a task."""
        ...

    async def put_withdrawal(self, proceeding_id: str, body: bytes, *, user: str | None = None) -> Received:
        """Hand over a frozen `Withdrawal`."""
        ...

    async def put_decision_receipt(
        self, proceeding_id: str, decision_id: str, body: bytes, *, user: str | None = None
    ) -> Received:
        """Tell by a frozen `DecisionReceipt` that a decision was opened."""
        ...

    async def put_challenge(
        self, proceeding_id: str, challenge_id: UUID, body: bytes, *, user: str | None = None
    ) -> Received:
        """Hand over a frozen `Challenge`."""
        ...

    async def prefill(self, request: PrefillRequest, *, user: str | None = None) -> PrefillAnswer:
        """Ask what the registers know."""
        ...

    async def changes(self, after: str | None, limit: int = 500) -> ChangesPage:
        """Read the feed from a cursor on; None begins at the beginning."""
        ...

    async def document(self, document_id: str) -> Document:
        """Fetch a document's bytes."""
        ...
