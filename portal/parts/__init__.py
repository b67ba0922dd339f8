"""Composition: everything is built here, from the settings; what one feature needs of another is passed in here."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from starlette.routing import BaseRoute

from embeds.figures import Figures
from embeds.pages import EmbedPages
from embeds.sites import Sites, load_sites
from inbox import matters
from inbox.deliveries import Deliveries as InboxDeliveries
from inbox.feed import Feed
from inbox.fetching import Fetching
from inbox.pages import InboxPages
from inbox.queries import waiting
from inbox.receive.intake import Intake
from inbox.system_queries import owner_of
from journeys.deliveries import Deliveries as JourneyDeliveries
from journeys.drafts import KEPT_FOR
from journeys.loading import Catalogue, load_catalogue
from journeys.pages import JourneyPages
from journeys.retention import forget_old_drafts
from portal.access.once import forget_expired
from portal.auth import AuthPages, GovssoClient, GovssoLog, Registration, forget_old
from portal.auth.govsso.renewal import Renewals
from portal.auth.me.pages import MePages
from portal.auth.representation import Source
from portal.auth.representation.mandates.acts import expire
from portal.auth.representation.paasuke import PaasukeAlong, PaasukeSource
from portal.auth.representation.register import RegisterSource
from portal.clock import Clock, SystemClock
from portal.crypto import KeyRing
from portal.db import Database
from portal.files import Files
from portal.notify import MailServer, Post, Writer
from portal.outbox import Handler
from portal.parts.bridge import bridge_routes
from portal.parts.cores import Cores, load_cores
from portal.parts.embeds import offered
from portal.parts.operations import OperationsPages
from portal.parts.paasuke import load_roles
from portal.parts.population import load_population
from portal.parts.representation import Representation
from portal.parts.scanning import scanning
from portal.parts.services import services
from portal.settings import Settings
from portal.texts import Texts
from portal.ui import Frame
from portal.ui.about import AboutPages
from portal.ui.entrance import entrance
from portal.ui.static import static_files, version
from portal.ui.styleguide import styleguide_page

__all__ = ["Parts", "build", "open_parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """An installation: what the web process turns into routes, and the worker into chores."""

    settings: Settings
    clock: Clock
    db: Database
    files: Files
    cores: Cores
    register: RegisterSource | None
    frame: Frame
    intake: Intake
    figures: Figures
    pages: Sequence[BaseRoute]
    handlers: Mapping[str, Handler]
    feeds: Mapping[str, Feed]

    def routes(self) -> list[BaseRoute]:
        """List every route, the most particular first."""
        return [*self.pages, *bridge_routes(self.cores.callers, self.intake), static_files()]

    @property
    def feed_pause(self) -> float:
        """Tell how many seconds pass between two looks into a core's feed; a push makes it quicker."""
        return 2.0 if self.settings.env == "demo" else 15.0

    async def scan_next(self) -> bool:
        """Scan one uploaded file; tells whether there was one."""
        return await scanning(self.settings, self.db, self.files, self.clock)

    async def tidy(self) -> bool:
        """Forget what is past its time; tells whether there may be more."""
        now = self.clock.now()
        async with self.db.write() as tx:
            await forget_old(tx, now, timedelta(days=self.settings.govsso_log_days))
            await forget_expired(tx, now)
            over = await expire(tx, now)
        gone = await forget_old_drafts(self.db, self.files, now, on_draft_gone=matters.draft_gone)
        swept = await self.files.sweep(self.db)
        return gone > 0 or swept > 0 or over > 0

    async def close(self) -> None:
        """Write down what was only counted, and let go of connections."""
        await self.figures.write()
        await self.cores.close()
        if self.register:
            await self.register.close()
        await self.db.close()


