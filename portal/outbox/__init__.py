"""Planned effects: they happen, at least once, if and only if the transaction that planned them commits."""

from portal.outbox.deliver import Delivery, Handler, NotYet, Settle, deliver_next
from portal.outbox.plan import plan
from portal.outbox.tables import OutboxRow

__all__ = ["Delivery", "Handler", "NotYet", "OutboxRow", "Settle", "deliver_next", "plan"]
