"""`/representation/give`, `/ask` and the page of one right: the forms, and what became of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response
from starlette.routing import BaseRoute

from portal.access import Action
from portal.access.rights import RightState
from portal.auth.representation import queries
from portal.auth.representation.kept import Capable, OnLoss
from portal.auth.representation.mandates import acts, rules, store
from portal.auth.representation.mandates.acts import Act
from portal.auth.representation.mandates.forms import (
    AnswerForm,
    Choices,
    PersonForm,
    TermsForm,
    written_terms,
)
from portal.auth.representation.mandates.rules import Fault, NotPossible, Side, Terms, latest_day
from portal.auth.representation.sources import Silent
from portal.auth.representation.words import Names, Words
from portal.db import Database, Session
from portal.identity import Actor
from portal.texts.words import day_record
from portal.ui import NotFound, Page, PortalForm, Problem, Visit

OwnMatter = tuple[UUID, str, datetime]
MattersOf = Callable[[Session, Actor], Awaitable[Sequence[OwnMatter]]]
"""Lists a person's own matters, each with its journey and the moment it was sent, for a mandate that is for one."""


def _(text: str) -> str:
    return text


async def no_matters(_session: Session, _actor: Actor) -> Sequence[OwnMatter]:
    """Know of no matters."""
    return ()


