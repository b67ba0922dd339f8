"""What journeys tell others, inside their own transaction; the composition passes in who listens."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core_bridge.wire import PrefillAnswer, PrefillRequest
from portal.db import Transaction
from portal.identity import Actor


class OnDraft(Protocol):
    """A draft was started or changed; `only_for` is the only person, beside the party itself, who may see it."""

    def __call__(
        self,
        tx: Transaction,
        *,
        id: UUID,  # noqa: A002
        actor: Actor,
        only_for: UUID | None,
        journey: str,
        period: str | None,
        authority_code: str,
        at: datetime,
        expires_at: datetime | None,
    ) -> Awaitable[None]:
        """Take notice."""
        ...


class OnDraftGone(Protocol):
    """A draft was deleted by the person, or its time ran out."""

    def __call__(self, tx: Transaction, id: UUID) -> Awaitable[None]:  # noqa: A002
        """Take notice."""
        ...


class OnSent(Protocol):
    """An application was sent; `files` are the ids and names of what came with it, `only_for` as for a draft."""

    def __call__(
        self,
        tx: Transaction,
        *,
        id: UUID,  # noqa: A002
        actor: Actor,
        only_for: UUID | None,
        journey: str,
        period: str | None,
        authority_code: str,
        core: str,
        at: datetime,
        files: Sequence[tuple[UUID, str]] = (),
    ) -> Awaitable[None]:
        """Take notice."""
        ...


class OnHandedOver(Protocol):
    """The core has the application."""

    def __call__(self, tx: Transaction, id: UUID, at: datetime) -> Awaitable[None]:  # noqa: A002
        """Take notice."""
        ...


class OnInfected(Protocol):
    """A file of a sent application held a virus and was withheld; another is needed."""

    def __call__(
        self, tx: Transaction, *, application_id: UUID, file_id: UUID, name: str, slot: str, at: datetime
    ) -> Awaitable[None]:
        """Take notice."""
        ...


class Prefill(Protocol):
    """Asks a core what registers know; raises `CoreError` when it does not answer."""

    def __call__(self, core: str, request: PrefillRequest, /) -> Awaitable[PrefillAnswer]:
        """Ask."""
        ...
