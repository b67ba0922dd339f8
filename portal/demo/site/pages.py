"""Which pages the site has, and under which policy each is served."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from portal.demo.site import policies
from portal.demo.site.wordpress import brought, embedded

Policy = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A page: `name` is its path and its template, `look` the style sheet of its platform."""

    name: str
    title: str
    look: str
    policy: Policy = policies.none
    oembed: Callable[[str], str] | None = None
    trial: bool = False

    @property
    def path(self) -> str:
        """Give its address."""
        return f"/proovid/{self.name}" if self.trial else f"/{self.name}"

    @property
    def template(self) -> str:
        """Name its template."""
        return f"{'trials/' if self.trial else ''}{self.name or 'index'}.html"


FRONT: Final = SamplePage("", "Sotsiaalabi", "html", policies.by_origin)
PLATFORMS: Final = (
    SamplePage("html", "Tavaline HTML-leht", "html", oembed=brought),
    SamplePage("kovtp", "KOVTP jäljendus (Liferay)", "kovtp", policies.by_origin, brought),
    SamplePage(
        "omavalitsusportaal",
        "Omavalitsusportaali jäljendus (Drupal)",
        "omavalitsusportaal",
        policies.by_nonce,
    ),
    SamplePage("wordpress", "WordPressi jäljendus", "wordpress", oembed=embedded),
)
TRIALS: Final = tuple(
    SamplePage(name, title, look, policy, trial=True)
    for name, title, look, policy in (
        ("css", "Lehe CSS on vaenulik", "hostile", policies.none),
        ("vorm", "Element on vormi sees", "html", policies.none),
        ("mitu", "Mitu sissepääsu ühel lehel", "html", policies.none),
        ("paremalt", "Leht loetakse paremalt vasakule", "html", policies.none),
        ("kitsas", "Element on kitsas veerus", "html", policies.none),
        ("keelatud", "Leht ei luba võõrast skripti ega raami", "html", policies.own_only),
        ("katki", "Skript ei tule kohale", "html", policies.none),
        ("liivakast", "Raam on liivakastis, mis ei luba midagi", "html", policies.none),
        ("toimetaja", "WordPress, kus toimetaja tohib vähe", "wordpress", policies.none),
        ("voorad", "Raamid, mida see leht näidata ei tohi", "html", policies.none),
        ("vaenlane", "Leht, mis tahab andmeid ja suunata mujale", "html", policies.none),
    )
)
