"""The built look and its macros: light enough, strict enough, and tied together for a screen reader."""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from wtforms import FieldList, Form, FormField, RadioField, SelectChoice, StringField  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from portal.texts import Texts
from portal.ui.static import BUILT
from portal.ui.styleguide import styleguide_context

TEMPLATES = Path(__file__).parents[3] / "templates"
NOW = datetime(2026, 11, 17, 12, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load()


def page(texts: Texts, template: str, **context: object) -> str:
    frame = {
        "signed_in": None,
        "actor": None,
        "waiting": 0,
        "csrf": "",
        "here": "/et/styleguide",
        "url": lambda path: f"/et{path}",
        "static": lambda name: f"/static/v/{name}",
        "language_links": [
            ("et", "Eesti keeles", "/et/styleguide", True),
            ("en", "In English", "/en/styleguide", False),
        ],
        "now": NOW,
    }
    return texts.render(template, "et", {**frame, **context})


def macro(texts: Texts, file: str, name: str, *args: object, **kwargs: object) -> str:
    module = texts.environments["et"].get_template(f"components/{file}.html").module
    return str(getattr(module, name)(*args, **kwargs))


def packed(*names: str) -> int:
    return sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in names)


def test_the_styleguide_shows_every_part(texts):
    html = page(texts, "styleguide.html", **styleguide_context())
    assert html.count("<h1") == 1
    assert "Parandage 2 kohta" in html
    assert "<title>Viga: Osad ja olekud – Uks</title>" in re.sub(r"\s+", " ", html)


def test_a_page_without_mistakes_has_a_plain_title(texts):
    assert "Viga:" not in page(
        texts, "problem.html", title="Seda lehte ei ole", text="Vaadake avalehelt.", incident=None
    )


def test_the_look_of_a_page_is_light():
    assert packed("app.css", "icons.svg") < 13_500
    assert packed("app.js") <= 8 * 1024
    fonts = sum((BUILT / "fonts" / f"roboto-latin-{weight}.woff2").stat().st_size for weight in (400, 700))
    assert packed("app.css", "icons.svg", "app.js") + fonts < 80_000


def test_every_icon_that_a_template_names_is_in_a_sprite():
    drawn = set(
        re.findall(
            r'<symbol id="(\w+)"',
            "".join((BUILT / f"{name}.svg").read_text() for name in ("icons", "icons-home")),
        )
    )
    named = set()
    for template in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r'sprite }}#(\w+)"', template.read_text()))
        named |= set(re.findall(r"""\bicon(?:_after|_of)?(?:=|\()"(\w+)\"""", template.read_text()))
    assert named <= drawn


def test_the_icons_addresses_follow_their_content():
    addresses = (TEMPLATES / "components" / "built.html").read_text()
    assert re.search(r'"/static/[0-9a-f]{12}/icons\.svg"', addresses)


def test_no_template_carries_a_style_or_a_script_of_its_own():
    for template in (path for path in TEMPLATES.rglob("*.html") if "emails" not in path.parts):
        text = template.read_text()
        assert not re.search(r"<[^>{]+\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", text), template


class Income(Form):
    kind = RadioField(
        "Liik",
        [InputRequired("Valige liik")],
        choices=[SelectChoice("a", "Elatis"), SelectChoice("b", "Pension")],
    )
    amount = StringField("Summa", [InputRequired("Kirjutage summa")], description="Näiteks 100,00")


class Family(Form):
    incomes = FieldList(FormField(Income), min_entries=1)


def test_a_field_with_a_mistake_is_tied_to_its_hint_and_its_words(texts):
    form = Income()
    form.validate()
    html = macro(texts, "fields", "field", form.amount, suffix="€")
    assert 'aria-describedby="amount-hint amount-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="amount-error"' in html
    assert "Kirjutage summa" in html
    assert "(ei ole kohustuslik)" not in html


def test_the_summary_leads_to_the_first_choice_and_into_repeated_groups(texts):
    form = Family()
    form.validate()
    html = macro(texts, "error_summary", "error_summary", form)
    assert 'href="#incomes-0-kind-0"' in html
    assert 'href="#incomes-0-amount"' in html
    assert "Parandage 2 kohta" in html


def test_what_a_person_typed_is_shown_as_text(texts):
    form = Income(data={"amount": '"><script>x</script>'})
    assert "<script>" not in macro(texts, "fields", "field", form.amount)


@pytest.mark.parametrize(
    ("state", "kind", "word", "icon"),
    [
        ("draft", "linn", "Saatmata", "edit_note"),
        ("in_proceeding", "vald", "Valla kord", "account_balance"),
        ("forwarded", "amet", "Ameti kord", "account_balance"),
        ("needs_fix", "linn", "Teie kord", "person"),
        ("queue", "linn", "Järjekorras", "hourglass"),
        ("delivered", "linn", "Otsus tehtud", "check_circle"),
        ("suspended", "linn", "Peatatud", "pending_actions"),
        ("left_unexamined", "linn", "Lõppenud", "archive"),
    ],
)
def test_a_state_is_a_word_and_a_sign(texts, state, kind, word, icon):
    html = macro(texts, "labels", "status_label", state, kind=kind)
    assert word in html
    assert f"#{icon}" in html


def test_a_refusal_is_told_plainly(texts):
    html = macro(texts, "labels", "status_label", "decided", refused=True)
    assert "Ei määratud" in html
    assert "--plain" in html
