"""The person's own page: who they are here, and where they are told that something waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from portal import notify
from portal.access import Action
from portal.auth.me.contacts import WRONG_LANGUAGE, BadAddress, ContactForm, read_address
from portal.auth.me.known_places import last_sign_in
from portal.db import Database
from portal.notify import Contact, Outcome, TooManyMails
from portal.texts import LANGUAGES
from portal.ui import Page, PortalForm, Visit


def _(text: str) -> str:
    return text


_TOO_MANY: Final = _("Täna oleme saatnud juba mitu kinnituslinki. Järgmise saate tellida homme")
_STATUS: Final = {
    Outcome.EXPIRED: HTTPStatus.GONE,
    Outcome.UNKNOWN: HTTPStatus.NOT_FOUND,
    Outcome.OTHERS: HTTPStatus.FORBIDDEN,
}


@dataclass(frozen=True, slots=True)
class MePages:
    """`/me` and the page that a mailed link opens; `mails` tells whether there is a mail server."""

    db: Database
    mails: bool

    def routes(self) -> Sequence[Route]:
        """Give the routes."""
        link = "/me/confirm/{token}"
        return [
            Page("/me", self.show, Action.READ_CONTACTS),
            Page("/me", self.save, Action.CHANGE_CONTACTS, methods=["POST"]),
            Page("/me/remove", self.remove, Action.CHANGE_CONTACTS, methods=["POST"]),
            Page(link, self.open_link, Action.READ_CONTACTS),
            Page(link, self.confirm, Action.CHANGE_CONTACTS, methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """Show the person's data and contact."""
        contact = await self._contact(visit)
        data = {
            "address": (contact and (contact.asked or contact.address)) or "",
            "language": contact.language if contact else visit.lang,
        }
        form = await visit.form(ContactForm, data=data)
        return await self._page(visit, form, contact)

    async def save(self, visit: Visit) -> Response:
        """Take an address and a language; a new address is mailed its link first."""
        form = await visit.form(ContactForm)
        if not self.mails:
            return visit.redirect("/me")
        address = _checked(visit, form)
        if form.errors or address is None:
            return await self._page(visit, form, await self._contact(visit), HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            async with self.db.write() as tx:
                outcome = await notify.ask(
                    tx, visit.actor, address=address, language=form.language.data,
                    form_id=form.once_only_id(), at=visit.now,
                )  # fmt: skip
        except TooManyMails:
            form.address.errors = [visit.gettext(_TOO_MANY)]
            return await self._page(visit, form, await self._contact(visit), HTTPStatus.TOO_MANY_REQUESTS)
        return visit.redirect("/me" if outcome is Outcome.MAILED else "/me?done=saved")

    async def remove(self, visit: Visit) -> Response:
        """Forget the address."""
        await visit.form(PortalForm)
        async with self.db.write() as tx:
            await notify.remove(tx, visit.actor, visit.now)
        return visit.redirect("/me?done=removed")

    async def open_link(self, visit: Visit) -> Response:
        """Show what a mailed link would do; opening it changes nothing: mail scanners open links too."""
        form = await visit.form(PortalForm)
        async with self.db.read() as session:
            state = await notify.link_state(session, visit.actor, _token(visit), visit.now)
        return self._link_page(visit, form, state)

    async def confirm(self, visit: Visit) -> Response:
        """Start using the address that the link was mailed to."""
        form = await visit.form(PortalForm)
        async with self.db.write() as tx:
            state = await notify.confirm(tx, visit.actor, _token(visit), visit.now)
        if state is Outcome.DONE:
            return visit.redirect("/me?done=confirmed")
        return self._link_page(visit, form, state)

    async def _contact(self, visit: Visit) -> Contact | None:
        async with self.db.read() as session:
            return await notify.contact_of(session, visit.actor)

    async def _page(
        self, visit: Visit, form: ContactForm, contact: Contact | None, status: int = HTTPStatus.OK
    ) -> Response:
        assert visit.signed_in is not None
        done = visit.request.query_params.get("done")
        async with self.db.read() as session:
            last = await last_sign_in(session, visit.signed_in.session_id)
        return visit.render(
            "me/index.html", status=status, form=form, contact=contact, done=done, mails=self.mails,
            person=visit.actor.person, last=last,
        )  # fmt: skip

    def _link_page(self, visit: Visit, form: PortalForm, state: Outcome) -> Response:
        status = _STATUS.get(state, HTTPStatus.OK)
        return visit.render(
            "me/confirm.html", status=status, form=form, state=state.value, token=_token(visit)
        )


def _token(visit: Visit) -> str:
    token: str = visit.request.path_params["token"]
    return token


def _checked(visit: Visit, form: ContactForm) -> str | None:
    if form.language.data not in LANGUAGES:
        form.language.errors = [visit.gettext(WRONG_LANGUAGE)]
    try:
        return read_address(form.address.data)
    except BadAddress as fault:
        form.address.errors = [visit.gettext(str(fault))]
        return None
