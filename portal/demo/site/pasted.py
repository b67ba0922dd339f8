"""What the webmaster copied from the portal's page of snippets, for Rakvere."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from markupsafe import Markup

from embeds.content import Say, content, plain
from embeds.entry import Entry, Grade, Services, entry_of
from embeds.snippets import element, frame, script, snippet
from portal.authorities import authority
from portal.texts import Texts

OWN: Final = authority("0663")


@dataclass(frozen=True, slots=True)
class Pasted:
    """The snippets; a webmaster may only add to them what the site asks for."""

    portal: str
    services: Services
    texts: Texts

    def link(self, *services: str, **said: str) -> Markup:
        """Give plain links."""
        entry = self._entry(services, said)
        return snippet(entry, Grade.LINK, self.portal, "", self._say(entry)).code

    def frame(self, *services: str, sandbox: str | None = None) -> Markup:
        """Give a frame, in a sandbox where the platform has one."""
        entry = self._entry(services, {})
        title = content(entry, Grade.FRAME, self.portal, self._say(entry)).title
        added = "" if sandbox is None else Markup('sandbox="{}" ').format(sandbox)
        return frame(entry, self.portal, title).replace(Markup("<iframe "), Markup("<iframe ") + added)

    def element(self, *services: str, **said: str) -> Markup:
        """Give an element, for the script that stands in the head."""
        entry = self._entry(services, said)
        return element(entry, plain(entry, Grade.ELEMENT, self.portal, self._say(entry)))

    def script(self, nonce: str = "") -> Markup:
        """Give the script, with the nonce of the page where it has one."""
        added = Markup('nonce="{}" ').format(nonce) if nonce else ""
        return script(self.portal).replace(Markup("<script "), Markup("<script ") + added)

    def address(self, service: str) -> str:
        """Give the address that becomes an oEmbed."""
        entry = self._entry((service,), {})
        return snippet(entry, Grade.OEMBED, self.portal, "", self._say(entry)).code.unescape()

    def _entry(self, services: tuple[str, ...], said: dict[str, str]) -> Entry:
        return entry_of(OWN, self.services(OWN.code), services, **{"lang": "et", **said})

    def _say(self, entry: Entry) -> Say:
        return partial(self.texts.say, entry.lang)
