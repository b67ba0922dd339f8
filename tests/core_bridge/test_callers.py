"""Who may call: the verifier against everything that is not a proper, fresh, own token."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse

from core_bridge.inbound import Incoming, SignedRoute
from core_bridge.problems import Refusal
from core_bridge.signing import Signer, digest, generate_key, public
from core_bridge.vouching import SeenInMemory, SignedCallers, XteeCallers
from portal.clock import FixedClock
from tests.serving import serving

pytestmark = pytest.mark.anyio
KEY = generate_key()


def callers(clock: FixedClock, key: Any = None) -> SignedCallers:
    return SignedCallers("uks", {"STAR": key or public(KEY)}, SeenInMemory(clock), clock)


def bearing(token: str) -> Headers:
    return Headers({"authorization": f"Bearer {token}"})


def made(clock: FixedClock, **changed: Any) -> str:
    """Sign a token that is right but for what is changed; None leaves a claim out."""
    now = int(clock.now().timestamp())
    claims = {"iss": "STAR", "aud": "uks", "iat": now, "exp": now + 60, "jti": "once", "digest": digest(b"")}
    kept = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": KEY["kid"]}, kept, ECKey.import_key(KEY))


async def test_a_proper_token_names_its_caller(clock: FixedClock) -> None:
    caller = await callers(clock).caller(bearing(Signer("STAR", KEY, clock).token("uks", b"body")))
    assert caller.name == "STAR"
    caller.check_body(b"body")
    with pytest.raises(Refusal):
        caller.check_body(b"another")


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "SKAIS"},
        {"iss": None},
        {"iss": ["STAR"]},
        {"aud": "somebody"},
        {"aud": ["uks"]},
        {"aud": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 101},
        {"jti": 7},
        {"digest": None},
        {"iat": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30},
        {"exp": True},
    ],
)
async def test_a_token_with_a_wrong_claim_is_unknown(clock: FixedClock, changed: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        await callers(clock).caller(bearing(made(clock, **changed)))
    assert refused.value.status == 401


async def test_a_token_lives_a_minute_and_no_longer_is_believed(clock: FixedClock) -> None:
    token, verify = made(clock), callers(clock)
    now = int(clock.now().timestamp())
    with pytest.raises(Refusal):
        await verify.caller(bearing(made(clock, exp=now + 61)))
    clock.advance(seconds=91)
    with pytest.raises(Refusal):
        await verify.caller(bearing(token))


async def test_a_token_of_the_future_is_unknown(clock: FixedClock) -> None:
    later = FixedClock(clock.now() + timedelta(minutes=5))
    with pytest.raises(Refusal):
        await callers(clock).caller(bearing(made(later)))


async def test_a_token_is_good_once_and_forgotten_when_it_could_not_be_used_again(clock: FixedClock) -> None:
    seen = SeenInMemory(clock)
    verify = SignedCallers("uks", {"STAR": public(KEY)}, seen, clock)
    token = made(clock)
    await verify.caller(bearing(token))
    with pytest.raises(Refusal):
        await verify.caller(bearing(token))
    clock.advance(minutes=10)
    await verify.caller(bearing(made(clock, jti="next")))
    assert len(seen._until) == 1


async def test_another_key_and_no_key_are_unknown(clock: FixedClock) -> None:
    now = int(clock.now().timestamp())
    claims = {"iss": "STAR", "aud": "uks", "iat": now, "exp": now + 60, "jti": "j", "digest": digest(b"")}
    stranger = Signer("STAR", generate_key(), clock).token("uks", b"")
    as_secret = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(b"x" * 32))
    unsigned = "eyJhbGciOiJub25lIn0." + made(clock).split(".")[1] + "."
    for token in (stranger, as_secret, unsigned, "", "a.b.c", "..", "ä.ö.ü", "x" * 5000):
        with pytest.raises(Refusal):
            await callers(clock).caller(bearing(token))


async def test_while_a_key_changes_both_are_good(clock: FixedClock) -> None:
    new = generate_key()
    verify = callers(clock, {"keys": [public(KEY), public(new)]})
    for key in (KEY, new):
        token = Signer("STAR", key, clock).token("uks", b"")
        assert (await verify.caller(bearing(token))).name == "STAR"


async def test_over_xtee_only_the_listed_client_is_let_in() -> None:
    verify = XteeCallers({"EE/GOV/70000001/star": "STAR"})
    assert (await verify.caller(Headers({"x-road-client": "EE/GOV/70000001/star"}))).name == "STAR"
    strange = [
        Headers({}),
        Headers({"x-road-client": "EE/GOV/70000001/other"}),
        Headers(
            raw=[(b"x-road-client", b"EE/GOV/70000001/star"), (b"x-road-client", b"EE/GOV/70000001/star")]
        ),
    ]
    for headers in strange:
        with pytest.raises(Refusal):
            await verify.caller(headers)


async def test_nothing_is_read_before_the_headers_are_believed(clock: FixedClock) -> None:
    async def never(_: Incoming) -> JSONResponse:
        raise AssertionError("the answer was asked for")

    async def unreadable() -> Any:
        raise AssertionError("the body was read")

    route = SignedRoute("/", never, vouching=callers(clock), methods=["POST"])
    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"content-length", b"5")]}
    request = Request(scope, unreadable)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await route.app(request.scope, unreadable, send)
    assert sent[0]["status"] == 401


async def test_a_chunked_body_over_the_cap_is_413(clock: FixedClock) -> None:
    async def answer(call: Incoming) -> JSONResponse:
        return JSONResponse({"size": len(call.body)})

    route = SignedRoute("/", answer, vouching=XteeCallers({"A": "STAR"}), methods=["POST"], at_most=1000)

    async def many(chunks: int) -> Any:
        for _ in range(chunks):
            yield b"x" * 100

    async with serving(Starlette(routes=[route])) as url, httpx2.AsyncClient(trust_env=False) as client:
        headers = {"X-Road-Client": "A"}
        fits = await client.post(url, content=many(10), headers=headers)
        assert fits.json() == {"size": 1000}
        over = await client.post(url, content=many(11), headers=headers)
        assert over.status_code == 413
        assert over.headers["content-type"] == "application/problem+json"
