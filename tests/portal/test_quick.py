"""The quick templates say, escape and refuse what Jinja's own do."""

from typing import Any

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from portal.texts import Texts

TEXTS = Texts.load()


def rendered(source: str, **values: Any) -> str:
    return TEXTS.environments["et"].from_string(source).render(values)


@pytest.mark.parametrize("value", ["<b>", '"', "'", "&", 3, None, ["<"], ("'",), {"<": ">"}])
def test_what_is_put_into_a_page_is_escaped(value: object) -> None:
    assert rendered("{{ value }}", value=value) == str(Markup.escape(value))
    assert rendered("{% macro m(v) %}{{ v }}{% endmacro %}{{ m(value) }}", value=value) == str(
        Markup.escape(value)
    )


def test_text_that_only_calls_itself_text_is_escaped_too() -> None:
    class Sly(str):
        __slots__ = ()

    assert rendered("{{ value }}", value=Sly("<b>")) == "&lt;b&gt;"


def test_what_is_escaped_already_is_not_escaped_again() -> None:
    assert rendered("{{ value }}", value=Markup("<b>&amp;</b>")) == "<b>&amp;</b>"
    assert rendered("{% macro m() %}<i>{% endmacro %}{{ m() }}{{ m() ~ '<' }}") == "<i><i>&lt;"
    assert rendered("{% set x %}<i>{{ v }}{% endset %}{{ x }}", v="<") == "<i>&lt;"


def test_a_macro_takes_places_names_and_a_body() -> None:
    macro = "{% macro m(a, b='x') %}{{ a }}{{ b }}{% if caller is defined %}{{ caller() }}{% endif %}{% endmacro %}"
    assert rendered(macro + "{{ m(1) }} {{ m(1, 2) }} {{ m(b=2, a=1) }}") == "1x 12 12"
    assert rendered(macro + "{% call m(1) %}<b>{{ v }}{% endcall %}", v="<") == "1x<b>&lt;"


@pytest.mark.parametrize("call", ["m(1, 2)", "m(c=1)", "m(1, a=1)"])
def test_a_macro_takes_nothing_else(call: str) -> None:
    with pytest.raises(TypeError):
        rendered("{% macro m(a) %}{{ a }}{% endmacro %}{{ " + call + " }}")


def test_what_is_missing_is_refused() -> None:
    with pytest.raises(UndefinedError):
        rendered("{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}")
    with pytest.raises(UndefinedError):
        rendered("{{ nothing() }}")


def test_functions_are_called_in_loops_and_blocks() -> None:
    source = "{% block b %}{% for n in (1, 2) %}{{ say(n) }}{{ _('Jah') }}{{ n|string|upper }}{% endfor %}{% endblock %}"
    assert rendered(source, say=lambda n: f"<{n}>") == "&lt;1&gt;Jah1&lt;2&gt;Jah2"


ICON = '{% from "components/icons.html" import icon %}'


def test_a_macro_told_only_constants_says_what_it_says_when_told_them_late() -> None:
    assert rendered(ICON + "{{ icon('error') }}") == rendered(ICON + "{{ icon(name) }}", name="error")
    card = '{% from "components/cards.html" import card %}{% call card("<A>") %}{{ v }}{% endcall %}'
    assert "&lt;A&gt;</h2>&lt;b&gt;" in rendered(card, v="<b>")


def test_a_name_that_a_template_gives_itself_is_not_taken_for_the_imported_macro() -> None:
    source = "{% macro say(icon) %}{{ icon('error') }}{% endmacro %}{{ say(shout) }}"
    assert rendered(ICON + source, shout=str.upper) == "ERROR"


def test_what_is_put_into_a_sentence_is_escaped_and_the_sentence_is_markup() -> None:
    assert rendered("{{ _('Alus: %(basis)s', basis=v) }}", v="<b>") == "Alus: &lt;b&gt;"
    assert rendered("{% for v in ('<',) %}{{ _('<i>%(v)s 5%%', v=v) }}{% endfor %}") == "<i>&lt; 5%"
    assert rendered("{{ _('<i>5%%') }}{{ _(v) }}", v="<i>5%%") == "<i>5%<i>5%"
