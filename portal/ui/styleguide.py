"""The sample fields of the page that shows every part of the look (demo only)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import Response
from wtforms import (  # type: ignore[attr-defined]
    BooleanField,
    DateField,
    Form,
    MultipleFileField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from portal.access import Action
from portal.ui.routing import Page
from portal.ui.visit import Visit

_FIRST_WORKING_DAY: Final = date(2026, 11, 18)
_YES_NO: Final = (SelectChoice("no", "Ei"), SelectChoice("yes", "Jah"))


class _Sample(Form):
    phone = StringField("Telefon", [InputRequired()], description="Helistame sellele numbrile.")
    wrong_phone = StringField(
        "Telefon", [InputRequired()], id="wrong-phone", render_kw={"autocomplete": "tel"}
    )
    email = StringField("E-post", render_kw={"autocomplete": "email", "inputmode": "email"})
    rents = RadioField("Kas üürite kodu?", [InputRequired()], choices=_YES_NO)
    other = RadioField("Kas saite muid sissetulekuid?", [InputRequired()], choices=_YES_NO)
    confirm = BooleanField("Kinnitan, et andmed on õiged.", [InputRequired()])
    kind = SelectField(
        "Sissetuleku liik",
        [InputRequired()],
        choices=[SelectChoice(word) for word in ("Elatis", "Pension", "Töötasu")],
    )
    amount = StringField("Kätte saadud summa", [InputRequired()])
    rent = StringField("Üür", [InputRequired()])
    water = StringField("Vesi ja kanalisatsioon", [InputRequired()])
    born = DateField("Sünnikuupäev", [InputRequired()])
    needs = SelectMultipleField(
        "Milles on abi vaja?", choices=[SelectChoice(word) for word in ("Toit", "Riided", "Eluase")]
    )
    words = TextAreaField("Teie kiri", [InputRequired()], description="Kirjutage nii, nagu ütleksite.")
    files = MultipleFileField("Lisa failid", description="Võite valida mitu faili korraga.")


def styleguide_context() -> Mapping[str, Any]:
    """Give the page its form, with two mistakes in it, and the days of its clock."""
    form = _Sample(
        data={
            "phone": "5123 4567",
            "wrong_phone": "51-23",
            "rents": "yes",
            "confirm": True,
            "kind": "Elatis",
            "amount": "100,00",
            "rent": "260,00",
            "born": date(2010, 5, 14),
            "needs": ["Toit"],
        }
    )
    form.wrong_phone.errors = ["Kirjutage number, näiteks 5123 4567"]
    form.other.errors = ["Valige, kas saite muid sissetulekuid"]
    days = [_FIRST_WORKING_DAY + timedelta(days=ahead) for ahead in (0, 1, 2, 5, 6)]
    return {"form": form, "clock_days": days}


def styleguide_page() -> Page:
    """Give the route of the page; it is served in the demo only."""

    async def show(visit: Visit) -> Response:
        return visit.render("styleguide.html", **styleguide_context())

    return Page("/styleguide", show, Action.READ_OPEN_PAGES)
