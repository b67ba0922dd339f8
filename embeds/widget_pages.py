"""What municipalities' pages load: the script, its data, the frame; and where every entry leads."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from embeds.answering import OPEN, Ready, from_elsewhere
from embeds.content import content
from embeds.entry import Entry, Grade, Kind, Look, Services, entry_of, municipality
from embeds.figures import Figures
from embeds.files import address, files
from embeds.sites import Sites
from portal.access import Action
from portal.authorities import Authority
from portal.texts import LANGUAGES, Language
from portal.ui import BarePage, NotFound, Visit
from portal.ui.headers import content_policy

_MINUTES: Final = "public, max-age=300, stale-while-revalidate=86400"
_MOST_READY: Final = 2000


@dataclass(frozen=True, slots=True)
class WidgetPages:
    """The addresses under `/embed/v1`."""

    services: Services
    sites: Sites
    figures: Figures
    # The words of an entry change only with the program.
    _ready: dict[tuple[str, str], Ready] = field(default_factory=dict)

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            BarePage("/embed/v1/data/{slug}.json", self.data, Action.READ_OPEN_PAGES),
            BarePage("/embed/v1/frame/{slug}", self.frame, Action.READ_OPEN_PAGES),
            BarePage("/embed/v1/go/{slug}", self.go, Action.READ_OPEN_PAGES),
            BarePage("/embed/v1/go/{slug}/{service}", self.go, Action.READ_OPEN_PAGES),
            BarePage("/embed/v1/{file}", self.file, Action.READ_OPEN_PAGES),
        ]

    async def file(self, visit: Visit) -> Response:
        """Give the script of the element, or what the frame needs."""
        found = files().get(visit.request.path_params["file"])
        if found is None:
            return Response(status_code=404, headers=OPEN)
        return found.answer(visit.request)

    async def data(self, visit: Visit) -> Response:
        """Give the element its words and addresses."""
        place = municipality(visit.request.path_params["slug"])
        if place is None:
            return Response("{}", 404, OPEN, "application/json")
        entry = self._entry(visit, place)
        key = (place.code, entry.query())
        ready = self._ready.get(key) or self._kept(key, self._data(visit, entry))
        if from_elsewhere(visit.request):
            await self.figures.seen(entry, Grade.ELEMENT)
        return ready.answer(visit.request)

    async def frame(self, visit: Visit) -> Response:
        """Show an entry in a frame on the municipality's own sites."""
        place = municipality(visit.request.path_params["slug"])
        if place is None:
            raise NotFound
        entry = self._entry(visit, place)
        query, headers = visit.request.query_params, visit.request.headers
        back = self.sites.way_back(query.get("back") or headers.get("referer"), place.code)
        grade = Grade.OEMBED if query.get("via") == Grade.OEMBED else Grade.FRAME
        texts = visit.frame.texts
        shown = content(
            entry, grade, visit.frame.public_url, partial(texts.say, entry.lang), back.address if back else ""
        )
        context = {"shown": shown, "button_only": entry.look is Look.BUTTON, "file": address}
        body = texts.render("embeds/frame.html", entry.lang, context).encode()
        if from_elsewhere(visit.request):
            await self.figures.seen(entry, grade)
        policy = content_policy(frame_ancestors=self.sites.ancestors(place.code))
        # The way back is in it, so it is kept for one page of one site.
        made = Ready.of(
            body,
            "text/html; charset=utf-8",
            "private, max-age=300",
            Vary="Referer",
            Content_Security_Policy=policy,
        )
        return made.answer(visit.request)

    async def go(self, visit: Visit) -> Response:
        """Open the portal where the entry leads: language, municipality and the way back come along."""
        request, query = visit.request, visit.request.query_params
        place = municipality(request.path_params["slug"])
        if place is None:
            raise NotFound
        lang = _language(query.get("lang"), visit.lang)
        # A page that gave no way back is known by what the browser says, as far as the site lets it.
        back = self.sites.way_back(query.get("back"), place.code) or self.sites.way_back(
            request.headers.get("referer"), place.code
        )
        carried = {"back": back.address} if back else {}
        known = {each.id for each in self.services(place.code)}
        service = request.path_params.get("service", "")
        if query.get("kind") == Kind.MATTER:
            service, path = "", "/inbox"
        elif service in known:
            path = f"/apply/{service}?{urlencode({'kov': place.code, **carried})}"
        else:
            service, path = "", f"/kov/{place.slug}" + (f"?{urlencode(carried)}" if carried else "")
        if request.method == "GET" and from_elsewhere(request):
            await self.figures.used(place.code, service, _grade(query.get("via")))
        return RedirectResponse(f"/{lang}{path}", 303, {"Cache-Control": "no-store"})

    def _entry(self, visit: Visit, place: Authority) -> Entry:
        query = visit.request.query_params
        chosen = query.get("services", "")[:1000].replace(",", " ").split()
        said = {name: query[name] for name in ("lang", "kind", "look") if name in query}
        return entry_of(place, self.services(place.code), chosen, **said)

    def _data(self, visit: Visit, entry: Entry) -> Ready:
        say = partial(visit.frame.texts.say, entry.lang)
        told = content(entry, Grade.ELEMENT, visit.frame.public_url, say).as_data()
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        return Ready.of(body, "application/json", _MINUTES)

    def _kept(self, key: tuple[str, str], made: Ready) -> Ready:
        if len(self._ready) >= _MOST_READY:
            self._ready.clear()
        self._ready[key] = made
        return made


def _language(said: str | None, otherwise: Language) -> Language:
    return next((each for each in LANGUAGES if each == said), otherwise)


def _grade(said: str | None) -> Grade:
    return next((each for each in Grade if each == said), Grade.LINK)
