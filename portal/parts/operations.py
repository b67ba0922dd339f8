"""What operators look at: is it alive, is it ready, and the figures of what waits."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from inbox.feed import waiting_streams
from portal import audit
from portal.access import Action
from portal.clock import Clock
from portal.db import Database, Session
from portal.files import FileRow
from portal.outbox import OutboxRow
from portal.ui import BarePage, Visit


@dataclass(frozen=True, slots=True)
class OperationsPages:
    """Health and metrics; the metrics ask for a token, or, where `open_here`, come only from this computer."""

    db: Database
    clock: Clock
    cores: Sequence[str]
    token: str = field(repr=False)
    open_here: bool = True

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            BarePage("/health/live", self.live, Action.READ_OPEN_PAGES),
            BarePage("/health/ready", self.ready, Action.READ_OPEN_PAGES),
            BarePage("/metrics", self.metrics, Action.READ_OPEN_PAGES),
        ]

    async def live(self, _visit: Visit) -> Response:
        """Say that the process answers."""
        return PlainTextResponse("alive")

    async def ready(self, _visit: Visit) -> Response:
        """Say whether the database answers; a core or mail server that is down makes nobody unready."""
        try:
            async with self.db.read() as session:
                await session.execute(text("SELECT 1"))
        except (DBAPIError, OSError):
            return PlainTextResponse("the database does not answer", 503)
        return PlainTextResponse("ready")

    async def metrics(self, visit: Visit) -> Response:
        """Give the figures for Prometheus."""
        if not self._may_read(visit):
            return PlainTextResponse("metrics are read with their token", 403)
        registry = CollectorRegistry()
        async with self.db.read() as session:
            await self._outbox(session, registry)
            waiting = select(func.count()).where(FileRow.scan == "pending")
            Gauge("uks_files_unscanned", "Files that wait for the virus scanner", registry=registry).set(
                await session.scalar(waiting) or 0
            )
            await self._streams(session, registry)
            Gauge("uks_audit_unsealed", "Acts that wait for the sealer", registry=registry).set(
                await audit.unsealed(session)
            )
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")

    async def _outbox(self, session: Session, registry: CollectorRegistry) -> None:
        count = Gauge("uks_outbox_waiting", "Effects that wait", ["topic"], registry=registry)
        age = Gauge(
            "uks_outbox_oldest_seconds", "Age of the oldest effect that waits", ["topic"], registry=registry
        )
        rows = await session.execute(
            select(
                OutboxRow.topic, func.count().label("waiting"), func.min(OutboxRow.planned_at).label("oldest")
            ).group_by(OutboxRow.topic)
        )
        for row in rows:
            count.labels(row.topic).set(row.waiting)
            age.labels(row.topic).set((self.clock.now() - row.oldest).total_seconds())

    async def _streams(self, session: Session, registry: CollectorRegistry) -> None:
        count = Gauge(
            "uks_streams_waiting",
            "Streams of a core that wait for a missing event",
            ["core"],
            registry=registry,
        )
        age = Gauge(
            "uks_streams_oldest_seconds", "How long the oldest of them waits", ["core"], registry=registry
        )
        for core in self.cores:
            waiting, oldest = await waiting_streams(session, core)
            count.labels(core).set(waiting)
            age.labels(core).set((self.clock.now() - oldest).total_seconds() if oldest else 0)

    def _may_read(self, visit: Visit) -> bool:
        if not self.token:
            # Behind a proxy on the same computer the whole world comes from this computer.
            client = visit.request.client
            return self.open_here and client is not None and client.host in ("127.0.0.1", "::1")
        given = visit.request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), self.token.encode())
