"""Everything at once on this computer: the portal with its worker, and the simulators around it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import typer
import uvicorn

from core_bridge.reference_core.app import create_core
from core_bridge.reference_core.settings import CoreSettings
from core_bridge.signing import public
from portal.app import create_app
from portal.clock import SystemClock
from portal.demo.govsso import GovssoSettings, RegisteredClient, create_govsso
from portal.demo.history import play
from portal.demo.mail import Mailbox, create_mail_viewer, smtp_server
from portal.demo.mandates import MANDATES
from portal.demo.people import PEOPLE
from portal.demo.place import CORES, NotHere, Place
from portal.demo.register import create_register
from portal.demo.registers import CASEWORKERS, facts
from portal.demo.site import create_site
from portal.migrations import upgrade
from portal.parts import Parts, build
from portal.parts.logs import log_as_json
from portal.worker import run as work

__all__ = ["NotHere", "run"]


async def run(port_base: int, data: Path, *, reset: bool, fresh: bool) -> None:
    """Start the demo and serve until it is stopped; raises `NotHere`."""
    log_as_json()
    place = Place(port_base, data)
    place.check_ports()
    place.prepare(reset=reset)
    clock = SystemClock()
    mailbox = Mailbox(clock)
    parts = build(place.settings(), clock)
    await upgrade(parts.db)
    portal: dict[str, Any] = {
        "portal": create_app(parts),
        "GovSSO": create_govsso(_govsso(place, clock)),
        "site": create_site(place.address("portal")),
        "mail": create_mail_viewer(mailbox),
        "register": create_register(),
    }
    smtp = smtp_server(mailbox, place.smtp_port)
    smtp.start()
    try:
        async with _serving(place, portal):
            # The portal answers already; the cores start when their past has been played.
            if not fresh:
                await _play_once(place)
            cores = {name: create_core(_core(place, name), clock) for name in CORES}
            async with _serving(place, cores), _working(parts):
                typer.echo(_welcome(place))
                await asyncio.Event().wait()
    finally:
        smtp.stop()


async def seed_history(data: Path) -> bool:
    """Play the history into a folder that has none yet; tells whether it did."""
    place = Place(8000, data)
    place.prepare(reset=False)
    parts = build(place.settings(), SystemClock())
    try:
        await upgrade(parts.db)
    finally:
        await parts.close()
    return await _play_once(place)


async def _play_once(place: Place) -> bool:
    if not place.has_no_history():
        return False
    typer.echo("Panen näidisandmed paika …")
    cores = {name: _core(place, name, push=False) for name in CORES}
    await play(place.settings(), cores, place.kept()["keys"]["uks"])
    return True


class _Server(uvicorn.Server):
    """One of several servers in a process; the process itself hears the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield


@asynccontextmanager
async def _serving(place: Place, apps: dict[str, Any]) -> AsyncIterator[None]:
    servers = [
        _Server(
            uvicorn.Config(
                apps[name],
                host="127.0.0.1",
                port=place.port(name),
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        for name in apps
    ]
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    while not all(server.started for server in servers):  # noqa: ASYNC110 uvicorn has no event for it
        await asyncio.sleep(0.02)
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


@asynccontextmanager
async def _working(parts: Parts) -> AsyncIterator[None]:
    worker = asyncio.create_task(work(parts))
    try:
        yield
    finally:
        worker.cancel()
        await asyncio.wait([worker])


def _govsso(place: Place, clock: SystemClock) -> GovssoSettings:
    portal = place.address("portal")
    settings = place.settings()
    client = RegisteredClient(
        client_id=settings.govsso_client_id,
        secret=settings.govsso_client_secret.get_secret_value(),
        names={
            "et": "Uks, sotsiaalabi iseteenindus",
            "en": "Uks, social help",
            "ru": "Uks, социальная помощь",
        },
        redirect_uris=frozenset({f"{portal}/auth/callback"}),
        post_logout_redirect_uris=frozenset({f"{portal}/auth/logged-out"}),
        backchannel_logout_uri=f"{portal}/auth/backchannel-logout",
        scopes=frozenset({"openid", "representee.*", "representee_list"}),
    )
    return GovssoSettings(settings.govsso_issuer, [client], PEOPLE, clock, MANDATES)


def _core(place: Place, name: str, *, push: bool = True) -> CoreSettings:
    keys = place.kept()["keys"]
    return CoreSettings(
        name=name,
        database=place.data / f"{name}.db",
        key=keys[name],
        portal_keys={"uks": public(keys["uks"])},
        portal_url=place.address("portal") if push else None,
        caseworkers=CASEWORKERS[name],
        register=facts(),
    )


def _welcome(place: Place) -> str:
    lines = [
        "",
        "  Uks on lahti. Kõik töötab ainult selles arvutis, ühtegi päris teenust ei kasutata.",
        "",
        f"  Portaal                    {place.address('portal')}",
        f"  GovSSO simulaator          {place.address('GovSSO')}",
        f"  STAR (ametniku töölaud)    {place.address('STAR')}",
        f"  SKAIS (ametniku töölaud)   {place.address('SKAIS')}",
        f"  Linna näidisleht           {place.address('site')}",
        f"  Saadetud kirjad            {place.address('mail')}",
        f"  Rahvastikuregister         {place.address('register')}",
        "",
        "  Inimesed, kellena sisse logida:",
        *(f"    {person.name:<32} {person.story}" for person in PEOPLE if person.methods),
        "",
        "  Proovige: logige sisse Mari-Liis Männikuna, esitage toimetulekutoetuse taotlus,",
        "  avage STAR, küsige dokumenti, vastake portaalis, tehke otsus ja avage see portaalis.",
        "  Teise eest: Jaak-Kristjan taotleb tütrele Saarale tugiisikut, Aino volitab Mari-Liisi,",
        "  Peeter kirjutab hooldekodu nimel. Linna näidislehelt pääseb otse õigele teenusele.",
        "",
        "  Lõpetamiseks vajutage Ctrl+C.",
    ]
    return "\n".join(lines)
