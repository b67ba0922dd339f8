"""The command `uks`."""

import asyncio
import getpass
import json
import signal
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from portal.settings import Settings, unknown_settings

app = typer.Typer(
    help="Uks: one door to social help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="The key ring.", no_args_is_help=True)
trail = typer.Typer(help="The audit trail.", no_args_is_help=True)
retention = typer.Typer(help="What is kept no longer than it may be.", no_args_is_help=True)
embed = typer.Typer(help="The entries on municipalities' websites.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(trail, name="audit")
app.add_typer(retention, name="retention")
app.add_typer(embed, name="embed")


def main() -> None:
    """Run the command line; a wrong argument is one line."""
    try:
        code = app(prog_name="uks", standalone_mode=False)
    except TyperException as error:
        # Without any argument the help has been shown already.
        sys.exit(2) if not (said := error.format_message().strip()) else stop(said)
    except typer.Abort:
        sys.exit(130)
    sys.exit(code or 0)


@app.command()
def demo(
    port_base: Annotated[
        int, typer.Option(help="the portal's port; the other servers take the next ones", min=1024, max=65000)
    ] = 8000,
    data: Annotated[Path, typer.Option(help="where the demo keeps its databases, files and keys")] = Path(
        "var/demo"
    ),
    reset: Annotated[bool, typer.Option(help="begin anew: delete what the demo has kept")] = False,
    fresh: Annotated[bool, typer.Option(help="start with the people but no history")] = False,
) -> None:
    """Start everything on this computer alone: portal, GovSSO simulator, two cores, a municipality's site, mail."""
    from portal.demo.launch import NotHere, run

    if settings().env == "production":
        stop("the demo does not start where UKS_ENV is production")
    try:
        asyncio.run(run(port_base, data, reset=reset, fresh=fresh))
    except NotHere as error:
        stop(str(error))
    except KeyboardInterrupt:
        typer.echo("Head aega!")


@app.command()
def seed(
    data: Annotated[Path, typer.Option(help="the folder of a demo that is not running")] = Path("var/demo"),
) -> None:
    """Play the demo's history into its databases, without starting it."""
    from portal.demo.launch import NotHere, seed_history

    if settings().env == "production":
        stop("nothing is seeded where UKS_ENV is production")
    try:
        seeded = asyncio.run(seed_history(data))
    except NotHere as error:
        stop(str(error))
    typer.echo("The history is in place." if seeded else "There was a history already.")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="processes side by side", min=1, max=64)] = 1,
) -> None:
    """Serve the portal's pages."""
    import uvicorn

    configured = ready(settings())
    proxies = ",".join(map(str, configured.trusted_proxies))
    uvicorn.run(
        _application() if workers == 1 else "portal.app:from_environment",
        factory=workers > 1,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
    )


@app.command()
def worker() -> None:
    """Deliver, listen to the cores, scan files, tidy up; any number of these may run side by side."""
    from portal.parts.logs import log_as_json
    from portal.worker import run

    ready(settings())
    log_as_json()

    async def work() -> None:
        # What is in its hands is finished: to cut off a driver in the middle leaves a thread that nobody ends.
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(told, stop.set)
        async with _parts() as parts:
            await run(parts, stop)

    _run(work())


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from portal.migrations import upgrade

    async def bring() -> None:
        async with _parts() as parts:
            await upgrade(parts.db)

    _run(bring())
    typer.echo("The database is up to date.")


@app.command()
def check(
    production: Annotated[bool, typer.Option(help="list what a start in production still lacks")] = False,
) -> None:
    """Check journeys, texts and settings."""
    from portal.parts.check import findings

    configured = settings()
    found = findings()
    if configured.keys.get_secret_value():
        with one_line():
            _built(configured)
    if production:
        found += configured.lacks()
        for line in configured.notes():
            typer.echo(f"note: {line}", err=True)
    for line in found:
        typer.echo(line, err=True)
    if found:
        raise typer.Exit(2 if production else 1)
    typer.echo("Journeys, texts and settings are in order.")


