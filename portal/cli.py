"""The command `uks`."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from portal.settings import Settings

app = typer.Typer(
    help="Uks: one door to social help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="The key ring.", no_args_is_help=True)
trail = typer.Typer(help="The audit trail.", no_args_is_help=True)
retention = typer.Typer(help="What is kept no longer than it may be.", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(trail, name="audit")
app.add_typer(retention, name="retention")


def main() -> None:
    """Run the command line."""
    app()


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

    ready(settings())
    proxies = ",".join(map(str, settings().trusted_proxies))
    uvicorn.run(
        "portal.app:from_environment",
        factory=True,
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
    from portal.parts import build
    from portal.parts.logs import log_as_json
    from portal.worker import run

    ready(settings())
    log_as_json()

    async def work() -> None:
        parts = build(settings())
        try:
            await run(parts)
        finally:
            await parts.close()

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

    found = findings()
    if production:
        found += settings().lacks()
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

    try:
        private = json.loads(key.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        stop(f"{key}: {error}")

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


@retention.command("run")
def retention_run() -> None:
    """Delete now what is past its time (the worker does it every hour)."""

    async def tidy() -> None:
        async with _parts() as parts:
            while await parts.tidy():
                pass

    _run(tidy())
    typer.echo("Done.")


def settings() -> Settings:
    """Read the settings, or stop with one line."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(["UKS", *map(str, first["loc"])]).upper()
        stop(f"{name}: {first['msg']}")


def ready(configured: Settings) -> None:
    """Stop a start in production that lacks what it needs."""
    lacking = configured.lacks() if configured.env == "production" else []
    if lacking:
        stop("; ".join(lacking))


def stop(line: str) -> NoReturn:
    """Say one line and leave with 2."""
    typer.echo(f"uks: {line}", err=True)
    sys.exit(2)


def _parts() -> Any:
    from portal.parts import open_parts

    return open_parts(settings())


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    from portal.crypto import BadKeys
    from portal.parts.cores import BadCores

    try:
        return asyncio.run(work)
    except (BadKeys, BadCores) as error:
        stop(str(error))
    except KeyboardInterrupt:
        return None
