"""What else the portal writes to a core, each under an id that the portal made."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from .files import Files
from .people import Author, AuthorityRef, PartyRef, SubmittedBy
from .values import CoreId, Line, Moment, Text, Wire


class Message(Wire):
    """`PUT /v1/messages/{messageId}`: general, or under an application or a proceeding."""

    message_id: UUID
    thread_id: CoreId
    party: PartyRef
    author: Author
    authority: AuthorityRef
    application_id: UUID | None = None
    proceeding_id: CoreId | None = None
    title: Line | None = None
    text: Text
    files: Files = ()
    sent_at: Moment


class Reply(Wire):
    """`PUT /v1/proceedings/{id}/replies/{replyId}`: an answer to a task."""

    reply_id: UUID
    task_id: CoreId
    submitted_by: SubmittedBy
    text: Text | None = None
    files: Files = ()
    sent_at: Moment


class Withdrawal(Wire):
    """`PUT /v1/proceedings/{id}/withdrawal` (HMS § 14(8))."""

    submitted_by: SubmittedBy
    reason: Text | None = None
    sent_at: Moment


class DecisionReceipt(Wire):
    """`PUT /v1/proceedings/{id}/decisions/{decisionId}/receipt`: who opened the decision, and when."""

    opened_by: PartyRef
    opened_at: Moment
    made_available_at: Moment
    notice_sent_at: Moment | None = None


class Challenge(Wire):
    """`PUT /v1/proceedings/{id}/challenges/{challengeId}`: a vaie (HMS § 76)."""

    challenge_id: UUID
    decision_id: CoreId
    submitted_by: SubmittedBy
    postal_address: Line | None = None
    why: Text
    demand: Text
    no_court_case: Annotated[bool, Field(description="HMS § 76: no judgment and no court case in the matter")]
    files: Files = ()
    sent_at: Moment


class Received(Wire):
    """The core's answer to any of these writes."""

    id: Line
    received_at: Moment
