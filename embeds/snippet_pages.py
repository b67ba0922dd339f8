"""The page that gives entries out: choose, see it live, copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import BaseRoute
from wtforms import (  # type: ignore[attr-defined]
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
)

from embeds.content import content
from embeds.entry import Entry, Grade, Kind, Look, Services, entry_of, municipality
from embeds.files import address, integrity
from embeds.sites import Sites
from embeds.snippets import frame, snippet
from portal.access import Action
from portal.authorities import Authority, authority, municipalities
from portal.ui import Page, Visit
from portal.ui.headers import content_policy


def _(text: str) -> str:
    return text


_KINDS = ((Kind.SERVICES, _("Toetused ja teenused")), (Kind.MATTER, _("Kus on minu asi?")))
_LOOKS = ((Look.CARD, _("Kaart")), (Look.BUTTON, _("Nupp")))
_GRADES = (
    (Grade.LINK, _("Link")),
    (Grade.FRAME, _("Raam (iframe)")),
    (Grade.ELEMENT, _("Element (skript)")),
    (Grade.OEMBED, _("Ainult aadress (oEmbed)")),
)
# Each language is named in itself, so the names are not translated.
_LANGUAGES = (("et", "eesti keeles"), ("en", "in English"), ("ru", "по-русски"))


class SnippetForm(Form):
    """What the entry is to be; sent by GET, so that its address can be passed on."""

    kov = SelectField(validate_choice=False)
    kind = RadioField(validate_choice=False)
    services = SelectMultipleField(validate_choice=False)
    lang = RadioField(validate_choice=False)
    look = RadioField(validate_choice=False)
    grade = RadioField(validate_choice=False)


@dataclass(frozen=True, slots=True)
class SnippetPages:
    """`/{language}/embed`."""

    services: Services
    sites: Sites

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [Page("/embed", self.snippets, Action.READ_OPEN_PAGES)]

    async def snippets(self, visit: Visit) -> Response:
        """Show the form, and what it makes of the choices."""
        query = visit.request.query_params
        place = _place(query.get("kov", ""))
        grade = next((each for each in Grade if each == query.get("grade")), Grade.LINK)
        entry = None
        if place:
            said = {"lang": visit.lang} | {
                name: query[name] for name in ("lang", "kind", "look") if name in query
            }
            entry = entry_of(place, self.services(place.code), query.getlist("services"), **said)
        context = self._made(visit, entry, grade) if entry else {}
        answer = visit.render(
            "embeds/snippets.html",
            form=self._form(visit, place, entry, grade),
            place=place,
            entry=entry,
            grade=grade,
            registered=self.sites.hosts.get(place.code, ()) if place else (),
            file=address,
            integrity=integrity(),
            **context,
        )
        answer.headers["Content-Security-Policy"] = content_policy(frame_src="'self'")
        return answer

    def _made(self, visit: Visit, entry: Entry, grade: Grade) -> dict[str, Any]:
        say = partial(visit.frame.texts.say, entry.lang)
        title = content(entry, grade, visit.frame.public_url, say).title
        # The preview is of this page's own origin, whatever name it was opened by.
        return {
            "made": snippet(entry, grade, visit.frame.public_url, title, say),
            "preview": snippet(entry, grade, "", title, say).code,
            "framed": frame(entry, "", title),
        }

    def _form(self, visit: Visit, place: Authority | None, entry: Entry | None, grade: Grade) -> SnippetForm:
        form = SnippetForm()
        say = visit.gettext
        offered = self.services(place.code if place else "")
        form.kov.choices = [SelectChoice("", say(_("Valige"))), *_named(municipalities())]
        form.kov.data = place.code if place else ""
        form.services.choices = [SelectChoice(each.id, each.names[visit.lang]) for each in offered]
        form.services.data = [each.id for each in entry.chosen] if entry else []
        for field, choices, chosen in (
            (form.kind, _KINDS, entry.kind if entry else Kind.SERVICES),
            (form.look, _LOOKS, entry.look if entry else Look.CARD),
            (form.grade, _GRADES, grade),
        ):
            field.choices = [SelectChoice(str(value), say(words)) for value, words in choices]
            field.data = str(chosen)
        form.lang.choices = [SelectChoice(code, name) for code, name in _LANGUAGES]
        form.lang.data = entry.lang if entry else visit.lang
        return form


def _named(places: Sequence[Authority]) -> list[SelectChoice]:
    return [SelectChoice(each.code, each.place) for each in places]


def _place(said: str) -> Authority | None:
    """Return the municipality of an EHAK code, or of a name in an address."""
    try:
        found = authority(said)
    except KeyError:
        return municipality(said)
    return None if found.kind == "amet" else found
