"""Pages as routes: each names the action it performs, and the policy is asked before the page is."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.access import POLICY, Action, Refusal, refusal
from portal.identity import Actor
from portal.texts import LANGUAGES
from portal.ui.errors import NotFound, OtherParty
from portal.ui.frame import Frame
from portal.ui.visit import Visit

Handler = Callable[[Visit], Awaitable[Response]]


class _LanguageConvertor(Convertor[str]):
    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("lang", _LanguageConvertor())


class BarePage(Route):
    """A page at an address without a language."""

    def __init__(
        self, path: str, handler: Handler, action: Action, methods: Sequence[str] = ("GET",)
    ) -> None:
        self.action = action

        async def endpoint(request: Request) -> Response:
            return await _answer(request, handler, action)

        super().__init__(path, endpoint, methods=list(methods))


class Page(BarePage):
    """A page at `/{language}` and its path."""

    def __init__(
        self, path: str, handler: Handler, action: Action, methods: Sequence[str] = ("GET",)
    ) -> None:
        super().__init__("/{lang:lang}" + path, handler, action, methods)


async def _answer(request: Request, handler: Handler, action: Action) -> Response:
    frame: Frame = request.scope["uks.frame"]
    signed_in = await frame.door.recognise(request)
    # A page that tells of a fault shows as well who is signed in.
    request.scope["uks.signed_in"] = signed_in
    language = frame.language(request)
    why = refusal(signed_in.actor if signed_in else None, action, frame.clock.now())
    if why is None and signed_in and _is_bound(signed_in.actor, action, request):
        found = await frame.door.reassured(request, language)
        if isinstance(found, Response):
            return found
        signed_in = request.scope["uks.signed_in"] = found
        why = refusal(signed_in.actor, action, frame.clock.now())
    if why is not None:
        return await frame.door.closed(request, language, why)
    response = await _handled(Visit(request, frame, language, signed_in), handler)
    if signed_in is not None:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _handled(visit: Visit, handler: Handler) -> Response:
    door = visit.frame.door
    try:
        return await handler(visit)
    except OtherParty:
        return await door.closed(visit.request, visit.lang, Refusal.OTHER_PARTY)
    except NotFound:
        found = await door.elsewhere(visit.request, visit.lang) if visit.signed_in else None
        if found is None:
            raise
        return found
    finally:
        # Uploads stand in temporary files until somebody closes them.
        await visit.request.close()


def _is_bound(actor: Actor, action: Action, request: Request) -> bool:
    return POLICY[action].binding and request.method == "POST" and not actor.for_self
