"""The HTTP face of embeds: all pages of the package, with what they depend on."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from embeds.entry import Services
from embeds.figures import Figures
from embeds.oembed import OembedPages
from embeds.sites import Sites
from embeds.snippet_pages import SnippetPages
from embeds.widget_pages import WidgetPages


@dataclass(frozen=True, slots=True)
class EmbedPages:
    """Everything that stands on municipalities' sites, and the page that gives it out."""

    services: Services
    sites: Sites
    figures: Figures

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            *WidgetPages(self.services, self.sites, self.figures).routes(),
            *OembedPages(self.services, self.sites).routes(),
            *SnippetPages(self.services, self.sites).routes(),
        ]
