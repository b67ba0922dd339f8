"""Checks of who may call: anything unsigned, strange, used or old is 401."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from core_bridge.clock import Clock
from core_bridge.signing import Signer, generate_key
from core_bridge.wire import freeze

from .bench import Bench, address, must


class _Shifted:
    """A clock that is wrong by so much."""

    def __init__(self, clock: Clock, by: timedelta) -> None:
        self._clock = clock
        self._by = by

    def now(self) -> datetime:
        """Return the wrong time."""
        return self._clock.now() + self._by


async def unsigned_is_refused(bench: Bench) -> None:
    """No token, or no JWT, is 401."""
    for said in ("", "Bearer", "Bearer nonsense", "Basic dXNlcjpwYXNz", "Bearer a.b.c"):
        must(await bench.call("GET", "/v1/changes", headers={"Authorization": said}), 401)


async def strange_key_is_refused(bench: Bench) -> None:
    """A token signed by another key is 401."""
    stranger = Signer(bench.signer.issuer, generate_key(), bench.clock)
    must(await bench.call("GET", "/v1/changes", token=stranger.token(bench.audience, b"")), 401)


async def other_audience_is_refused(bench: Bench) -> None:
    """A token meant for another core is 401."""
    must(await bench.call("GET", "/v1/changes", token=bench.signer.token("somebody-else", b"")), 401)


async def used_token_is_refused(bench: Bench) -> None:
    """A token is good once."""
    token = bench.signer.token(bench.audience, b"")
    must(await bench.call("GET", "/v1/changes", token=token), 200)
    must(await bench.call("GET", "/v1/changes", token=token), 401)


async def other_times_are_refused(bench: Bench) -> None:
    """A token of an hour ago, or of the next hour, is 401."""
    for hours in (-1, 1):
        signer = replace(bench.signer, clock=_Shifted(bench.clock, timedelta(hours=hours)))
        must(await bench.call("GET", "/v1/changes", token=signer.token(bench.audience, b"")), 401)


async def other_body_is_refused(bench: Bench) -> None:
    """A body that is not the signed one is 401, and is not stored."""
    application_id = uuid4()
    body = freeze(bench.application(application_id))
    token = bench.signer.token(bench.audience, b"another body")
    must(await bench.call("PUT", address(application_id), body, token=token), 401)
    must(await bench.call("PUT", address(application_id), body), 201)
