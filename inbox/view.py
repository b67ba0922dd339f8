"""What every page of Minu suhtlus knows while it makes its words: the language, the day, the services."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from inbox.model.doers import Viewer
from inbox.model.freshness import Freshness, freshness
from inbox.model.legal_clock import LegalClock, legal_clock
from inbox.model.services import Service, Services
from inbox.model.speech import Speech, speech
from portal.authorities import Authority, authority
from portal.clock import TALLINN
from portal.ui import Visit


@dataclass(frozen=True, slots=True)
class View:
    """One page in the making."""

    speech: Speech
    services: Services
    now: datetime
    today: date
    viewer: Viewer

    @classmethod
    def of(cls, visit: Visit, services: Services) -> "View":
        """Begin a page for a visit."""
        viewer = Viewer(visit.actor.person.code, visit.actor.party.is_legal_entity)
        return cls(speech(visit.lang), services, visit.now, visit.today, viewer)

    def path(self, path: str) -> str:
        """Put the language before a path."""
        return f"/{self.speech.lang}{path}"

    def service(self, row: Any) -> Service | None:
        """Find the service of a matter that began with an application."""
        return self.services(row.journey) if row.journey else None

    def title(self, row: Any, *, year: bool = False) -> str:
        """Name a matter: by its service and month, or as its authority named it."""
        service = self.service(row)
        if service is None:
            return str(row.words.get("title") or self.speech.gettext("Taotlus"))
        name = service.names[self.speech.lang]
        name = name[:1].upper() + name[1:]
        if row.period is None:
            return name
        other_year = row.period[:4] != str(self.today.year)
        return f"{name}, {self.speech.month(row.period, year=year or other_year)}"

    def title_language(self, row: Any) -> str:
        """Give the language of a title, when it is not that of the page: authorities write Estonian.

        What the person has sent themselves may be in any language.
        """
        told = self.service(row) is None and row.words.get("title") and row.sent_at is None
        return "et" if told and self.speech.lang != "et" else ""

    def freshness(self, row: Any) -> Freshness:
        """Tell how fresh what is known of a matter is."""
        return freshness(
            self.now,
            read_at=row.feed_read_at,
            failing_since=row.feed_failing_since,
            behind_since=row.behind_since,
        )

    def legal_clock(self, row: Any) -> LegalClock:
        """Tell when the decision comes."""
        service, extended = self.service(row), row.words.get("extendedUntil")
        return legal_clock(
            row.state,
            service.decision if service else None,
            self.today,
            sent_on=legal_day(row.sent_at),
            complete_on=legal_day(row.complete_at),
            extended_until=date.fromisoformat(extended) if extended else None,
        )

    def task_title(self, words: Any) -> str:
        """Name the next task: the authority's own words, or ours for a file that must be sent again."""
        if words.get("taskFile"):
            return self.speech.gettext("Lisage uus fail: %(name)s", name=words["taskFile"])
        return str(words.get("task") or self.speech.gettext("Vastake asutusele"))


def authority_of(row: Any) -> Authority:
    """Find the authority of a matter; one that is not in our list is called as its core called it."""
    try:
        return authority(row.authority_code)
    except KeyError:
        name = row.words.get("authority") or row.authority_code
        return Authority(row.authority_code, name, "", "amet", "", "")


def legal_day(at: datetime | None) -> date | None:
    """Give the legal day of a moment."""
    return at.astimezone(TALLINN).date() if at else None


def matter_path(row: Any) -> str:
    """Give the address of a line: of a thread, its letters are all there is to see."""
    if row.kind == "draft":
        return f"/drafts/{row.id}"
    return f"/inbox/{row.id}/messages" if row.kind == "thread" else f"/inbox/{row.id}"


def task_path(row: Any) -> str:
    """Give the address where the person does what is asked next."""
    task: UUID | None = row.next_task_id
    return f"/inbox/{row.id}/tasks/{task}" if task else f"/inbox/{row.id}/messages"
