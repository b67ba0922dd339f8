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
