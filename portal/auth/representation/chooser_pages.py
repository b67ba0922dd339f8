"""`/representation`: for whom the person may act, who acts for them, and what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from portal.access import Action
from portal.access.rights import RightState, right_of
from portal.auth.representation import queries, wishes
from portal.auth.representation.acting import Acting, Choice
from portal.auth.representation.kept import OFFICIAL
from portal.auth.representation.mandates.rules import SOURCE
from portal.auth.representation.sources import Asking, Representee
from portal.auth.representation.words import Names, Words
from portal.db import Database
from portal.identity import Ability, Right, is_child
from portal.ui import Page, PortalForm, Problem, Visit

KEPT: Final = frozenset({SOURCE, OFFICIAL})
_SHOWN: Final = timedelta(days=365)
_WAITS: Final = frozenset({RightState.OFFERED, RightState.ASKED, RightState.UNCHECKED})


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody for whom the person may act, in words."""

    name: str
    bare: str
    role: str
    meta: str
    source: str
    code: str
    chosen: bool
    may_listen: bool
    listens: bool
    right_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A right kept here as the page shows it: with whom, for what, and how it stands."""

    id: str
    name: str
    bare: str
    what: str
    meta: str
    state: str
    source: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The rights kept here, sorted by what the page shows of them."""

    held: list[Any] = field(default_factory=list)
    given: list[Any] = field(default_factory=list)
    mine_to_answer: list[Any] = field(default_factory=list)
    theirs_to_answer: list[Any] = field(default_factory=list)
    over: list[Any] = field(default_factory=list)
    copies: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ChooserPages:
    """The chooser, and the wish to be told of another's matters."""

    db: Database
    acting: Acting
    names: Names = field(default_factory=dict)

    def routes(self) -> Sequence[BaseRoute]:
        """List the pages."""
        return [
            Page("/representation", self.show, Action.READ_RIGHTS),
            Page("/representation/notices", self.notices, Action.CHANGE_CONTACTS, methods=["POST"]),
        ]

    async def show(self, visit: Visit) -> Response:
        """Show for whom the person may act, as the sources say at this moment."""
        assert visit.signed_in is not None
        form = await visit.form(PortalForm)
        async with self.db.read() as session:
            kept = sorted_out(await queries.kept(session, visit.actor), visit)
        asking = Asking(visit.actor.person, visit.signed_in.session_id)
        offers = await self.acting.offers(asking, without=KEPT)
        words = Words(visit, self.names)
        own = [_representee(row) for row in kept.held]
        found = [one for offer in offers for one in offer.representees]
        return visit.render(
            "representation/chooser.html",
            form=form,
            cards=[_card(one, kept, words) for one in (*found, *own)],
            silent=[words.silent(offer.source) for offer in offers if offer.silent],
            over=[_over(row, words) for row in kept.over],
            given=[standing(row, words, other="holder") for row in kept.given],
            mine_to_answer=[_waiting(row, words) for row in kept.mine_to_answer],
            theirs_to_answer=[_waiting(row, words) for row in kept.theirs_to_answer],
            child=_is_child(visit),
            done=visit.request.query_params.get("done"),
        )

    async def notices(self, visit: Visit) -> Response:
        """Take the wish to be told of somebody's matters, or not to be."""
        assert visit.signed_in is not None
        await visit.form(PortalForm)
        sent = await visit.data()
        source, code = str(sent.get("source", "")), str(sent.get("code", ""))
        if sent.get("wanted") != "y":
            async with self.db.write() as tx:
                await wishes.hush(tx, visit.actor, source, code, visit.now)
            return visit.redirect("/representation?done=hushed")
        found, outcome = await self.acting.found(visit.signed_in, source, code)
        if found is None or found.right is None or not found.right.allows(Ability.NOTICES):
            raise _not_now(outcome)
        async with self.db.write() as tx:
            await wishes.listen(tx, visit.actor, found, visit.now)
        return visit.redirect("/representation?done=listening")


