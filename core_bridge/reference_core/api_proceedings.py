"""The portal's writes under a proceeding."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from core_bridge.clock import Clock
from core_bridge.inbound import Incoming, SignedRoute
from core_bridge.problems import read
from core_bridge.vouching import Vouching
from core_bridge.wire import Challenge, DecisionReceipt, Reply, Withdrawal

from . import casework, intake, papers
from .answers import received, same_id
from .casework import Act, Proceeding
from .database import CoreDatabase

FirstTime = Callable[[Act, Proceeding], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ProceedingApi:
    """Replies, the withdrawal, receipts and challenges."""

    core: str
    db: CoreDatabase
    clock: Clock
    vouching: Vouching

    def routes(self) -> Sequence[BaseRoute]:
        """List the routes, all of them signed."""
        under = "/v1/proceedings/{proceeding}"
        return [
            SignedRoute(under + path, handler, vouching=self.vouching, methods=["PUT"])
            for path, handler in (
                ("/replies/{id:uuid}", self.reply),
                ("/withdrawal", self.withdrawal),
                ("/decisions/{id}/receipt", self.receipt),
                ("/challenges/{id:uuid}", self.challenge),
            )
        ]

    async def reply(self, call: Incoming) -> Response:
        """Take an answer to a task; a late one is kept as well."""
        reply = read(Reply, call.body)
        same_id(reply.reply_id, call)

        async def first_time(act: Act, proceeding: Proceeding) -> None:
            await papers.file_away(act, proceeding, "reply", call.request.url.path, call.body)
            await casework.answered(act, proceeding, reply.task_id)

        return await self._store(call, str(reply.reply_id), first_time)

    async def withdrawal(self, call: Incoming) -> Response:
        """Take the application back."""
        read(Withdrawal, call.body)

        async def first_time(act: Act, proceeding: Proceeding) -> None:
            await papers.withdraw(act, proceeding)
            await papers.file_away(act, proceeding, "withdrawal", call.request.url.path, call.body)

        return await self._store(call, call.request.path_params["proceeding"], first_time)

    async def receipt(self, call: Incoming) -> Response:
        """Note that a decision was opened."""
        receipt = read(DecisionReceipt, call.body)
        decision_id = call.request.path_params["id"]

        async def first_time(act: Act, proceeding: Proceeding) -> None:
            await papers.opened(act, proceeding, decision_id, receipt)

        return await self._store(call, decision_id, first_time)

    async def challenge(self, call: Incoming) -> Response:
        """Take a vaie."""
        challenge = read(Challenge, call.body)
        same_id(challenge.challenge_id, call)

        async def first_time(act: Act, proceeding: Proceeding) -> None:
            await papers.file_away(act, proceeding, "challenge", call.request.url.path, call.body)

        return await self._store(call, str(challenge.challenge_id), first_time)

    async def _store(self, call: Incoming, write_id: str, first_time: FirstTime) -> Response:
        """Store the body once under its address, and do what follows from it the first time only."""
        async with self.db.write() as tx:
            act = Act(tx, self.core, self.clock.now())
            proceeding = await papers.existing(tx, call.request.path_params["proceeding"])
            at, first = await intake.once(tx, call.request.url.path, call.body, act.now)
            if first:
                await first_time(act, proceeding)
        return received(write_id, at, first)