@app.command()
def openapi(
    side: Annotated[
        str, typer.Argument(help="`core`: what a core answers; `portal`: what we answer")
    ] = "core",
) -> None:
    """Print the contract with the cores as OpenAPI."""
    from core_bridge.openapi import core_side, portal_side

    sides = {"core": core_side, "portal": portal_side}
    if side not in sides:
        stop("the side is `core` or `portal`")
    typer.echo(json.dumps(sides[side](), ensure_ascii=False, indent=2))


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="the archive to write (.tar.gz)")]) -> None:
    """Write database and files into one archive; they stay encrypted, the keys are not in it."""
    from portal.parts.backup import NotBackedUp, back_up

    async def write() -> None:
        async with _parts() as parts:
            await back_up(settings(), parts.db, target)

    try:
        _run(write())
    except NotBackedUp as error:
        stop(str(error))
    typer.echo(f"{target} is written.")


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="an archive that `uks backup` wrote")]) -> None:
    """Put a backup back, into an installation that has no data yet."""
    from portal.parts.backup import NotBackedUp
    from portal.parts.backup import restore as put_back

    try:
        put_back(settings(), source)
    except NotBackedUp as error:
        stop(str(error))
    typer.echo("Restored.")


@app.command()
def conformance(
    url: Annotated[str, typer.Argument(help="the core's address")],
    key: Annotated[Path, typer.Option(help="our private key (JWK), which the core has registered")],
    core: Annotated[str, typer.Option(help="the core's name: the audience of our tokens")] = "STAR",
    name: Annotated[str, typer.Option(help="our name, as the core has registered it")] = "uks",
) -> None:
    """Put any core through the demands of the contract; it leaves trial applications behind."""
    from core_bridge.conformance import conformance as checks
    from portal.clock import SystemClock
    from portal.parts.cores import read_key

    if not url.startswith(("http://", "https://")):
        stop("the core's address begins with http:// or https://")
    try:
        private = read_key(key, private=True)
    except (OSError, ValueError) as error:
        stop(str(error))

    async def put_through() -> int:
        failed = 0
        async for made in checks(url, core=core, issuer=name, key=private, clock=SystemClock()):
            failed += not made.passed
            typer.echo(
                f"{'ok  ' if made.passed else 'FAIL'}  {made.demand}{'  ' + made.words if made.words else ''}"
            )
        return failed

    if _run(put_through()):
        raise typer.Exit(1)


