"""The decision on paper, in the words of SÜS § 26."""

from decimal import Decimal

from core_bridge.wire import Application, Decided, Outcome

from .pdf import pdf

_OUTCOMES = {
    Outcome.GRANTED: "Toetus määrati.",
    Outcome.GRANTED_IN_PART: "Toetus määrati osaliselt.",
    Outcome.GRANTED_WITH_CONDITION: "Toetus määrati kõrvaltingimusega.",
    Outcome.REFUSED: "Toetuse andmisest keelduti.",
}


def euros(amount: Decimal) -> str:
    """Write an amount as in Estonian: 1 299,00 €."""
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",") + "\u00a0€"


def decision_paper(application: Application, decided: Decided) -> bytes:
    """Return the decision as a PDF."""
    journey, day = application.journey, "%d.%m.%Y"
    paragraphs = [
        _lines(
            application.authority.name,
            f"Otsuse number: {decided.number}",
            f"Kuupäev: {decided.decided_at:{day}}",
        ),
        _lines(
            f"Taotleja: {application.applicant.name}",
            f"Taotlus: {journey.title or journey.id}, esitatud {application.sent_at:{day}}",
        ),
        f"Otsus: {_OUTCOMES.get(decided.outcome, decided.outcome.value)}",
        *_content(decided),
        f"Otsuse peale võib esitada vaide {decided.challenge.within_days} päeva jooksul otsusest "
        f"teadasaamisest. Vaie esitatakse otsuse teinud asutusele: {decided.challenge.authority.name}.",
    ]
    if decided.official:
        paragraphs.append(_lines(decided.official.name, decided.official.role or ""))
    return pdf(decided.title, paragraphs)


def _content(decided: Decided) -> list[str]:
    """Write what SÜS § 26 demands: the amount, how it was worked out, from when to when, and why."""
    said = []
    if decided.amount is not None:
        said.append(f"Summa: {euros(decided.amount)}")
    if decided.calculation:
        said.append(
            _lines("Arvutuskäik:", *(f"{line.label}: {euros(line.amount)}" for line in decided.calculation))
        )
    if decided.period:
        last = f" kuni {decided.period.last:%d.%m.%Y}" if decided.period.last else ""
        said.append(f"Kehtib alates {decided.period.first:%d.%m.%Y}{last}.")
    if decided.condition:
        said.append(f"Kõrvaltingimus: {decided.condition}")
    said.append(_lines("Põhjendus:", decided.reasons))
    if decided.legal_basis:
        said.append(f"Õiguslik alus: {'; '.join(decided.legal_basis)}")
    return said


def _lines(*lines: str) -> str:
    return "\n".join(lines)
