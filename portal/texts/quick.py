"""Templates without what only other programs need: nothing but macros, functions and escaped text is on our pages.

Measured: a page renders in about two thirds of the time.
"""

from collections.abc import Callable, MutableMapping
from functools import partial
from types import CodeType, FunctionType, MethodType
from typing import Any, Final

from jinja2 import Environment, Template
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

_marked: Final[Callable[[str], Markup]] = partial(str.__new__, Markup)


class QuickMacro(Macro):
    """A macro in an environment where everything is escaped: nobody has to be asked whether."""

    def __call__(self, *args: Any, **kwargs: Any) -> str:
        """Render it."""
        if self.caller or self.catch_kwargs or self.catch_varargs or len(args) > self._argument_count:
            return super().__call__(*args, **kwargs)
        rest = [kwargs.pop(name, missing) for name in self.arguments[len(args) :]]
        if kwargs:
            return super().__call__(*args, **kwargs)
        return _marked(self._func(*args, *rest))


class QuickContext(Context):
    """A context that calls macros and functions at once, without asking what they want besides."""

    def call(self, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls."""
        kind = type(obj)
        if kind is QuickMacro or (
            (kind is FunctionType or kind is MethodType) and not hasattr(obj, "jinja_pass_arg")
        ):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return obj(*args, **kwargs)
        return super().call(obj, *args, **kwargs)


class QuickTemplate(Template):
    """A template whose code finds our macros and our escaping under the names it looks for."""

    @classmethod
    def from_code(
        cls,
        environment: Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002
        uptodate: Any = None,
    ) -> Template:
        """Make the template of its compiled code."""
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__.update(Macro=QuickMacro, escape=_escaped)
        return made


def _escaped(value: Any) -> str:
    """Escape what goes into the page, without marking every piece of it as escaped: the whole is marked."""
    kind = type(value)
    if kind is str:
        escaped: str = _escape_inner(value)
        return escaped
    return value if kind is Markup else escape(value)
