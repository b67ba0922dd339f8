"""The forms on the page of one application, and what each does."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import update
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.reference_core import casework, correspondence, decisions, intake
from core_bridge.reference_core.casework import Act
from core_bridge.reference_core.database import CoreDatabase
from core_bridge.reference_core.tables import PaperRow

from . import forms
from .matter import Matter, matter, missing, shown
from .visit import Door, Visit

Doing = Callable[[Act, Matter, Any], Awaitable[None]]


async def register(act: Act, on: Matter, form: forms.Register) -> None:
    """Open the proceeding."""
    await casework.register(act, on.application, complete=form.complete == "yes")


async def message(act: Act, on: Matter, form: forms.Letter) -> None:
    """Write to the citizen, in the thread of this matter if there is one."""
    await correspondence.write(
        act,
        party=on.application.applicant,
        authority=on.application.authority,
        text=form.text,
        title=form.title,
        thread_id=on.messages[-1].thread_id if on.messages else None,
        application_id=on.application.application_id,
        proceeding_id=on.proceeding.id if on.proceeding else None,
    )


async def decide(act: Act, on: Matter, form: forms.Decide) -> None:
    """Make the decision."""
    assert on.proceeding is not None  # `possible` has seen to it
    ruling = decisions.Ruling(**{name: getattr(form, name) for name in forms.Decide.model_fields})
    await decisions.decide(act, on.proceeding, on.application, ruling)


async def challenge(act: Act, on: Matter, form: forms.Settle) -> None:
    """Decide a vaie."""
    assert on.proceeding is not None
    for row, paper in on.papers:
        if row.kind == "challenge" and getattr(paper, "challenge_id", None) == form.challenge_id:
            await act.tx.execute(update(PaperRow).where(PaperRow.path == row.path).values(settled=True))
            satisfied = form.satisfied == "yes"
            await decisions.settle_challenge(
                act, on.proceeding, form.challenge_id, satisfied=satisfied, text=form.text
            )


def _plain(do: Callable[..., Awaitable[None]]) -> Doing:
    """Pass the form's fields on by their names."""

    async def doing(act: Act, on: Matter, form: BaseModel) -> None:
        await do(act, on.proceeding, **{name: getattr(form, name) for name in type(form).model_fields})

    return doing


def _granted(do: Callable[..., Awaitable[None]]) -> Doing:
    """Pass the application on too: a benefit is told with it."""

    async def doing(act: Act, on: Matter, form: BaseModel) -> None:
        told = {name: getattr(form, name) for name in type(form).model_fields}
        await do(act, on.proceeding, on.application, **told)

    return doing


ACTS: Mapping[str, tuple[type[BaseModel], Doing]] = {
    "register": (forms.Register, register),
    "ask": (forms.Ask, _plain(casework.ask)),
    "cancel": (forms.Cancel, _plain(casework.cancel_request)),
    "third": (forms.Third, _plain(casework.wait_for_third)),
    "continue": (forms.Empty, _plain(casework.go_on)),
    "extend": (forms.Extend, _plain(casework.extend)),
    "hearing": (forms.Hearing, _plain(casework.open_hearing)),
    "unexamined": (forms.Reason, _plain(casework.leave_unexamined)),
    "message": (forms.Letter, message),
    "decide": (forms.Decide, decide),
    "in-force": (forms.Empty, _granted(decisions.put_in_force)),
    "end": (forms.Reason, _granted(decisions.end)),
    "challenge": (forms.Settle, challenge),
}


@dataclass(frozen=True, slots=True)
class ActScreens:
    """What the forms are sent to."""

    door: Door
    db: CoreDatabase

    def routes(self) -> Sequence[BaseRoute]:
        """List the addresses."""
        return [self.door.act("/applications/{id:uuid}/{act}", self.act)]

    async def act(self, visit: Visit, typed: FormData) -> Response:
        """Do it once; what is not possible any more changes nothing and shows how it stands."""
        name, application_id = visit.request.path_params["act"], visit.request.path_params["id"]
        if name not in ACTS:
            return missing(visit)
        form, do = ACTS[name]
        bound, errors = forms.bind(form, typed)
        async with self.db.write() as tx:
            found = await matter(tx, visit.official, application_id)
            if found is None:
                return missing(visit)
            if errors:
                return shown(visit, found, status=422, failed=name, typed=typed, errors=errors)
            first = await _first_time(tx, visit, typed)
            if first and name in found.possible:
                await do(Act(tx, visit.core, visit.now, visit.by), found, bound)
        return visit.redirect(f"/applications/{application_id}")


async def _first_time(tx: Any, visit: Visit, typed: FormData) -> bool:
    try:
        once = UUID(str(typed.get("once", "")))
    except ValueError:
        return False
    _, first = await intake.once(tx, f"screen/{once}", visit.official.id.encode(), visit.now)
    return first
