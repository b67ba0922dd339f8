"""GovSSO tells us, from server to server, that a session has ended (its specification, §§ 4.4 and 7.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final
from urllib.parse import parse_qs

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from portal import audit
from portal.access import Action
from portal.access.parties import party_id_of
from portal.auth import sessions
from portal.auth.govsso.claims import LoggedOut
from portal.auth.govsso.client import GovssoClient
from portal.auth.govsso.errors import GovssoUnavailable, InvalidToken
from portal.auth.kept_forms import limited_body
from portal.auth.tables import LogoutTokenRow
from portal.clock import Clock
from portal.db import Database, Transaction, new_id
from portal.ui import BarePage, Visit

_LARGEST: Final = 64 * 1024
REMEMBERED: Final = timedelta(hours=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Backchannel:
    """`POST /auth/backchannel-logout`; `allowed_from` empty lets any address call."""

    db: Database
    clock: Clock
    govsso: GovssoClient
    allowed_from: Sequence[IPv4Network | IPv6Network] = ()

    def routes(self) -> Sequence[BaseRoute]:
        """List the one address."""
        return [BarePage("/auth/backchannel-logout", self.log_out, Action.END_SESSION, methods=("POST",))]

    async def log_out(self, visit: Visit) -> Response:
        """End the sessions that a logout token names; one that names none of ours is obeyed as well."""
        if not self._allowed(visit.request):
            return _answer(403)
        token = await _token(visit.request)
        try:
            told = await self.govsso.logged_out(token)
            await self._obey(told)
        except (InvalidToken, IntegrityError) as error:
            reason = "replay" if isinstance(error, IntegrityError) else str(error)
            _log.warning("auth.backchannel.refused", reason=reason)
            return _answer(400)
        except GovssoUnavailable as error:
            _log.warning("auth.backchannel.unavailable", reason=str(error))
            return _answer(503)
        return _answer(200)

    async def _obey(self, told: LoggedOut) -> None:
        now = self.clock.now()
        async with self.db.write() as tx:
            # The same token again meets the primary key, and the whole transaction falls.
            await tx.execute(insert(LogoutTokenRow).values(jti=told.jti, seen_at=now))
            ended = await self._end(tx, told)
            await audit.record(tx, None, "govsso-log-out", about=new_id(), at=now, detail={"sessions": ended})
        _log.info("auth.backchannel.obeyed", sessions=ended)

    async def _end(self, tx: Transaction, told: LoggedOut) -> int:
        now = self.clock.now()
        person_id = await party_id_of(tx, told.sub) if told.sub else None
        if told.sub and person_id is None:
            return 0
        if told.sid:
            return await sessions.end_of_govsso(tx, told.sid, now, person_id)
        assert person_id is not None
        return await sessions.end_of_person(tx, person_id, now)

    def _allowed(self, request: Request) -> bool:
        if not self.allowed_from:
            return True
        try:
            address = ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        return any(address in network for network in self.allowed_from)


async def _token(request: Request) -> str:
    body = await limited_body(request, _LARGEST)
    try:
        fields = parse_qs((body or b"").decode(), max_num_fields=20)
    except ValueError:
        return ""
    return fields.get("logout_token", [""])[0]


def _answer(status: int) -> Response:
    return PlainTextResponse("", status, {"Cache-Control": "no-store"})
