"""The decision on paper, in the words of SÜS § 26."""

from decimal import Decimal

from core_bridge.wire import Application, Decided, Outcome

from .pdf import pdf

OUTCOMES = {
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
    journey = application.journey
    text = [
        f"{application.authority.name}
Otsuse number: {decided.number}
"
        f"Kuupäev: {decided.decided_at:%d.%m.%Y}",
        f"Taotleja: {application.applicant.name}
"
        f"Taotlus: {journey.title or journey.id}, esitatud {application.sent_at:%d.%m.%Y}",
        f"Otsus: {OUTCOMES.get(decided.outcome, decided.outcome.value)}",
    ]
    if decided.amount is not None:
        text.append(f"Summa: {euros(decided.amount)}")
    if decided.calculation:
        lines = (f"{line.label}: {euros(line.amount)}" for line in decided.calculation)
        text.append("Arvutuskäik:\n" + "\n".join(lines))
    if decided.period:
        last = f" kuni {decided.period.last:%d.%m.%Y}" if decided.period.last else ""
        text.append(f"Kehtib alates {decided.period.first:%d.%m.%Y}{last}.")
    if decided.condition:
        text.append(f"Kõrvaltingimus: {decided.condition}")
    text.append(f"Põhjendus:\n{decided.reasons}")
    if decided.legal_basis:
        text.append("Õiguslik alus: " + "; ".join(decided.legal_basis))
    text.append(
        f"Otsuse peale võib esitada vaide {decided.challenge.within_days} päeva jooksul otsusest "
        f"teadasaamisest. Vaie esitatakse otsuse teinud asutusele: {decided.challenge.authority.name}."
    )
    if decided.official:
        text.append(f"{decided.official.name}\n{decided.official.role or ''}")
    return pdf(decided.title, text)
