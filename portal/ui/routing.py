"""Pages as routes: each names the action it performs, and the policy is asked before the page is."""

from collections.abc import Awaitable, Callable, Sequence

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.access import Action, permits
from portal.texts import LANGUAGES
from portal.ui.errors import Problem
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
    visit = Visit(request, frame, frame.language(request), signed_in)
    if not permits(signed_in.actor if signed_in else None, action):
        if signed_in is None:
            return await frame.door.closed(request, visit.lang)
        raise Problem(
            "Selleks logige sisse ID-kaardi, mobiil-ID või Smart-IDga",
            "Pääsuvõtmega saab asju vaadata. Saatmiseks ja otsuse avamiseks on vaja tugevamat sisselogimist.",
            status=403,
        )
    try:
        response = await handler(visit)
    finally:
        # Uploads stand in temporary files until somebody closes them.
        await request.close()
    if signed_in is not None:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
