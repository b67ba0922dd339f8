"""What a core says beside proceedings: messages, documents, benefits, offers, rights."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from .event import EventData
from .files import DocumentRef, Documents
from .people import Author, AuthorityRef, PartyRef
from .proceeding import Currency, Per, Period
from .values import CoreId, Day, Line, Moment, Money, Text


class MessageSent(EventData):
    """An official wrote; the stream is `threads/{threadId}`."""

    TYPE: ClassVar[str] = "ee.uks.message.sent.v1"
    message_id: CoreId
    thread_id: CoreId
    party: PartyRef
    author: Author
    authority: AuthorityRef | None = None
    application_id: UUID | None = None
    proceeding_id: CoreId | None = None
    title: Line | None = None
    text: Text
    documents: Documents = ()
    sent_at: Moment


class MessageSeen(EventData):
    """An official has read a message; the stream is `threads/{threadId}`."""

    TYPE: ClassVar[str] = "ee.uks.message.seen.v1"
    message_id: CoreId
    thread_id: CoreId
    seen_at: Moment
    by: Line | None = None


class DocumentAdded(EventData):
    """A document that belongs to a proceeding, in that proceeding's stream."""

    TYPE: ClassVar[str] = "ee.uks.document.added.v1"
    proceeding_id: CoreId
    application_id: UUID | None = None
    document: DocumentRef
    added_at: Moment


class BenefitState(StrEnum):
    """How it stands with a benefit."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    ENDED = "ended"


class BenefitChanged(EventData):
    """How a benefit or a service stands now, whole; the stream is `benefits/{benefitId}`."""

    TYPE: ClassVar[str] = "ee.uks.benefit.changed.v1"
    benefit_id: CoreId
    party: PartyRef
    authority: AuthorityRef | None = None
    application_id: UUID | None = None
    proceeding_id: CoreId | None = None
    decision_id: CoreId | None = None
    title: Line
    state: BenefitState
    amount: Money | None = None
    currency: Currency = "EUR"
    per: Per | None = None
    period: Period


class OfferMade(EventData):
    """An authority offers a benefit by itself; the stream is `offers/{offerId}`."""

    TYPE: ClassVar[str] = "ee.uks.offer.made.v1"
    offer_id: CoreId
    party: PartyRef
    authority: AuthorityRef | None = None
    title: Line
    text: Text
    amount: Money | None = None
    currency: Currency = "EUR"
    per: Per | None = None
    answer_by: Day | None = None
    documents: Documents = ()


class RepresentationChanged(EventData):
    """A right of representation began, changed or ended; the stream is `rights/{rightId}`."""

    TYPE: ClassVar[str] = "ee.uks.representation.changed.v1"
    right_id: CoreId
    party: PartyRef
    representative: PartyRef
    kind: Line
    source: Line
    scope: tuple[Line, ...] = ()
    active: bool
    valid_until: Moment | None = None
