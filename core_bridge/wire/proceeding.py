"""What a core says about a proceeding; the stream is `proceedings/{proceedingId}`."""

from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from .event import EventData
from .files import Documents
from .people import AuthorityRef, Official, PartyRef
from .values import CoreId, Day, Line, Moment, Money, Text, Wire

Lines = Annotated[tuple[Line, ...], Field(max_length=50)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class ProceedingData(EventData):
    """Every event of a proceeding names it, and the application that it came of, if one did."""

    proceeding_id: CoreId
    application_id: UUID | None = None


class Registered(ProceedingData):
    """The proceeding is open; one that the core opened by itself names its party."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.registered.v1"
    reference: Line
    registered_at: Moment
    authority: AuthorityRef | None = None
    official: Official | None = None
    party: PartyRef | None = None
    title: Line | None = None


class Forwarded(ProceedingData):
    """Passed on to the competent authority (HMS § 15(4))."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.forwarded.v1"
    to: AuthorityRef
    reason: Text | None = None


class Assessment(ProceedingData):
    """The need for help is being assessed (SHS § 15; LasteKS § 28)."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.assessment.v1"
    text: Text | None = None
    visit_at: Moment | None = None


class InProgress(ProceedingData):
    """An official is working on it."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.in-progress.v1"
    official: Official | None = None


class InformationRequested(ProceedingData):
    """Something is missing; the citizen's task, with its last day (HMS § 15(2))."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.information-requested.v1"
    task_id: CoreId
    title: Line
    text: Text
    due_on: Day
    wanted: Lines = ()


class RequestCancelled(ProceedingData):
    """The task need not be done any more."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.request-cancelled.v1"
    task_id: CoreId
    reason: Text | None = None


class HearingOpened(ProceedingData):
    """The citizen may give an opinion before the decision (HMS § 40)."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.hearing-opened.v1"
    task_id: CoreId
    title: Line
    text: Text
    due_on: Day
    documents: Documents = ()


class WaitingThirdParty(ProceedingData):
    """Data of somebody else is awaited."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.waiting-third-party.v1"
    waiting_for: Line
    until: Day | None = None
    text: Text | None = None


class Complete(ProceedingData):
    """Everything is in: terms that run from a complete application start here."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.complete.v1"
    complete_at: Moment


class Extended(ProceedingData):
    """The term is longer, with the reason (HMS § 41)."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.extended.v1"
    until: Day
    reason: Text


class Outcome(StrEnum):
    """What was decided (reference/services.yaml, `decision_types`)."""

    GRANTED = "granted"
    GRANTED_IN_PART = "granted_in_part"
    GRANTED_WITH_CONDITION = "granted_with_condition"
    REFUSED = "refused"
    CHANGED = "changed"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Per(StrEnum):
    """How often an amount is paid."""

    ONCE = "once"
    MONTH = "month"


class CalculationLine(Wire):
    """One line of how the amount was worked out (SÜS § 26)."""

    label: Line
    amount: Money


class Period(Wire):
    """From the first day to the last, both included; open when it has no end."""

    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day | None, Field(alias="to")] = None


class ChallengeInfo(Wire):
    """To whom and in how many days a vaie may be filed (HMS § 75; SÜS § 36)."""

    authority: AuthorityRef
    within_days: Annotated[int, Field(ge=1, le=365)] = 30
    text: Text | None = None


class Decided(ProceedingData):
    """A decision (SÜS §§ 23, 26); it is made available when its documents are here too."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.decided.v1"
    decision_id: CoreId
    number: Line
    title: Line
    decided_at: Moment
    outcome: Outcome
    amount: Money | None = None
    currency: Currency = "EUR"
    per: Per | None = None
    calculation: Annotated[tuple[CalculationLine, ...], Field(max_length=100)] = ()
    period: Period | None = None
    condition: Text | None = None
    reasons: Text
    legal_basis: Lines = ()
    official: Official | None = None
    documents: Documents = ()
    challenge: ChallengeInfo


class Queued(ProceedingData):
    """Granted, and in the queue for a place."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.queued.v1"
    place: Annotated[int, Field(ge=1)] | None = None
    text: Text | None = None


class InForce(ProceedingData):
    """The service or the benefit is running."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.in-force.v1"
    period: Period


class Suspended(ProceedingData):
    """Suspended (SÜS § 18)."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.suspended.v1"
    since: Day
    reason: Text


class Resumed(ProceedingData):
    """Running again."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.resumed.v1"
    since: Day


class Ended(ProceedingData):
    """Ended (SÜS § 19; HMS § 43)."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.ended.v1"
    ended_on: Day
    reason: Text | None = None


class Withdrawn(ProceedingData):
    """Taken back by the citizen (HMS § 14(8))."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.withdrawn.v1"
    withdrawn_at: Moment


class LeftUnexamined(ProceedingData):
    """Closed without a decision on the merits (HMS § 15(2))."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.left-unexamined.v1"
    reason: Text
    documents: Documents = ()


class ChallengeDecided(ProceedingData):
    """A vaie is decided (HMS §§ 85-86)."""

    TYPE: ClassVar[str] = "ee.uks.proceeding.challenge-decided.v1"
    challenge_id: UUID
    satisfied: bool
    text: Text
    documents: Documents = ()
