"""One request as a page sees it: who came, in which language, and the ways to answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from portal.identity import Actor, SignedIn
from portal.texts import Language
from portal.ui.errors import OtherParty, Problem
from portal.ui.forms import PortalForm
from portal.ui.frame import Frame

F = TypeVar("F", bound=PortalForm)

# The longest letter, in letters of four bytes, and as much again: what is too long comes back to be shortened.
# The largest household's page has some 3,700 fields.
_MAX_FIELDS, _MAX_FILES, _MAX_PART = 4000, 20, 256 * 1024


@dataclass(frozen=True, slots=True)
class Visit:
    """A request on its way to an answer."""

    request: Request
    frame: Frame
    lang: Language
    signed_in: SignedIn | None

    @property
    def actor(self) -> Actor:
        """Who acts; pages that the policy lets in only when signed in may ask."""
        assert self.signed_in is not None, "the page's action lets anybody in"
        return self.signed_in.actor

    @property
    def now(self) -> datetime:
        """Tell the moment."""
        return self.frame.clock.now()

    @property
    def today(self) -> date:
        """Tell the legal day."""
        return self.frame.clock.today()

    def id(self, name: str = "id") -> UUID:
        """Give a path parameter that is an id."""
        value: UUID = self.request.path_params[name]
        return value

    def path(self, path: str) -> str:
        """Put the language before a path."""
        return f"/{self.lang}{path}"

    def gettext(self, text: str, **values: object) -> str:
        """Say a sentence in the person's language."""
        return self.frame.texts.say(self.lang, text, **values)

    def render(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Answer with a page."""
        whole = self.frame.context(self.request, self.signed_in)
        whole.update(context, visit=self)
        return HTMLResponse(self.frame.texts.render(template, self.lang, whole), status)

    def redirect(self, path: str) -> Response:
        """Answer a form by sending the browser to a page (PRG)."""
        return RedirectResponse(self.path(path), 303)

    async def data(self) -> FormData:
        """Read the form that was sent; too many or too long parts, and what is no UTF-8, are refused."""
        _check_encoding(self.request.headers.get("content-type", ""))
        return await self.request.form(max_fields=_MAX_FIELDS, max_files=_MAX_FILES, max_part_size=_MAX_PART)

    async def form(self, form_class: type[F], **kwargs: Any) -> F:
        """Bind a form: to what was sent on POST, after its token and party were checked, else to nothing.

        Raises `Problem` when the token is not this session's, and `OtherParty` when the form is for another than the
        party acted for.
        """
        sent = await self.data() if self.request.method == "POST" else None
        form = form_class(
            sent,
            meta={"csrf_token": self.signed_in.csrf if self.signed_in else "", "language": self.lang},
            **kwargs,
        )
        if sent is None:
            if self.signed_in:
                form.party.data = str(self.signed_in.actor.party.id)
            return form
        if not form.is_from_this_session():
            raise Problem(
                "Vorm ei kehti enam",
                "Minge brauseris tagasi, laadige leht uuesti ja saatke vorm siis. Midagi ei saadetud.",
                status=403,
            )
        if self.signed_in and form.party.data != str(self.signed_in.actor.party.id):
            raise OtherParty
        return form


def _check_encoding(content_type: str) -> None:
    """Refuse a declared encoding that no browser declares: some can spell what can never be written down."""
    _, named, encoding = content_type.lower().partition("charset=")
    if named and encoding.strip(' "') not in ("utf-8", "utf8"):
        raise HTTPException(400)
