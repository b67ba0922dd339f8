"""Representation put together: its sources, what ends rights, its pages, and the worker's part in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from inbox import queries
from inbox.receive import RightChanged
from journeys.loading import Catalogue
from portal.auth.representation import Acting, Source
from portal.auth.representation.endings import Endings
from portal.auth.representation.kept import OFFICIAL, Capable, KeptSource, MandateSource, nobody_tells
from portal.auth.representation.mandates.acts import CHECK
from portal.auth.representation.mandates.checks import Checks
from portal.auth.representation.official import right_changed
from portal.auth.representation.pages import RepresentationPages
from portal.auth.representation.register import RegisterSource
from portal.clock import Clock
from portal.db import Database, Session
from portal.identity import Actor
from portal.outbox import Handler
from portal.texts import LANGUAGES


@dataclass(frozen=True, slots=True)
class Representation:
    """What an installation knows of rights; `register` is None where no population register is configured."""

    db: Database
    clock: Clock
    register: RegisterSource | None

    @property
    def endings(self) -> Endings:
        """Give what ends rights."""
        return Endings(self.db, self.clock)

    @property
    def listening(self) -> RegisterSource | None:
        """Give the register as it tells of deaths."""
        return self.register and replace(self.register, on_death=self.endings.died)

    @property
    def capable(self) -> Capable:
        """Give the question whether somebody may act for themselves."""
        return self.listening.capacity if self.listening else nobody_tells

    @property
    def right_changed(self) -> RightChanged:
        """Give what is done when a core tells of an official's decision."""
        return right_changed(self.clock)

    def sources(self) -> Sequence[Source]:
        """List the sources that do not hang on the sign-in."""
        mandates = MandateSource.of(self.db, self.clock, self.capable, self.endings.lost_capacity)
        kept: tuple[Source, ...] = (mandates, KeptSource(OFFICIAL, self.db, self.clock))
        return (self.listening, *kept) if self.listening else kept

    def pages(self, sources: Sequence[Source], catalogue: Catalogue) -> RepresentationPages:
        """Give the pages; `sources` are all there are."""
        names: dict[str, dict[str, str]] = {
            journey.id: {str(language): getattr(journey.names, language) for language in LANGUAGES}
            for journey in catalogue
        }

        async def matters(session: Session, actor: Actor) -> Sequence[tuple[UUID, str, datetime]]:
            rows = await queries.lines(session, actor)
            sent = [row for row in rows if row.kind == "application" and row.journey in names]
            return [(row.id, row.journey, row.sent_at) for row in sent]

        acting = Acting(self.db, self.clock, {source.name: source for source in sources})
        return RepresentationPages(self.db, acting, self.capable, self.endings, names, matters)

    def handlers(self) -> Mapping[str, Handler]:
        """Give the worker's handlers by topic."""
        return {CHECK: Checks(self.db, self.clock, self.capable).handle}
