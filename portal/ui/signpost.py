"""The way to a page by the first word of its address, so that a hundred patterns are not tried one after the other."""

from collections.abc import Iterable
from typing import Any, Final

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from portal.texts import LANGUAGES

_BEFORE_THE_WORD: Final = frozenset({*LANGUAGES, "{lang:lang}"})
_CHOSEN: Final = "uks.route"


class Signpost(BaseRoute):
    """All routes as one; among those whose addresses begin with the same word, the earlier goes before the later."""

    def __init__(self, routes: Iterable[Any]) -> None:
        self._by_word: dict[str, list[BaseRoute]] = {}
        for route in routes:
            word = _word(route.path)
            assert "{" not in word, "an address begins with a word"
            self._by_word.setdefault(word, []).append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Choose the route of an address; one for another method is better than none."""
        best: tuple[Match, Scope] = Match.NONE, {}
        for route in self._by_word.get(_word(scope["path"]), ()):
            match, found = route.matches(scope)
            if match.value > best[0].value:
                best = match, {**found, _CHOSEN: route}
            if match is Match.FULL:
                break
        return best

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Go there."""
        await scope[_CHOSEN].handle(scope, receive, send)


def _word(path: str) -> str:
    """Give the word that an address, or a pattern of addresses, begins with after its language."""
    first, _, rest = path[1:].partition("/")
    return rest.partition("/")[0] if first in _BEFORE_THE_WORD else first
