"""What signing in leaves behind is thrown away when it has served."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_

from portal.auth.govsso.backchannel import REMEMBERED
from portal.auth.govsso.log import forget_entries
from portal.auth.govsso.sign_ins import WINDOW
from portal.auth.me.known_places import forget_old_places
from portal.auth.passkeys import challenges, holders
from portal.auth.tables import KeptFormRow, LogoutTokenRow, SessionRow, SignInCountRow, SignInRow
from portal.db import Transaction

# As long as a kept form may wait for its person to sign in again.
_SESSIONS_KEPT: Final = timedelta(hours=24)
# GovSSO advises one to seven years (technical specification § 7.4).
LOG_KEPT: Final = timedelta(days=365)


async def forget_old(tx: Transaction, now: datetime, log_kept: timedelta = LOG_KEPT) -> None:
    """Delete ended sessions, stale starts, counts, logout tokens, forms nobody came back for, old log entries."""
    old = now - _SESSIONS_KEPT
    await tx.execute(delete(SessionRow).where(or_(SessionRow.ended_at < old, SessionRow.expires_at < old)))
    await tx.execute(delete(SignInRow).where(SignInRow.expires_at < now))
    await tx.execute(delete(SignInCountRow).where(SignInCountRow.starts_at < now - WINDOW))
    await tx.execute(delete(LogoutTokenRow).where(LogoutTokenRow.seen_at < now - REMEMBERED))
    await tx.execute(delete(KeptFormRow).where(KeptFormRow.expires_at < now))
    await forget_old_places(tx, now)
    await forget_entries(tx, now, log_kept)
    await challenges.forget_old(tx, now)
    await holders.forget_unused(tx, now)
