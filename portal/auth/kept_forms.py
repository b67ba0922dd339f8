"""Forms that met a closed door: kept for the one who wrote them, until the door is open."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlalchemy import func, insert, select
from starlette.exceptions import HTTPException
from starlette.requests import Request

from portal.access import Refusal
from portal.auth.tables import KeptFormRow
from portal.db import Database, Session, Transaction, new_id
from portal.ui import Visit

LARGEST: Final = 256 * 1024
LIFE: Final = timedelta(hours=24)
_MOST_FIELDS: Final = 4000
_MOST_OF_A_SESSION: Final = 20
_UNSEEN: Final = frozenset({"csrf_token", "form_id", "party", "revision"})

WITHOUT_FILES: Final = "kept-without-files"
"""Named among the fields when the form had files: they are not kept."""

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was typed, where it was being sent, and why it did not get there (a `Refusal`)."""

    path: str
    fields: Fields
    why: str


def typed_words(fields: Fields) -> Sequence[str]:
    """Give what a person has typed at length, to be read or copied; short answers are for the form itself."""
    return [value.strip() for name, value in fields if name not in _UNSEEN and " " in value.strip()]


async def fields_of(visit: Visit, csrf: str, *, read: bool = False) -> Fields | None:
    """Read a form that may be kept: small enough, with its session's own token, its files left out; else None.

    `read` tells that a page has read the body already.
    """
    kind = visit.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if visit.request.method != "POST":
        return None
    fields = await (
        _words_of(visit) if read or kind == "multipart/form-data" else _urlencoded(visit.request, kind)
    )
    token = next((value for name, value in fields or () if name == "csrf_token"), "")
    if fields is None or not hmac.compare_digest(token.encode(), csrf.encode()):
        return None
    return [(name, value) for name, value in fields if name != "csrf_token"]


async def _urlencoded(request: Request, kind: str) -> Fields | None:
    body = await limited_body(request, LARGEST) if kind == "application/x-www-form-urlencoded" else None
    try:
        return body and parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)  # type: ignore[return-value]
    except ValueError:
        return None


async def _words_of(visit: Visit) -> Fields | None:
    """Read the words of a form that may carry files as well; None when there are none or too many."""
    try:
        sent = (await visit.data()).multi_items()
    except HTTPException:
        return None
    finally:
        await visit.request.close()
    fields = [(name, value) for name, value in sent if isinstance(value, str)]
    wrote = any(value.strip() for name, value in fields if name not in _UNSEEN)
    if not wrote or len(urlencode(fields)) > LARGEST:
        return None
    lost = any(not isinstance(value, str) and value.filename for _, value in sent)
    return [*fields, (WITHOUT_FILES, "y")] if lost else fields


async def limited_body(request: Request, limit: int) -> bytes | None:
    """Read a request's body; None as soon as it is longer than `limit`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


async def keep(
    tx: Transaction,
    session_id: UUID,
    person_id: UUID,
    why: Refusal,
    path: str,
    fields: Fields,
    now: datetime,
) -> UUID | None:
    """Keep a form for the person of a session; None when that session has had too many kept."""
    of_session = KeptFormRow.session_id == session_id
    kept = await tx.scalar(select(func.count()).select_from(KeptFormRow).where(of_session))
    if (kept or 0) >= _MOST_OF_A_SESSION:
        return None
    body = urlencode(fields)
    row_id = new_id()
    await tx.execute(
        insert(KeptFormRow).values(
            id=row_id,
            session_id=session_id,
            person_id=person_id,
            why=str(why),
            path=path,
            body=body,
            size=len(body),
            expires_at=now + LIFE,
        )
    )
    return row_id


async def kept_form(session: Session, person_id: UUID, form_id: UUID, now: datetime) -> KeptForm | None:
    """Give back a kept form to the person who wrote it; for anybody else it does not exist."""
    mine = (KeptFormRow.id == form_id) & (KeptFormRow.person_id == person_id) & (KeptFormRow.expires_at > now)
    row = (await session.execute(select(KeptFormRow).where(mine))).first()
    return row and KeptForm(row.path, parse_qsl(row.body, keep_blank_values=True), row.why)


async def keep_sent(
    visit: Visit,
    db: Database,
    csrf: str,
    session_id: UUID,
    person_id: UUID,
    why: Refusal,
    *,
    read: bool = False,
) -> str | None:
    """Keep the form that a request carries, if it may be kept; gives the page where its person finds it."""
    path = visit.request.url.path
    fields = None if path.startswith("/auth/") else await fields_of(visit, csrf, read=read)
    if fields is None:
        return None
    async with db.write() as tx:
        kept = await keep(tx, session_id, person_id, why, path, fields, visit.now)
    return visit.path(f"/kept/{kept}") if kept else None
