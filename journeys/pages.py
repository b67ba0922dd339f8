"""The HTTP face of journeys: all pages of the package, with what they depend on."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from journeys.draft_pages import DraftPages
from journeys.events import OnDraft, OnDraftGone, OnSent, Prefill
from journeys.file_pages import FilePages
from journeys.loading import Catalogue
from journeys.open_pages import OpenPages
from journeys.send_pages import SendPages
from journeys.step_pages import StepPages
from portal.db import Database
from portal.files import Files
from portal.ui.way_back import FindWayBack, no_way_back


@dataclass(frozen=True, slots=True)
class JourneyPages:
    """Everything from "what help do you need" to the receipt."""

    db: Database
    files: Files
    catalogue: Catalogue
    prefill: Prefill
    on_draft: OnDraft
    on_draft_gone: OnDraftGone
    on_sent: OnSent
    way_back: FindWayBack = no_way_back

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages; those with a fixed word in the address stand before those with any step."""
        steps = StepPages(self.db, self.catalogue, self.on_draft, self.way_back)
        return [
            *OpenPages(self.catalogue, self.way_back).routes(),
            *DraftPages(
                self.db,
                self.files,
                self.catalogue,
                self.prefill,
                self.on_draft,
                self.on_draft_gone,
                self.way_back,
            ).routes(),
            *SendPages(self.db, self.catalogue, self.on_sent, self.way_back).routes(),
            *FilePages(self.db, self.files, steps).routes(),
            *steps.routes(),
        ]
