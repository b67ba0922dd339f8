"""What the checks stand on: raw calls, good and bad, and messages that are plainly trials."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2

from core_bridge.clock import Clock
from core_bridge.signing import Signer, content_digest
from core_bridge.wire import (
    Answer,
    Applicant,
    Application,
    AuthorityRef,
    JourneyRef,
    PartyRef,
    RightRef,
    SubmittedBy,
)

# The state's public test identity for demonstrations (reference/test-persons.json); nobody's code.
_CODE, _NAME = "EE60001017869", "Uks Vastavuskontroll"


class Unmet(Exception):
    """A demand of the contract that the core does not meet."""


def demand(met: bool, words: str) -> None:
    """Go on only if the demand is met."""
    if not met:
        raise Unmet(words)


@dataclass(frozen=True, slots=True)
class Bench:
    """A core under test."""

    url: str
    audience: str
    signer: Signer
    clock: Clock
    authority: AuthorityRef
    journey: JourneyRef
    client: httpx2.AsyncClient

    async def call(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Make a call as the contract says, unless told otherwise."""
        given = {
            "Authorization": f"Bearer {token or self.signer.token(self.audience, body)}",
            "Content-Type": "application/json",
            **({"Content-Digest": content_digest(body)} if body else {}),
            **(headers or {}),
        }
        return await self.client.request(method, self.url.rstrip("/") + path, content=body, headers=given)

    def application(self, application_id: UUID, **changed: Any) -> Application:
        """Return an application that says it is a trial."""
        me = PartyRef(code=_CODE, name=_NAME)
        right = RightRef(kind="self", source="vastavuskontroll")
        said = Answer(id="trial", label_et="Vastavuskontroll", value="See on proov, mitte taotlus.")
        return Application(
            application_id=application_id,
            journey=self.journey,
            authority=self.authority,
            applicant=Applicant(code=_CODE, name=_NAME),
            submitted_by=SubmittedBy(person=me, right=right),
            answers=changed.pop("answers", (said,)),
            sent_at=self.clock.now(),
            content_hash="0" * 64,
        )


def address(application_id: UUID | None = None) -> str:
    """Return where an application is put."""
    return f"/v1/applications/{application_id or uuid4()}"


def must(answer: httpx2.Response, *statuses: int) -> None:
    """Demand one of the statuses."""
    demand(
        answer.status_code in statuses,
        f"{' or '.join(map(str, statuses))} expected, {answer.status_code} came",
    )