def build(settings: Settings, clock: Clock | None = None, cores: Cores | None = None) -> Parts:
    """Build everything; `cores` replaces those of the settings.

    Raises `BadKeys`, `BadCores`, `BadPopulation`, `BadRoles`, `BadSites`.
    """
    clock = clock or SystemClock()
    keys = KeyRing.parse(settings.keys.get_secret_value())
    db = Database(settings.database_url, keys)
    files = Files.at(settings.files_url, scanned=bool(settings.clamd_url))
    cores = cores or load_cores(settings.cores, db, clock)
    texts, catalogue = Texts.load(), load_catalogue()
    register = load_population(settings.population, clock)
    representation = Representation(db, clock, register)
    sites = load_sites(settings.sites, production=settings.env == "production")
    figures = Figures(db, clock)
    auth = _auth(settings, clock, db, keys, representation.sources(), catalogue)
    frame = Frame(texts, auth.door(), clock, settings.public_url, version(), settings.env == "demo")
    intake = Intake(db, clock, representation.right_changed)
    return Parts(
        settings=settings,
        clock=clock,
        db=db,
        files=files,
        cores=cores,
        register=register,
        frame=frame,
        intake=intake,
        figures=figures,
        pages=[
            *EmbedPages(offered(catalogue), sites, figures).routes(),
            *_pages(settings, clock, db, files, cores, auth, sites, catalogue),
            *representation.pages(auth.sources, catalogue).routes(),
        ],
        handlers={**_handlers(settings, clock, db, files, cores, texts), **representation.handlers()},
        feeds={name: Feed(core, intake) for name, core in cores.named.items()},
    )


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """Build everything for a command, and let go of it at the end."""
    parts = build(settings)
    try:
        yield parts
    finally:
        await parts.close()


def _auth(
    settings: Settings,
    clock: Clock,
    db: Database,
    keys: KeyRing,
    sources: Sequence[Source],
    catalogue: Catalogue,
) -> AuthPages:
    govsso = GovssoClient(_registration(settings), clock, GovssoLog(db, clock))
    along = None
    if settings.paasuke_roles:
        roles = load_roles(settings.paasuke_roles, catalogue.journeys)
        sources = [*sources, PaasukeSource(db, clock, Renewals(db, clock, keys, govsso), roles)]
        along = PaasukeAlong(clock, roles)
    return AuthPages(
        db,
        clock,
        govsso,
        keys,
        settings.secure,
        idle=timedelta(minutes=settings.idle_minutes),
        logout_from=settings.govsso_logout_from,
        waiting=waiting,
        sources=sources,
        along=along,
        owner_of=owner_of,
        passkey_life=timedelta(days=settings.passkey_days),
    )


def _registration(settings: Settings) -> Registration:
    return Registration(
        issuer=settings.govsso_issuer,
        client_id=settings.govsso_client_id,
        client_secret=settings.govsso_client_secret.get_secret_value(),
        public_url=settings.public_url,
        min_acr=settings.min_acr,
        ca=settings.govsso_ca,
        own_address=str(settings.govsso_address) if settings.govsso_address else None,
        represents=settings.paasuke_roles is not None,
    )


def _pages(
    settings: Settings,
    clock: Clock,
    db: Database,
    files: Files,
    cores: Cores,
    auth: AuthPages,
    sites: Sites,
    catalogue: Catalogue,
) -> list[BaseRoute]:
    parts = (
        JourneyPages(
            db=db,
            files=files,
            catalogue=catalogue,
            prefill=cores.prefill,
            on_draft=matters.draft_saved,
            on_draft_gone=matters.draft_gone,
            on_sent=matters.sent,
            way_back=sites.way_back,
        ),
        InboxPages(db, files, services(catalogue)),
        auth,
        MePages(db, bool(settings.smtp_url)),
        AboutPages(settings.secure, KEPT_FOR.days, settings.contact),
        OperationsPages(
            db,
            clock,
            tuple(cores.named),
            settings.metrics_token.get_secret_value(),
            open_here=settings.env != "production",
        ),
    )
    examples = [styleguide_page()] if settings.env == "demo" else []
    return [*entrance(), *(route for part in parts for route in part.routes()), *examples]


def _handlers(
    settings: Settings, clock: Clock, db: Database, files: Files, cores: Cores, texts: Texts
) -> Mapping[str, Handler]:
    journeys = JourneyDeliveries(db, files, clock, cores.named, matters.handed_over, matters.file_withheld)
    inbox = InboxDeliveries(db, files, clock, cores.named)
    fetching = Fetching(db, files, clock, cores.named)
    handlers = {**journeys.handlers(), **inbox.handlers(), **fetching.handlers()}
    if settings.smtp_url:
        writer = Writer(texts, settings.mail_from, settings.public_url)
        post = Post(db, MailServer.at(settings.smtp_url), writer, clock, matters.notice_sent)
        handlers |= post.handlers()
    return handlers