@keys.command("new")
def keys_new() -> None:
    """Print a new key ring for UKS_KEYS."""
    from portal.crypto import new_key

    typer.echo(f"index:{new_key()},k1:{new_key()}")


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt everything anew under the first key of UKS_KEYS, so that older keys may be taken away."""
    from portal.db import reseal
    from portal.migrations import metadata

    async def rotate() -> None:
        async with _parts() as parts:
            for table in metadata().sorted_tables:
                count = await reseal(parts.db, table)
                typer.echo(f"{table.name}: {count}")

    _run(rotate())


@trail.command("verify")
def audit_verify() -> None:
    """Walk the chain of the audit trail."""
    from portal import audit

    async def walk() -> tuple[int, int | None, int]:
        async with _parts() as parts, parts.db.read() as session:
            return *await audit.verify(session), await audit.unsealed(session)

    count, broken, waiting = _run(walk())
    if broken is not None:
        typer.echo(f"The chain breaks at act {broken}.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{count} acts fit; {waiting} wait for the sealer.")


@trail.command("govsso")
def audit_govsso(
    why: Annotated[str, typer.Option(help="the reason of the reading, for the audit trail")],
    since: Annotated[datetime, typer.Option(help="the first moment, in UTC")],
    until: Annotated[datetime, typer.Option(help="the moment after the last, in UTC")],
    code: Annotated[str | None, typer.Option(help="only of the person of this code (EE…)")] = None,
    sid: Annotated[str | None, typer.Option(help="only of this GovSSO session")] = None,
) -> None:
    """Print the log of what passed with GovSSO, as JSON lines; the reading is itself recorded first."""
    from portal.auth.govsso.log import entries, note_reading

    if not why.strip():
        stop("--why: say why the log is read")
    span = since.replace(tzinfo=UTC), until.replace(tzinfo=UTC)
    told = {"why": why, "by": getpass.getuser(), "since": str(span[0]), "until": str(span[1]), "sid": sid}

    async def read() -> None:
        async with _parts() as parts:
            async with parts.db.write() as tx:
                await note_reading(tx, parts.clock.now(), told | {"code": code})
            async with parts.db.read() as session:
                async for entry in entries(session, *span, sub=code, sid=sid):
                    typer.echo(json.dumps(entry, ensure_ascii=False))

    _run(read())


@retention.command("run")
def retention_run() -> None:
    """Delete now what is past its time (the worker does it every hour)."""

    async def tidy() -> None:
        async with _parts() as parts:
            while await parts.tidy():
                pass

    _run(tidy())
    typer.echo("Done.")


@embed.command("figures")
def embed_figures(
    since: Annotated[
        datetime | None, typer.Option(help="the first day; 30 days ago when not given", formats=["%Y-%m-%d"])
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="the last day; today when not given", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """Print how often entries on municipalities' websites were seen (about) and used, by day and service."""
    from embeds.figures import figures, table

    async def lines() -> list[str]:
        async with _parts() as parts:
            last = until.date() if until else parts.clock.today()
            first = since.date() if since else last - timedelta(days=30)
            async with parts.db.read() as session:
                return table(await figures(session, first, last))

    for line in _run(lines()):
        typer.echo(line)


def settings() -> Settings:
    """Read the settings, or stop with one line."""
    if strange := unknown_settings():
        stop(strange[0])
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        stop(f"UKS_{first['loc'][0]}".upper() + f": {first['msg'].removeprefix('Value error, ')}")


def ready(configured: Settings) -> Settings:
    """Stop a start that lacks what it needs."""
    from portal.crypto import BadKeys, KeyRing

    lacking = configured.lacks() if configured.env == "production" else []
    if lacking:
        stop("; ".join(lacking))
    try:
        # Told here once: of several processes each would be started over and over.
        KeyRing.parse(configured.keys.get_secret_value())
    except BadKeys as error:
        stop(str(error))
    return configured


def stop(line: str) -> NoReturn:
    """Say one line and leave with 2."""
    typer.echo(f"uks: {' '.join(line.split())}", err=True)
    sys.exit(2)


@contextmanager
def one_line() -> Iterator[None]:
    """Tell what an operator can mend in one line, without a traceback."""
    from sqlalchemy.exc import DBAPIError

    from embeds.sites import BadSites
    from portal.crypto import BadKeys, Unreadable
    from portal.parts.cores import BadCores
    from portal.parts.paasuke import BadRoles
    from portal.parts.population import BadPopulation

    try:
        yield
    except (BadKeys, BadCores, BadPopulation, BadRoles, BadSites) as error:
        stop(str(error))
    except Unreadable as error:
        stop(f"UKS_KEYS: no key of the ring opens what is stored in {error}")
    except DBAPIError as error:
        stop(f"the database says: {str(error.orig).splitlines()[0]} (is `uks migrate` still to run?)")
    except OSError as error:
        stop(f"database or files: {error}")


def _application() -> Any:
    from portal.app import from_environment

    with one_line():
        return from_environment()


def _built(configured: Settings) -> None:
    from portal.parts import build

    build(configured)


def _parts() -> Any:
    from portal.parts import open_parts

    return open_parts(settings())


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    with one_line(), suppress(KeyboardInterrupt):
        return asyncio.run(work)
