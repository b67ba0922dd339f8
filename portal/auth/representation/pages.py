"""The pages of representation as one part."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from portal.auth.representation.acting import Acting
from portal.auth.representation.chooser_pages import ChooserPages
from portal.auth.representation.endings import Endings
from portal.auth.representation.kept import Capable
from portal.auth.representation.mandates.pages import MandatePages, MattersOf, no_matters
from portal.auth.representation.trail_pages import TrailPages
from portal.auth.representation.words import Names
from portal.db import Database


@dataclass(frozen=True, slots=True)
class RepresentationPages:
    """`/representation` and all below it."""

    db: Database
    acting: Acting
    capable: Capable
    endings: Endings
    names: Names
    matters: MattersOf = no_matters

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages, the most particular first."""
        lost = self.endings.lost_capacity
        parts = (
            ChooserPages(self.db, self.acting, self.names),
            TrailPages(self.db),
            MandatePages(self.db, self.capable, lost, self.names, self.matters),
        )
        return [route for part in parts for route in part.routes()]
