"""What a citizen hands over in the tests."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from core_bridge.wire import (
    Answer,
    Applicant,
    Application,
    Author,
    AuthorityRef,
    AuthorKind,
    Challenge,
    Contacts,
    DecisionReceipt,
    FileRef,
    JourneyRef,
    Message,
    PartyRef,
    RegisterValue,
    Reply,
    RightRef,
    SubmittedBy,
    Withdrawal,
)

NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
JAAK = PartyRef(code="EE38001085718", name="Jaak-Kristjan Jõeorg")
RAKVERE = AuthorityRef(code="0663", name="Rakvere Linnavalitsus")
BY_SELF = SubmittedBy(person=JAAK, right=RightRef(kind="self", source="govsso"))


def file_ref(content: bytes, name: str = "üürileping.pdf", file_id: UUID | None = None) -> FileRef:
    return FileRef(
        file_id=file_id or uuid4(),
        slot="housing",
        name=name,
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def application(application_id: UUID | None = None, **changed: Any) -> Application:
    name = Answer(id="name", label_et="Nimi", value="Mari Näidis")
    given: dict[str, Any] = {
        "application_id": application_id or uuid4(),
        "journey": JourneyRef(id="toimetulekutoetus", version=1, title="Toimetulekutoetus"),
        "authority": RAKVERE,
        "applicant": Applicant(
            code=JAAK.code, name=JAAK.name, contacts=Contacts(email="jaak@example.ee", phone="+372 5550 0000")
        ),
        "submitted_by": BY_SELF,
        "answers": (
            Answer(
                id="residence",
                label_et="Elukoht",
                value="Tallinna 5, Rakvere",
                register_value=RegisterValue(value="Pikk 1, Rakvere", source="Rahvastikuregister", as_of=NOW),
            ),
            Answer(id="rent", label_et="Üür", value="250.00", text_et="250,00 €"),
            Answer(id="shares", label_et="Elan koos teistega", value=True),
            Answer(id="members", label_et="Pereliige", rows=((name,), (name,))),
        ),
        "sent_at": NOW,
        "content_hash": "a" * 64,
    }
    return Application(**{**given, **changed})


def reply(task_id: str, **changed: Any) -> Reply:
    given: dict[str, Any] = {
        "reply_id": uuid4(),
        "task_id": task_id,
        "submitted_by": BY_SELF,
        "text": "Lisan üürilepingu.",
        "sent_at": NOW,
    }
    return Reply(**{**given, **changed})


def message(**changed: Any) -> Message:
    given: dict[str, Any] = {
        "message_id": uuid4(),
        "thread_id": str(uuid4()),
        "party": JAAK,
        "author": Author(kind=AuthorKind.CITIZEN, name=JAAK.name, code=JAAK.code, right=BY_SELF.right),
        "authority": RAKVERE,
        "title": "Küsimus",
        "text": "Kuhu saan pöörduda?",
        "sent_at": NOW,
    }
    return Message(**{**given, **changed})


def withdrawal() -> Withdrawal:
    return Withdrawal(submitted_by=BY_SELF, reason="Sain tööle.", sent_at=NOW)


def receipt() -> DecisionReceipt:
    return DecisionReceipt(opened_by=JAAK, opened_at=NOW, made_available_at=NOW)


def challenge(decision_id: str) -> Challenge:
    return Challenge(
        challenge_id=uuid4(),
        decision_id=decision_id,
        submitted_by=BY_SELF,
        why="Üür jäi arvestamata.",
        demand="Palun arvestada üür.",
        no_court_case=True,
        sent_at=NOW,
    )
