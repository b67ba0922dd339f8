"""Which function brings which type of event into our tables."""

from collections.abc import Mapping
from typing import Final

from core_bridge import wire
from inbox.receive import benefits, decisions, documents, messages, proceedings, running, tasks
from inbox.receive.news import Applier

APPLY: Final[Mapping[str, Applier]] = {
    wire.Registered.TYPE: proceedings.registered,
    wire.Forwarded.TYPE: proceedings.forwarded,
    wire.Assessment.TYPE: proceedings.assessment,
    wire.InProgress.TYPE: proceedings.in_progress,
    wire.InformationRequested.TYPE: tasks.information_requested,
    wire.RequestCancelled.TYPE: tasks.request_cancelled,
    wire.HearingOpened.TYPE: tasks.hearing_opened,
    wire.WaitingThirdParty.TYPE: proceedings.waiting_third_party,
    wire.Complete.TYPE: proceedings.complete,
    wire.Extended.TYPE: proceedings.extended,
    wire.Decided.TYPE: decisions.decided,
    wire.Queued.TYPE: running.queued,
    wire.InForce.TYPE: running.in_force,
    wire.Suspended.TYPE: running.suspended,
    wire.Resumed.TYPE: running.resumed,
    wire.Ended.TYPE: running.ended,
    wire.Withdrawn.TYPE: proceedings.withdrawn,
    wire.LeftUnexamined.TYPE: proceedings.left_unexamined,
    wire.ChallengeDecided.TYPE: decisions.challenge_decided,
    wire.MessageSent.TYPE: messages.message_sent,
    wire.MessageSeen.TYPE: messages.message_seen,
    wire.DocumentAdded.TYPE: documents.document_added,
    wire.BenefitChanged.TYPE: benefits.benefit_changed,
    wire.OfferMade.TYPE: benefits.offer_made,
}
"""A change of a right of representation belongs to another feature, which is passed in."""
