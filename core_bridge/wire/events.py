"""Every type of event of the contract, and how one is made."""

from datetime import datetime

from . import news, proceeding
from .event import DATA_BY_TYPE, Event, EventData

ALL: tuple[type[EventData], ...] = (
    proceeding.Registered,
    proceeding.Forwarded,
    proceeding.Assessment,
    proceeding.InProgress,
    proceeding.InformationRequested,
    proceeding.RequestCancelled,
    proceeding.HearingOpened,
    proceeding.WaitingThirdParty,
    proceeding.Complete,
    proceeding.Extended,
    proceeding.Decided,
    proceeding.Queued,
    proceeding.InForce,
    proceeding.Suspended,
    proceeding.Resumed,
    proceeding.Ended,
    proceeding.Withdrawn,
    proceeding.LeftUnexamined,
    proceeding.ChallengeDecided,
    news.MessageSent,
    news.MessageSeen,
    news.DocumentAdded,
    news.BenefitChanged,
    news.OfferMade,
    news.RepresentationChanged,
)
DATA_BY_TYPE.update({data.TYPE: data for data in ALL})


def event(
    data: EventData, *, event_id: str, source: str, subject: str, sequence: int, time: datetime
) -> Event:
    """Put the data in its envelope; the type is the data's own."""
    return Event(
        id=event_id, source=source, type=data.TYPE, subject=subject, sequence=sequence, time=time, data=data
    )
