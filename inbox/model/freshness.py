"""As of when something is known, and whether its core answers; pure."""

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from inbox.model.speech import Speech

STALE: Final = timedelta(minutes=15)
"""A feed that has not been read for so long is told to be old, whatever the reason."""


class Freshness(NamedTuple):
    """How fresh what one core has told is."""

    as_of: datetime | None
    down: bool
    stale: bool


def freshness(
    now: datetime,
    *,
    read_at: datetime | None,
    failing_since: datetime | None,
    behind_since: datetime | None = None,
) -> Freshness:
    """Judge a feed; `behind_since` is when one matter's own news began to be missing."""
    as_of = min(read_at, behind_since) if read_at and behind_since else read_at
    old = as_of is None or now - as_of > STALE
    return Freshness(as_of, failing_since is not None, failing_since is not None or old)


def as_of_sentence(speech: Speech, fresh: Freshness, today: date) -> str:
    """Say it: `Seis täna, kell 14.20`."""
    if fresh.as_of is None:
        return speech.gettext("Infot ei ole veel tulnud")
    since = speech.since(fresh.as_of, today)
    if fresh.down:
        return speech.gettext("Ei vasta. Seis %(since)s", since=since)
    return speech.gettext("Seis %(since)s", since=since)
