"""The pages of embeds in a browser without a network."""

from dataclasses import dataclass

import httpx2

from embeds.entry import Service
from embeds.figures import Figures
from embeds.pages import EmbedPages
from embeds.sites import Sites
from portal.clock import FixedClock
from portal.db import Database
from portal.texts import Language
from tests.site import browser

RAKVERE = "0663"
SITES = Sites({RAKVERE: ("www.rakvere.ee",), "0793": ("www.tartu.ee",)})


def service(name: str, title: str, *, danger: bool = False) -> Service:
    names: dict[Language, str] = {"et": title, "en": f"{title} in English", "ru": f"{title} по-русски"}
    return Service(name, names, {each: f"{text}: lühidalt." for each, text in names.items()}, danger)


SERVICES = (
    service("toimetulekutoetus", "Toimetulekutoetus"),
    service("tugiisik", "Tugiisikuteenus"),
    service("abi-ohus", "Abi <ohus>", danger=True),
)


@dataclass
class Site:
    """The pages, and what they counted."""

    figures: Figures
    client: httpx2.AsyncClient


def open_site(db: Database, clock: FixedClock) -> Site:
    figures = Figures(db, clock)
    return Site(figures, browser(EmbedPages(lambda _code: SERVICES, SITES, figures).routes(), clock))
