"""Those who come: for each kind of actor a person with a session that is a row like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode

from sqlalchemy import update
from starlette.types import Message

from portal.auth import sessions
from portal.auth.door import SessionDoor
from portal.auth.govsso.claims import Identity
from portal.auth.govsso.client import Tokens
from portal.auth.representation import Asking, Representee, Source
from portal.auth.tables import SessionRow
from portal.db import Transaction
from portal.identity import Assurance, Party, Right
from tests.access.kinds import NOW, SOURCE, Kind
from tests.hostile.world import TOKEN_LIFE, Person, World, invented_code


@dataclass(slots=True)
class GivenRights:
    """A source of rights beside the real ones: says of each person the right that the test has given."""

    owner: Party
    rights: dict[str, Right] = field(default_factory=dict)
    name: str = SOURCE

    async def representees(self, asking: Asking) -> Sequence[Representee]:
        found = await self.ask(asking, self.owner.code)
        return [found] if found else []

    async def ask(self, asking: Asking, code: str) -> Representee | None:
        right = self.rights.get(asking.person.code)
        if right is None or code != self.owner.code or right.is_over(NOW):
            return None
        return Representee(SOURCE, code, self.owner.name, right)

    async def still(self, _tx: Transaction, _found: Representee) -> bool:
        return True


@dataclass(slots=True)
class Reply:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass(slots=True)
class Comer:
    """Somebody of one kind, with the cookie of a session; without one for the kind of nobody."""

    world: World
    kind: Kind
    code: str
    owner: Party
    token: str = ""
    party: str = ""
    me: str = ""
    csrf: str = ""

    async def sign_in(self) -> None:
        """Begin a session that acts as the kind does."""
        if self.kind.assurance is None:
            return
        async with self.world.db.write() as tx:
            self.token = await self._begin(tx)

    async def _begin(self, tx: Transaction) -> str:
        now = self.world.clock.now()
        name = ("Mari-Liis", "Männik") if self.kind.owner else ("Kes", "Tahes")
        who = Identity(
            self.code, *name, None, f"sid-{self.code}", "high", "idcard", "n", now, now + TOKEN_LIFE
        )
        token, plain, session_id = await sessions.start(tx, Tokens(who, "id", "refresh"), "et", now, None)
        actor = self.kind.actor(plain.person, self.owner)
        assert actor is not None
        await sessions.act_for(tx, session_id, actor)
        if actor.assurance is Assurance.PASSKEY:
            weak = update(SessionRow).where(SessionRow.id == session_id)
            await tx.execute(weak.values(assurance="passkey", sid=None, id_token=None, refresh_token=None))
        self.party, self.me = str(actor.party.id), str(actor.person.id)
        # A session's family begins with the session itself.
        self.csrf = door(self.world).sessions.csrf(session_id)
        return token

    async def ask(self, method: str, address: str, fields: Mapping[str, str] | None = None) -> Reply:
        """Send a request straight to the application: there are thousands of them."""
        path, _, query = address.partition("?")
        body = urlencode(fields or {}).encode()
        headers = {"host": "uks.test", "cookie": f"{self.world.cookie}={self.token}"}
        if fields is not None:
            kind = "application/x-www-form-urlencoded"
            headers |= {"content-type": kind, "content-length": str(len(body))}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("uks.test", 80),
        }  # fmt: skip
        reply = Reply()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                reply.status = message["status"]
                reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            reply.body += message.get("body", b"")

        await self.world.app(scope, receive, send)
        return reply


def door(world: World) -> SessionDoor:
    """Give the portal's own door."""
    return cast(SessionDoor, world.parts.frame.door)


async def comer(world: World, kind: Kind, owner: Person, given: GivenRights, number: int) -> Comer:
    """Let somebody of a kind come; whatever right they have, the source confirms."""
    code = owner.actor.person.code if kind.owner else f"EE{invented_code(number)}"
    right = kind.right or kind.may
    if right is not None:
        given.rights[code] = right
    made = Comer(world, kind, code, owner.actor.party)
    await made.sign_in()
    return made


def also_asked(world: World, source: Source) -> None:
    """Let the door ask one more source of rights."""
    cast(dict[str, Source], door(world).barrier.acting.sources)[source.name] = source


def form(one: Comer, typed: Mapping[str, str], form_id: str) -> dict[str, str]:
    """Fill in a form as this comer's own page would carry it."""
    typed = {name: one.me if value == "me" else value for name, value in typed.items()}
    return {"csrf_token": one.csrf, "party": one.party, "form_id": form_id, **typed}
