"""Asking the population register, and logging no more of it than can be matched with X-tee's own log."""

import ssl
import time
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

import structlog

from core_bridge.calls import Calls
from core_bridge.errors import CoreBroken, CoreRejected, CoreUnavailable
from core_bridge.population.answer import read
from core_bridge.population.errors import RegisterBroken, RegisterError, RegisterRejected, RegisterUnavailable
from core_bridge.population.record import Record
from core_bridge.population.request import AT_MOST, PATH, RegisterWay, Wanted, body
from core_bridge.ways import Outgoing

_LIMIT: Final = 2 * 1024 * 1024

_log = structlog.get_logger()


class PopulationRegister:
    """The register's call `isikud` (X-tee REST, `domesticDataExchange`); a person waits for its answers."""

    def __init__(self, way: RegisterWay, *, timeout: float = 4.0, tls: ssl.SSLContext | bool = True) -> None:
        self._calls = Calls(way, timeout=timeout, tls=tls, later=frozenset())

    async def people(self, codes: Sequence[str], *, user: str, wanted: Wanted) -> Mapping[str, Record]:
        """Ask about people, by codes without country; who is not found is not in the answer.

        `user` is who caused the question, with country. Raises the errors of `errors`.
        """
        found: dict[str, Record] = {}
        for start in range(0, len(codes), AT_MOST):
            found |= await self._ask(codes[start : start + AT_MOST], user, wanted)
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._calls.close()

    async def _ask(self, codes: Sequence[str], user: str, wanted: Wanted) -> Mapping[str, Record]:
        call = Outgoing(PATH, body(codes, wanted), message_id=uuid4(), user=user)
        start, result = time.monotonic(), "given up"
        try:
            found = await self._answer(call, codes)
            result = "answered"
            return found
        except RegisterError as error:
            result = type(error).__name__
            raise
        finally:
            _log.info(
                "population.asked",
                message_id=str(call.message_id),
                query=str(wanted),
                result=result,
                milliseconds=round((time.monotonic() - start) * 1000),
            )

    async def _answer(self, call: Outgoing, codes: Sequence[str]) -> Mapping[str, Record]:
        try:
            answer = await self._calls.send("POST", call, at_most=_LIMIT)
        except CoreUnavailable as error:
            raise RegisterUnavailable(str(error)) from error
        except CoreRejected as error:
            # The register's own words may quote what was asked; its status does not.
            raise RegisterRejected(str(error.status)) from None
        except CoreBroken as error:
            raise RegisterBroken(str(error)) from error
        return read(answer.body, codes)
