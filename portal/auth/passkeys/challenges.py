"""Challenges: random, good once, for five minutes, for one purpose and only where they were given out."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, delete, insert

from portal.auth.passkeys.tables import PasskeyChallengeRow
from portal.db import Transaction

LIFE: Final = timedelta(minutes=5)
_BYTES: Final = 32


class Purpose(StrEnum):
    """What a challenge is given out for."""

    ADD = "add"
    SIGN_IN = "sign-in"


async def give_out(tx: Transaction, purpose: Purpose, bound_to: str, now: datetime) -> bytes:
    """Make a challenge, bound to a browser or a session."""
    challenge = secrets.token_bytes(_BYTES)
    row = {
        "challenge": challenge.hex(),
        "purpose": purpose,
        "bound_to": bound_to,
        "expires_at": now + LIFE,
    }
    await tx.execute(_GIVE_OUT, row)
    return challenge


async def take(tx: Transaction, challenge: bytes, purpose: Purpose, bound_to: str, now: datetime) -> bool:
    """Tell whether a challenge that came back is one of ours; from now on it is worthless."""
    gone = await tx.execute(
        _TAKE, {"its": challenge.hex(), "for_": purpose, "where_": bound_to, "moment": now}
    )
    return gone.rowcount == 1


async def forget_old(tx: Transaction, now: datetime) -> None:
    """Delete challenges that nobody answered."""
    await tx.execute(delete(PasskeyChallengeRow).where(PasskeyChallengeRow.expires_at <= now))


_GIVE_OUT: Final = insert(PasskeyChallengeRow)
_TAKE: Final = delete(PasskeyChallengeRow).where(
    PasskeyChallengeRow.challenge == bindparam("its"),
    PasskeyChallengeRow.purpose == bindparam("for_"),
    PasskeyChallengeRow.bound_to == bindparam("where_"),
    PasskeyChallengeRow.expires_at > bindparam("moment"),
)