def sorted_out(rows: Sequence[Any], visit: Visit) -> Kept:
    """Sort the rights kept here; what time has ended is over, whatever its row says."""
    kept, code = Kept(), visit.actor.person.code
    for row in rows:
        holder = row.who["holder"][0] == code
        if row.source not in KEPT:
            kept.copies.append(row)
        elif row.valid_until is not None and row.valid_until <= visit.now:
            if holder and row.accepted_at is not None:
                kept.over.append(row)
        elif row.state == RightState.ACTIVE:
            (kept.held if holder else kept.given).append(row)
        elif row.state in _WAITS:
            _put_waiting(kept, row, holder=holder)
        elif holder and row.accepted_at is not None:
            kept.over.append(row)
    return replace(kept, over=_latest(kept, visit))


def _put_waiting(kept: Kept, row: Any, *, holder: bool) -> None:
    if row.state == RightState.UNCHECKED:
        # Until the register has answered, only the one who gives it knows of an offer.
        if not (holder and row.begun_by == "grantor"):
            kept.theirs_to_answer.append(row)
    elif (row.state == RightState.OFFERED) == holder:
        kept.mine_to_answer.append(row)
    else:
        kept.theirs_to_answer.append(row)


def _latest(kept: Kept, visit: Visit) -> list[Any]:
    """Leave of what is over the last with each person, for a year, unless there is a new one."""
    current = {row.who["grantor"][0] for row in kept.held}
    latest: dict[str, Any] = {}
    for row in kept.over:
        over = row.ended_at or row.valid_until
        if row.who["grantor"][0] not in current and visit.now - over < _SHOWN:
            latest.setdefault(row.who["grantor"][0], row)
    return list(latest.values())


def standing(row: Any, words: Words, *, other: str) -> Standing:
    """Say how a right stands with the `other` of the two."""
    code, name = row.who[other]
    right = right_of(row)
    what = f"{words.acts_as(row.kind)} · {words.abilities(right.scope)}"
    meta = [words.matters(right.scope), words.source(row.source), words.until(row.valid_until)]
    return Standing(
        str(row.id), words.person(code, name), name, what, " · ".join(meta), row.state, row.source
    )


def _waiting(row: Any, words: Words) -> Standing:
    code = words.visit.actor.person.code
    return standing(row, words, other="grantor" if row.who["holder"][0] == code else "holder")


def _over(row: Any, words: Words) -> Standing:
    code, name = row.who["grantor"]
    return Standing(
        str(row.id), words.person(code, name), name, words.why_over(row), "", row.state, row.source
    )


def _representee(row: Any) -> Representee:
    code, name = row.who["grantor"]
    return Representee(row.source, code, name, right_of(row), row.id)


def _card(one: Representee, kept: Kept, words: Words) -> Card:
    actor = words.visit.actor
    right: Right | None = one.right
    meta = [words.source(one.source)]
    if right is not None:
        meta = [words.matters(right.scope), *meta, words.until(right.named_end)]
    ours = (*kept.held, *kept.copies)
    listens = any(
        row.notices and row.source == one.source and row.who["grantor"][0] == one.code for row in ours
    )
    return Card(
        words.person(one.code, one.name),
        one.name,
        words.role(one.code, right),
        " · ".join(meta),
        one.source,
        one.code,
        chosen=actor.party.code == one.code and not actor.for_self and actor.right.source == one.source,
        # What a source tells only when somebody is chosen, it is asked when notices are wished for.
        may_listen=right is None or right.allows(Ability.NOTICES),
        listens=listens,
        right_id=str(one.right_id or ""),
    )


def _is_child(visit: Visit) -> bool:
    return is_child(visit.actor.person.code, visit.today) is True


def _not_now(outcome: Choice) -> Problem:
    if outcome is Choice.SILENT:
        return Problem(
            "Õigust ei saanud praegu kontrollida",
            "Register ei vasta. Midagi ei muudetud. Proovige mõne minuti pärast uuesti.",
            status=503,
        )
    return Problem(
        "Selle inimese kohta Te teateid ei saa",
        "Õigust ei ole, see on lõppenud või ei luba teateid saada.",
        status=403,
    )