@dataclass(frozen=True, slots=True)
class MandatePages:
    """Giving, asking, accepting, declining and ending; whoever gives is asked about in the population register."""

    db: Database
    capable: Capable
    on_loss: OnLoss
    names: Names = field(default_factory=dict)
    matters: MattersOf = no_matters

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        read, act, one = Action.READ_RIGHTS, Action.GRANT_RIGHTS, "/representation/{id:uuid}"
        return [
            Page("/representation/give", self.giving, read),
            Page("/representation/give", self.give, act, methods=["POST"]),
            Page("/representation/ask", self.asking, read),
            Page("/representation/ask", self.ask, act, methods=["POST"]),
            Page(one, self.show, read),
            Page(f"{one}/accept", self.accept, act, methods=["POST"]),
            Page(f"{one}/grant", self.grant, act, methods=["POST"]),
            Page(f"{one}/decline", self.decline, act, methods=["POST"]),
            Page(f"{one}/end", self.end, act, methods=["POST"]),
        ]

    async def giving(self, visit: Visit) -> Response:
        """Show the form by which a mandate is given."""
        return self._form_page(visit, Side.GRANTOR, await self._person_form(visit, Side.GRANTOR))

    async def asking(self, visit: Visit) -> Response:
        """Show the form by which somebody is asked for a mandate."""
        return self._form_page(visit, Side.HOLDER, await self._person_form(visit, Side.HOLDER))

    async def give(self, visit: Visit) -> Response:
        """Offer a mandate; with a silent register it waits for that."""
        return await self._begin(visit, Side.GRANTOR)

    async def ask(self, visit: Visit) -> Response:
        """Ask somebody for a mandate."""
        return await self._begin(visit, Side.HOLDER)

    async def _begin(self, visit: Visit, side: Side) -> Response:
        form = await self._person_form(visit, side)
        terms, person = form.terms(visit), form.person(visit)
        if terms is None or person is None:
            return self._form_page(visit, side, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        act = Act(visit.actor, visit.now)
        mandate_id = form.once_only_id(act.code.encode(), person[0].encode(), side.encode())
        try:
            # What the form alone shows to be impossible is no question for the register.
            _check(act, side, mandate_id, person[0], terms)
            checked = side is Side.HOLDER or await self._able(act.code)
            async with self.db.write() as tx:
                begun = await acts.begin(tx, act, mandate_id, side, person, terms, checked=checked)
        except NotPossible as reason:
            form.refuse(visit, reason.fault)
            return self._form_page(visit, side, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        return visit.redirect(f"/representation/{begun}?done=begun")

    async def show(self, visit: Visit) -> Response:
        """Show one right to the two whom it concerns."""
        row = await self._row(visit)
        return await self._one_page(visit, row, await self._answer_form(visit, row))

    async def accept(self, visit: Visit) -> Response:
        """Accept an offer; the one who offered it may have lost the capacity to since."""
        form = await visit.form(AnswerForm)
        row = await self._row(visit)
        if row.state == RightState.OFFERED:
            await self._ask_about(row.who["grantor"][0])
        return await self._accepted(visit, row, notices=bool(form.notices.data))

    async def grant(self, visit: Visit) -> Response:
        """Say yes to somebody who asked, with the same terms or others; a silent register is waited for."""
        row = await self._row(visit)
        form = await self._answer_form(visit, row)
        if not isinstance(form, TermsForm):
            return await self._accepted(visit, row)
        terms = form.terms(visit)
        if terms is None:
            return await self._one_page(visit, row, form, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            rules.check_terms(terms, visit.now)
            return await self._accepted(
                visit, row, terms=terms, checked=await self._able(visit.actor.person.code)
            )
        except NotPossible as reason:
            form.refuse(visit, reason.fault)
            return await self._one_page(visit, row, form, HTTPStatus.UNPROCESSABLE_ENTITY)

    async def _accepted(
        self,
        visit: Visit,
        row: Any,
        *,
        checked: bool = True,
        terms: Terms | None = None,
        notices: bool = False,
    ) -> Response:
        act = Act(visit.actor, visit.now)
        try:
            async with self.db.write() as tx:
                await acts.accept(tx, act, row.id, checked=checked, terms=terms, notices=notices)
        except NotPossible as reason:
            if terms is not None and reason.fault is Fault.FOR_ANOTHER:
                raise
            raise _refused(reason.fault) from reason
        return visit.redirect(f"/representation/{row.id}?done=accepted")

    async def decline(self, visit: Visit) -> Response:
        """Decline what waits for the person."""
        return await self._ended(visit, acts.decline, "declined")

    async def end(self, visit: Visit) -> Response:
        """End a mandate with one click, by either of the two."""
        return await self._ended(visit, acts.end, "ended")

    async def _ended(self, visit: Visit, way: Callable[..., Awaitable[None]], done: str) -> Response:
        await visit.form(PortalForm)
        row = await self._row(visit)
        try:
            async with self.db.write() as tx:
                await way(tx, Act(visit.actor, visit.now), row.id)
        except NotPossible as reason:
            raise _refused(reason.fault) from reason
        return visit.redirect(f"/representation/{row.id}?done={done}")

    async def _ask_about(self, grantor: str) -> None:
        try:
            able = await self._able(grantor)
        except NotPossible as reason:
            raise _refused(reason.fault) from reason
        if not able:
            raise Problem(
                _("Volitust ei saanud praegu kontrollida"),
                _("Rahvastikuregister ei vasta. Pakkumine on alles. Proovige mõne minuti pärast uuesti."),
                status=503,
            )

    async def _able(self, code: str) -> bool:
        """Tell whether somebody may give a mandate: False when the register is silent; raises `NotPossible`."""
        try:
            capacity = await self.capable(code)
        except Silent:
            return False
        if not capacity.full:
            await self.on_loss(code)
            raise NotPossible(Fault.CAPACITY)
        return True

    async def _row(self, visit: Visit) -> Any:
        async with self.db.read() as session:
            row = await queries.one(session, visit.actor, visit.id())
        if row is None or row.begun_by == "copy":
            raise NotFound
        hidden = row.state == RightState.UNCHECKED and row.begun_by == Side.GRANTOR
        if hidden and row.who["grantor"][0] != visit.actor.person.code:
            raise NotFound
        return row

    async def _person_form(self, visit: Visit, side: Side) -> PersonForm:
        limits = await self._limits(visit, matters=side is Side.GRANTOR)
        last_day = latest_day(visit.today)
        data = {
            "extent": "all",
            "level": "send",
            "notices": True,
            "last_day": day_record(last_day, visit.lang),
        }
        return await visit.form(PersonForm, visit=visit, limits=limits, data=data)

    async def _answer_form(self, visit: Visit, row: Any) -> PortalForm:
        mine = row.who["grantor"][0] == visit.actor.person.code
        if not (mine and row.source == rules.SOURCE and row.state == RightState.ASKED):
            return await visit.form(AnswerForm, data={"notices": True})
        limits = await self._limits(visit, matters=True)
        data = written_terms(store.mandate_of(row).terms)
        return await visit.form(TermsForm, visit=visit, limits=limits, data=data)

    async def _limits(self, visit: Visit, *, matters: bool) -> Choices:
        """List what a mandate may be limited to: every service, and the person's own matters."""
        words = Words(visit, self.names)
        services = [(f"service:{journey}", words.service(journey)) for journey in self.names]
        if not (matters and visit.actor.for_self):
            return services
        async with self.db.read() as session:
            own = await self.matters(session, visit.actor)
        return [*services, *((f"matter:{one[0]}", words.sent_matter(*one[1:])) for one in own)]

    def _form_page(self, visit: Visit, side: Side, form: PersonForm, status: int = HTTPStatus.OK) -> Response:
        return visit.render(
            "representation/begin.html", status=status, form=form, giving=side is Side.GRANTOR,
            latest=day_record(latest_day(visit.today), visit.lang),
        )  # fmt: skip

    async def _one_page(
        self, visit: Visit, row: Any, form: PortalForm, status: int = HTTPStatus.OK
    ) -> Response:
        return visit.render(
            "representation/right.html", status=status, form=form, done=visit.request.query_params.get("done"),
            latest=day_record(latest_day(visit.today), visit.lang), **_shown(visit, row, Words(visit, self.names)),
        )  # fmt: skip


_REFUSED: Final[Mapping[Fault, tuple[str, str]]] = {
    Fault.OVER: (
        _("See volitus enam vastust ei oota"),
        _("Selle aeg on läbi või on see juba lõpetatud. Vaadake, kuidas see praegu on."),
    ),
    Fault.FOR_ANOTHER: (
        _("Volitusi saate vastu võtta ja anda ainult enda nimel"),
        _(
            "Praegu tegutsete kellegi teise eest. Minge tagasi enda nimele ja proovige uuesti. Midagi ei muudetud."
        ),
    ),
    Fault.CAPACITY: (
        _("Volitust ei saa vastu võtta"),
        _("Rahvastikuregistri järgi ei saa volituse andja praegu volitust anda."),
    ),
}
_OTHERWISE: Final = (_("Seda ei saa teha"), _("Volitus ei oota Teie vastust. Midagi ei muudetud."))


def _refused(fault: Fault) -> Problem:
    return Problem(*_REFUSED.get(fault, _OTHERWISE), status=409)


def _check(act: Act, side: Side, mandate_id: UUID, code: str, terms: Terms) -> None:
    if not act.actor.for_self:
        raise NotPossible(Fault.FOR_ANOTHER)
    pair = (act.code, code) if side is Side.GRANTOR else (code, act.code)
    rules.begun(mandate_id, side, *pair, terms, act.at)


def _shown(visit: Visit, row: Any, words: Words) -> dict[str, Any]:
    mine = row.who["grantor"][0] == visit.actor.person.code
    state = row.state
    if row.valid_until is not None and row.valid_until <= visit.now and state == RightState.ACTIVE:
        state = RightState.EXPIRED
    code, name = row.who["holder" if mine else "grantor"]
    scope = frozenset(row.scope)
    return {
        "right": row,
        "state": str(state),
        "mine": mine,
        "official": row.source != rules.SOURCE,
        "asked": row.begun_by == Side.HOLDER,
        "name": words.person(code, name)
        if row.accepted_at or mine != (row.begun_by == Side.GRANTOR)
        else name,
        "code": code.removeprefix("EE") if row.accepted_at or mine == (row.begun_by == Side.GRANTOR) else "",
        "matters": words.matters(scope),
        "abilities": words.abilities(scope),
        "may_notices": "notices" in scope,
        "source": words.source(row.source),
        "until": words.until(row.valid_until),
        "over": words.why_over(row) if state in (RightState.ENDED, RightState.EXPIRED) else "",
    }
