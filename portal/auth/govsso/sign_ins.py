"""Sign-ins that have started: kept by their `state`, one row each, and counted against a flood."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from portal.auth.cookies import new_secret
from portal.auth.tables import SignInCountRow, SignInRow
from portal.db import Transaction, new_id

# GovSSO lets a person take an hour.
LIFE: Final = timedelta(hours=1)
WINDOW: Final = timedelta(minutes=10)
# A library's or a social centre's computers share one address.
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Start:
    """A sign-in on its way."""

    state: str
    nonce: str
    verifier: str
    return_to: str
    lang: str


async def start(tx: Transaction, *, browser: str, return_to: str, lang: str, now: datetime) -> Start:
    """Remember a sign-in that starts now in this browser."""
    started = Start(new_secret(), new_secret(), new_secret() + new_secret(), return_to, lang)
    await tx.execute(
        insert(SignInRow).values(
            id=new_id(),
            state=started.state,
            browser=browser,
            nonce=started.nonce,
            verifier=started.verifier,
            return_to=return_to,
            lang=lang,
            expires_at=now + LIFE,
        )
    )
    return started


async def take(tx: Transaction, *, state: str, browser: str, now: datetime) -> Start | None:
    """Find the sign-in that comes back, in the browser where it began, and make its `state` worthless."""
    mine = (SignInRow.state == state) & (SignInRow.browser == browser) & (SignInRow.expires_at > now)
    row = (await tx.execute(select(SignInRow).where(mine))).first()
    if row is None:
        return None
    gone = await tx.execute(delete(SignInRow).where(SignInRow.id == row.id))
    # The same answer opened twice at once: only one of the two deletes the row.
    return Start(state, row.nonce, row.verifier, row.return_to, row.lang) if gone.rowcount else None


async def count(tx: Transaction, address: str, now: datetime) -> int:
    """Count a sign-in that an address starts; tells how many it has started in these ten minutes."""
    seconds = int(now.timestamp())
    window = datetime.fromtimestamp(seconds - seconds % int(WINDOW.total_seconds()), UTC)
    upsert = insert_sqlite if tx.dialect.name == "sqlite" else insert_postgresql
    counted = await tx.execute(
        upsert(SignInCountRow)
        .values(address=address, starts_at=window, count=1)
        .on_conflict_do_update(
            index_elements=[SignInCountRow.address, SignInCountRow.starts_at],
            set_={"count": SignInCountRow.count + 1},
        )
        .returning(SignInCountRow.count)
    )
    return int(counted.scalar_one())
