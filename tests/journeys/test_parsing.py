"""What people type, and what somebody might send instead: a value or plain words, never an exception."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeys.fields import AskedField, FieldType, Option
from journeys.parsing import Complaint, read
from journeys.words import Text

TODAY = date(2026, 11, 21)
WORD = Text(et="a", en="a", ru="a")


def asked(kind: str, **more) -> AskedField:
    options = (
        (Option(value="yes", label=WORD), Option(value="no", label=WORD))
        if kind in ("choice", "choices")
        else ()
    )
    return AskedField(type=FieldType(kind), id="x", label=WORD, options=options, **more)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("money", "260", Decimal(260)),
        ("money", " 260,5 ", Decimal("260.5")),
        ("money", "260.50 €", Decimal("260.50")),
        ("money", "1 260,00", Decimal("1260.00")),
        ("money", "1\u00a0260,00 eurot", Decimal("1260.00")),
        ("money", "1.260,00", Decimal("1260.00")),
        ("money", "12,345.60", Decimal("12345.60")),
        ("money", "0", Decimal(0)),
        ("decimal", "48,5 m²", Decimal("48.5")),
        ("integer", " 2 ", 2),
        ("date", "1.2.2026", date(2026, 2, 1)),
        ("date", "01/02/2026", date(2026, 2, 1)),
        ("date", "2026-02-01", date(2026, 2, 1)),
        ("person", "471 0101 0033", "47101010033"),
        ("person", "EE47101010033", "47101010033"),
        ("person", "5.3.2010", "2010-03-05"),
        ("iban", "ee38 2200 2210 2014 5685", "EE382200221020145685"),
        ("phone", "+372 5123 4567", "+37251234567"),
        ("phone", "5123-4567", "51234567"),
        ("email", "mari@näide.ee", "mari@näide.ee"),
        ("municipality", "0663", "0663"),
        ("yes_no", "yes", True),
        ("choice", "no", "no"),
        ("text", "  Pikk tn 14–6  ", "Pikk tn 14–6"),
        ("long_text", "üks\nkaks", "üks\nkaks"),
    ],
)
def test_people_write_the_same_thing_in_many_ways(kind, typed, value):
    assert read(asked(kind), typed, TODAY) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("money", "sada eurot"),
        ("money", "-5"),
        ("money", "NaN"),
        ("money", "1e999"),
        ("money", "Infinity"),
        ("money", "1.260"),
        ("money", "٣٤"),
        ("money", "9" * 5000),
        ("money", "999999999"),
        ("decimal", "0x10"),
        ("integer", "²"),
        ("integer", "1" * 6000),
        ("integer", "-1"),
        ("date", "31.2.2026"),
        ("date", "1.1.0001"),
        ("date", "99.99.9999"),
        ("person", "47101010034"),
        ("person", "1.1.2030"),
        ("person", "１２３４５６７８９０１"),
        ("iban", "EE38 2200 2210 2014 5686"),
        ("iban", "💶" * 20),
        ("phone", "51-23"),
        ("phone", "+" + "1" * 40),
        ("email", "mari"),
        ("email", "mari@näide..ee"),
        ("email", "a@b.ee\nBcc: c@d.ee"),
        ("municipality", "SKA"),
        ("municipality", "0000"),
        ("yes_no", "maybe"),
        ("choice", "<b>"),
        ("text", "a\x00b"),
        ("text", "a\x1b[31m"),
        ("text", "\u202egnp.exe"),
        ("text", "x" * 201),
        ("long_text", "a\x07"),
    ],
)
def test_what_cannot_be_right_is_answered_in_words(kind, typed):
    assert isinstance(read(asked(kind), typed, TODAY), Complaint)


@pytest.mark.parametrize("kind", list(FieldType))
def test_nothing_is_fine_where_nothing_is_needed(kind):
    assert read(asked(kind, required=False), "", TODAY) is None
    assert isinstance(read(asked(kind), "  ", TODAY), Complaint)


@given(st.sampled_from(list(FieldType)), st.text(max_size=400) | st.lists(st.text(max_size=9)) | st.none())
def test_no_value_whatever_raises(kind, typed):
    read(asked(kind), typed, TODAY)


@given(st.decimals(0, 999_999, places=2))
def test_every_amount_is_read_as_people_write_it_here(amount):
    typed = f"{amount:,.2f}".replace(",", " ").replace(".", ",")
    assert read(asked("money"), f"{typed} €", TODAY) == amount
