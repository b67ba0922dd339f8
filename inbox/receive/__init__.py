"""What the cores say, taken in: stored first, then applied once and in order within each stream."""

from inbox.receive.intake import Intake
from inbox.receive.news import News, RightChanged, Waits

__all__ = ["Intake", "News", "RightChanged", "Waits"]
