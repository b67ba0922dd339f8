"""oEmbed 1.0 (oembed.com): who pastes the address of a service or a municipality gets the entry for it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from markupsafe import Markup
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from embeds.answering import OPEN
from embeds.content import content
from embeds.entry import Entry, Grade, Services, entry_of, municipality
from embeds.sites import Sites
from portal.access import Action
from portal.authorities import Authority, authority
from portal.texts import LANGUAGES
from portal.ui import BarePage, Visit

_WIDTH: Final = 600
_SMALLEST: Final = 200
_PATH: Final = re.compile(
    rf"/(?P<lang>{'|'.join(LANGUAGES)})/(?:services/(?P<service>[a-z0-9-]+)|kov/(?P<slug>[a-z0-9-]+))"
)


@dataclass(frozen=True, slots=True)
class OembedPages:
    """`/oembed`."""

    services: Services
    sites: Sites

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [BarePage("/oembed", self.oembed, Action.READ_OPEN_PAGES)]

    async def oembed(self, visit: Visit) -> Response:
        """Say how an address of ours is shown on a page of somebody else."""
        query = visit.request.query_params
        if query.get("format", "json") != "json":
            return JSONResponse({"error": "only format=json is given"}, 501, OPEN)
        entry = self._entry(query.get("url", ""), visit.frame.public_url)
        if entry is None:
            return JSONResponse({"error": "no page of ours that can be shown elsewhere"}, 404, OPEN)
        width = _size(query.get("maxwidth"), _WIDTH)
        height = _size(query.get("maxheight"), entry.height)
        return JSONResponse(
            self._told(visit, entry, width, height), headers={**OPEN, "Cache-Control": "public, max-age=3600"}
        )

    def _entry(self, url: str, base: str) -> Entry | None:
        if len(url) > 1000 or not url.startswith(f"{base}/"):
            return None
        try:
            parts = urlsplit(url.removeprefix(base))
        except ValueError:
            return None
        found = _PATH.fullmatch(parts.path)
        if found is None:
            return None
        place = municipality(found["slug"]) if found["slug"] else _place(parse_qs(parts.query))
        if place is None:
            return None
        offered = self.services(place.code)
        if found["service"] and found["service"] not in {each.id for each in offered}:
            return None
        return entry_of(place, offered, [found["service"]] if found["service"] else [], lang=found["lang"])

    def _told(self, visit: Visit, entry: Entry, width: int, height: int) -> Mapping[str, Any]:
        base = visit.frame.public_url
        shown = content(entry, Grade.OEMBED, base, partial(visit.frame.texts.say, entry.lang))
        url = base + entry.go(entry.only, Grade.OEMBED)
        # WordPress looks for exactly this: a bare <blockquote>, then the frame; it shows the one until the other speaks.
        html = Markup('<blockquote><a href="{}">{}</a></blockquote>').format(url, shown.title)
        if self.sites.hosts.get(entry.place.code):
            source = f"{base}/embed/v1/frame/{entry.place.slug}?{entry.query(via=Grade.OEMBED)}"
            html += Markup(
                '<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" scrolling="no"></iframe>'
            ).format(source, shown.title, width, height)
        return {
            "version": "1.0",
            "type": "rich",
            "provider_name": "Uks",
            "provider_url": base,
            "title": shown.title,
            "html": str(html),
            "width": width,
            "height": height,
            "cache_age": 3600,
        }


def _place(query: Mapping[str, Sequence[str]]) -> Authority | None:
    try:
        found = authority(query.get("kov", [""])[0])
    except KeyError:
        return None
    return None if found.kind == "amet" else found


def _size(most: str | None, wanted: int) -> int:
    if most and most.isascii() and most.isdigit() and len(most) < 6:
        return max(_SMALLEST, min(int(most), wanted))
    return wanted
