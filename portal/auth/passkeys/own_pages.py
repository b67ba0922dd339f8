"""The person's own passkeys: seeing, adding, naming, removing."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from portal.access import Action
from portal.auth.passkeys.ceremony import read
from portal.auth.passkeys.entering import Entering
from portal.auth.passkeys.errors import Refused, Why
from portal.auth.passkeys.forms import AddForm, NameForm, read_name
from portal.auth.passkeys.keeping import MOST, Keeping
from portal.auth.passkeys.queries import Passkey, passkey, passkeys, vouched_at
from portal.auth.session_pages import check_token
from portal.identity import Assurance
from portal.ui import BarePage, NotFound, Page, PortalForm, Visit


@dataclass(frozen=True, slots=True)
class OwnPasskeyPages:
    """`/me/passkeys`, one page for each passkey, and the options that the script fetches."""

    keeping: Keeping
    entering: Entering

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        one = "/me/passkeys/{id:uuid}"
        return [
            Page("/me/passkeys", self.show, Action.READ_PASSKEYS),
            Page("/me/passkeys", self.add, Action.CHANGE_PASSKEYS, methods=("POST",)),
            Page(one, self.show_one, Action.READ_PASSKEYS),
            Page(one, self.rename, Action.CHANGE_PASSKEYS, methods=("POST",)),
            Page(f"{one}/remove", self.remove, Action.CHANGE_PASSKEYS, methods=("POST",)),
            BarePage("/passkeys/options", self.options, Action.CHANGE_PASSKEYS, methods=("POST",)),
        ]

    async def show(self, visit: Visit) -> Response:
        """List the passkeys, when each was used, and until when they work."""
        return await self._list(visit, await visit.form(AddForm))

    async def options(self, visit: Visit) -> Response:
        """Give what the browser is to ask its authenticator."""
        assert visit.signed_in is not None
        check_token(visit.signed_in, str((await visit.data()).get("csrf_token", "")))
        options = await self.keeping.ask(visit.signed_in)
        return JSONResponse(options, headers={"Cache-Control": "no-store"})

    async def add(self, visit: Visit) -> Response:
        """Keep a passkey that the browser has made."""
        form = await visit.form(AddForm)
        name, wrong = read_name(form.name.data)
        if wrong:
            form.name.errors = [visit.gettext(wrong)]
            return await self._list(visit, form)
        assert visit.signed_in is not None
        try:
            sent = read(form.credential.data or "")
            await self.keeping.add(visit.signed_in, sent, name)
        except Refused as refused:
            return await self._list(visit, form, refused.why)
        return visit.redirect("/me/passkeys?done=added")

    async def show_one(self, visit: Visit) -> Response:
        """Show one passkey, to name it anew or to remove it."""
        found = await self._one(visit)
        return self._one_page(visit, found, await visit.form(NameForm, data={"name": found.name}))

    async def rename(self, visit: Visit) -> Response:
        """Give a passkey another name."""
        form = await visit.form(NameForm)
        found = await self._one(visit)
        name, wrong = read_name(form.name.data)
        if wrong:
            form.name.errors = [visit.gettext(wrong)]
            return self._one_page(visit, found, form)
        await self.keeping.rename(visit.actor, found.id, name)
        return visit.redirect("/me/passkeys?done=renamed")

    async def remove(self, visit: Visit) -> Response:
        """Remove a passkey; one that is gone already is gone."""
        await visit.form(PortalForm)
        await self.keeping.remove(visit.actor, visit.id())
        return visit.redirect("/me/passkeys?done=removed")

    async def _one(self, visit: Visit) -> Passkey:
        async with self.keeping.db.read() as session:
            found = await passkey(session, visit.actor, visit.id())
        if found is None:
            raise NotFound
        return found

    def _one_page(self, visit: Visit, found: Passkey, form: NameForm) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        may_change = visit.actor.assurance is Assurance.GOVSSO
        return visit.render("me/passkey.html", status=status, passkey=found, form=form, may_change=may_change)

    async def _list(self, visit: Visit, form: AddForm, why: Why | None = None) -> Response:
        async with self.keeping.db.read() as session:
            own = await passkeys(session, visit.actor)
            vouched = await vouched_at(session, visit.actor)
        # Removed and used up: what was answered once is never sent again.
        form.credential.data = ""
        until = vouched + self.entering.life if vouched and own else None
        return visit.render(
            "me/passkeys.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if why or form.errors else HTTPStatus.OK,
            form=form,
            passkeys=own,
            until=until,
            asleep=until is not None and until <= visit.now,
            days=self.entering.life.days,
            most=MOST,
            may_change=visit.actor.assurance is Assurance.GOVSSO,
            why=why and str(why),
            done=visit.request.query_params.get("done"),
        )  # fmt: skip
