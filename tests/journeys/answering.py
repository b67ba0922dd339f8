"""Whole and right answers to every journey, as typed."""

from collections.abc import Callable, Mapping
from typing import Any, Final


def family_of_three() -> dict[str, Any]:
    """Whole and right answers: a mother, her son, her mother."""
    return {
        "kov": "0663",
        "residence": "Pikk tn 14–6, Rakvere",
        "lives_there": "yes",
        "phone": "5123 4567",
        "email": "mari@näide.ee",
        "contact_language": "et",
        "first_time": "no",
        "fourth_time": "no",
        "members": [
            {
                "key": "m0",
                "name": "Mari-Liis Männik",
                "code": "47101010033",
                "status": "employed",
                "has_income": "yes",
                "incomes": [{"key": "i0", "kind": "wage", "amount": "320,00 €"}],
                "register_incomes": [],
            },
            {
                "key": "m1",
                "name": "Karl Männik",
                "code": "5.3.2010",
                "relation": "child",
                "status": "pupil",
                "has_income": "yes",
                "incomes": [{"key": "i1", "kind": "maintenance", "amount": "100"}],
            },
            {
                "key": "m2",
                "name": "Aino Männik",
                "code": "1.1.1950",
                "relation": "parent",
                "status": "pensioner",
                "has_income": "no",
            },
        ],
        "has_undocumented": "no",
        "pays_maintenance": "no",
        "has_enforcement": "no",
        "dwelling_area": "48",
        "dwelling_rooms": "2",
        "cost_rent": "260",
        "cost_water": "18,40",
        "cost_electricity": "31.60",
        "cost_heating": "32 €",
        "cost_waste": "",
        "other_costs": [{"key": "c0", "kind": "gas", "amount": "10"}],
        "has_loan": "no",
        "iban": "EE38 2200 2210 2014 5685",
        "own_account": "yes",
        "delivery": "portal",
    }


def support_for_anybody() -> dict[str, Any]:
    """Whole and right answers, whoever asks for a support person and for whom."""
    return {
        "kov": "0663",
        "for_whom": "oneself",
        "school": "Näidise Kool",
        "safe_contact": ["hide"],
        "residence": "Näidise tn 3–12, Tallinn",
        "lives_there": "no",
        "actual_address": "Teise tn 1, Tallinn",
        "phone": "5123 4567",
        "email": "",
        "rep_phone": "5765 4321",
        "rep_email": "isa@naide.ee",
        "contact_language": "et",
        "goal": "Koolis on raske.\nVajan tuge.",
        "known_person": "yes",
        "known_name": "Peeter Saar",
        "known_contact": "5511 2233",
        "delivery": "email",
        "delivery_email": "isa@naide.ee",
    }


WHOLE: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "toimetulekutoetus": family_of_three,
    "tugiisik": support_for_anybody,
}
"""By journey; one that is missing here meets no bad values."""
