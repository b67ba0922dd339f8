"""Where a visit to a draft stands: its step, the path so far, and what a form that came in changes."""

from dataclasses import dataclass, replace
from datetime import date

from starlette.datastructures import FormData
from starlette.responses import Response

from journeys import queries
from journeys.answers import (
    Answers,
    add_item,
    collect,
    count_at,
    remove_item,
    with_items_of,
    with_least_items,
)
from journeys.behalf import Behalf
from journeys.definition import Journey, Step
from journeys.facts import known_facts
from journeys.fields import FieldType
from journeys.flow import Path
from journeys.layout import Question
from journeys.loading import Catalogue
from journeys.permission import Barred, barred, by_right, who_may
from journeys.queries import Found
from journeys.reader import Reader
from journeys.sheets import Sheet, sheet
from journeys.terms import period_to_apply_for
from journeys.words import Period
from portal.db import Database
from portal.ui import NotFound, Visit


@dataclass(frozen=True, slots=True)
class Standing:
    """The draft, its journey, the step of the address, and the path for the answers."""

    draft: Found
    journey: Journey
    step: Step
    path: Path
    reader: Reader

    @property
    def done(self) -> list[str]:
        """The steps gone through."""
        done: list[str] = self.draft.done.split()
        return done

    @property
    def is_on_path(self) -> bool:
        """Tell whether the step is asked at all; another window may have answered so that it is not."""
        return self.path.scope.holds(self.step.when)

    @property
    def next(self) -> str:
        """The step after this one, or the review."""
        route = [step.id for step in self.path.route()]
        here = route.index(self.step.id)
        return route[here + 1] if here + 1 < len(route) else "review"

    def sheet(self) -> Sheet:
        """Lay the step out."""
        return sheet(self.path, self.step, self.reader, known_facts(self.draft.facts))

    def saying(self, answers: Answers) -> "Standing":
        """Return the same place with other answers."""
        return replace(self, path=self.path.saying(answers))

    def came(self, sent: FormData, seen: int) -> Answers:
        """Return all answers with those that a form sent for this step, which saw that revision."""
        if self.step.scope is None:
            return dict(self.draft.answers)
        # Lists that an answer has just opened start with the items they cannot do without.
        answers = with_least_items(self.step.scope, collect(self.step.scope, sent, self.draft.answers))
        return answers if seen == self.draft.revision else self.joined(answers)

    def joined(self, answers: Answers) -> Answers:
        """Return answers of a stale page with whatever has been added to its lists since."""
        scope = self.step.scope
        return with_items_of(scope, answers, self.draft.answers) if scope else answers

    def is_contradicted_by(self, answers: Answers) -> bool:
        """Tell whether answers say something else than what is kept."""
        scope = self.step.scope
        return scope is not None and answers != with_least_items(scope, self.draft.answers)

    def looks_different_with(self, answers: Answers) -> bool:
        """Tell whether other answers open or close questions of this step, or change a sum on it."""
        before = list(self.path.asked(self.step))
        after = list(self.saying(answers).path.asked(self.step))
        if [each.name for each in before] != [each.name for each in after]:
            return True
        sums = self.step.scope is not None and self.step.scope.has_sums
        return sums and any(
            old.raw != new.raw and new.field.type is FieldType.MONEY
            for old, new in zip(before, after, strict=True)
        )

    def changed_list(self, sent: FormData, answers: Answers) -> tuple[Answers, str] | None:
        """Return the answers after "Lisa …" or "Eemalda" was pressed, and where on the page to go."""
        scope = self.step.scope
        if scope is None:
            return None
        if path := sent.get("add"):
            changed = add_item(scope, answers, str(path)[:100])
            # The new item is the last of its list, wherever the list stands.
            return changed, f"#{path}-{count_at(changed, str(path)) - 1}" if changed != answers else ""
        if path := sent.get("remove"):
            return remove_item(scope, answers, str(path)[:100]), ""
        return None

    def words(self, question: Question) -> str:
        """Say an answer."""
        return self.reader.value(question.asked, self.path.read(question.asked))


async def draft_of(visit: Visit, db: Database, catalogue: Catalogue) -> tuple[Found, Journey] | Response:
    """Return the draft of the address and its journey, or the way to the receipt once it was sent.

    Who may not file that journey is told so instead. Raises `NotFound` for what the actor may not see.
    """
    async with db.read() as session:
        draft = await queries.draft(session, visit.actor, visit.id())
        if draft is None and await queries.application(session, visit.actor, visit.id()) is not None:
            return visit.redirect(f"/receipts/{visit.id()}")
    journey = catalogue.get(draft.journey) if draft else None
    if draft is None or journey is None:
        raise NotFound
    why = barred(journey, visit.actor)
    return refusal_page(visit, journey, why) if why else (draft, journey)


def refusal_page(visit: Visit, journey: Journey, why: Barred) -> Response:
    """Say that this journey cannot be filed so, who may file it, and what to do instead."""
    return visit.render(
        "journeys/barred.html",
        status=403,
        journey=journey,
        why=why,
        who=who_may(journey, visit.gettext),
        right=by_right(visit.actor.right.kind, visit.gettext),
    )


def path_of(visit: Visit, draft: Found, journey: Journey) -> Path:
    """Lay out the path of a draft for who is looking at it."""
    behalf = Behalf.of(visit.actor, visit.today, draft.person_id)
    return Path.of(journey, draft.answers, visit.today, behalf)


def reader_of(visit: Visit, draft: Found) -> Reader:
    """Return the reader of a draft: the visitor, its month, whether it is their own."""
    period = Period.parse(draft.period) if draft.period else None
    return Reader(visit.lang, visit.gettext, period, visit.actor.for_self)


def month_passed(journey: Journey, draft: Found, today: date) -> str:
    """Return the month that can be applied for now, when the draft's own has passed."""
    month = period_to_apply_for(journey, today)
    return str(month) if month and draft.period and str(month) != draft.period else ""
