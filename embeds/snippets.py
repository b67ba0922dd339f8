"""The four grades of an entry as HTML to paste."""

from dataclasses import dataclass

from markupsafe import Markup

from embeds.content import Link, Say, plain
from embeds.entry import Entry, Grade, Kind, Look
from embeds.files import ELEMENT, integrity

# The buttons of the platforms themselves: Liferay, Drupal and WordPress know one of these each.
_BUTTON = "btn btn-primary button button--primary wp-element-button"
_REFERRER = "no-referrer-when-downgrade"


@dataclass(frozen=True, slots=True)
class Snippet:
    """What to paste; `style` is a line for the site's own style sheet that keeps the layout from jumping."""

    code: Markup
    style: str = ""

    @property
    def text(self) -> str:
        """The code as text: what is escaped when it is shown, and not run."""
        return str(self.code)


def snippet(entry: Entry, grade: Grade, base: str, title: str, say: Say) -> Snippet:
    """Write an entry in one of its grades; `base` is the portal's address."""
    if grade is Grade.FRAME:
        return Snippet(frame(entry, base, title))
    if grade is Grade.OEMBED:
        return Snippet(Markup.escape(base + oembed_path(entry)))
    if grade is Grade.ELEMENT:
        return Snippet(
            Markup("{}\n{}").format(script(base), element(entry, plain(entry, Grade.ELEMENT, base, say))),
            f"uks-entry {{ display: block; min-height: {entry.height}px }}",
        )
    return Snippet(links(plain(entry, Grade.LINK, base, say), button=entry.look is Look.BUTTON))


def frame(entry: Entry, base: str, title: str) -> Markup:
    """Write the frame, as high as it needs to be on a phone."""
    look = {"look": str(entry.look)} if entry.look is not Look.CARD else {}
    return Markup(
        '<iframe src="{}" title="{}" width="100%" height="{}" frameborder="0" loading="lazy" referrerpolicy="{}"></iframe>'
    ).format(
        f"{base}/embed/v1/frame/{entry.place.slug}?{entry.query(**look)}", title, entry.height, _REFERRER
    )


def script(base: str) -> Markup:
    """Write the element's script with its hash."""
    return Markup('<script defer src="{}" integrity="{}" crossorigin="anonymous"></script>').format(
        f"{base}/embed/v1/{ELEMENT}", integrity()
    )


def element(entry: Entry, inside: tuple[Link, ...]) -> Markup:
    """Write the element; the links inside stay wherever it cannot work."""
    said = {"municipality": entry.place.slug}
    if entry.kind is Kind.MATTER:
        said["kind"] = entry.kind
    elif entry.chosen:
        said["services"] = " ".join(each.id for each in entry.chosen)
    said["lang"] = entry.lang
    if entry.look is not Look.CARD:
        said["look"] = entry.look
    attributes = Markup(" ").join(Markup('{}="{}"').format(name, value) for name, value in said.items())
    return Markup("<uks-entry {}>\n{}\n</uks-entry>").format(attributes, links(inside, button=False))


def links(all_of_them: tuple[Link, ...], *, button: bool) -> Markup:
    """Write plain links; the site's own style sheet makes a button of one."""
    kind = Markup(' class="{}"').format(_BUTTON) if button else Markup()
    line = Markup('<a{} href="{}" referrerpolicy="{}">{}</a>')
    written = [line.format(kind, each.url, _REFERRER, each.text) for each in all_of_them]
    if len(written) == 1:
        return written[0]
    return Markup("<ul>\n{}\n</ul>").format(
        Markup("\n").join(Markup("  <li>{}</li>").format(each) for each in written)
    )


def oembed_path(entry: Entry) -> str:
    """Give the path of the page that an oEmbed host is given: of the service, or of the municipality."""
    if entry.only:
        return f"/{entry.lang}/services/{entry.only.id}?kov={entry.place.code}"
    return f"/{entry.lang}/kov/{entry.place.slug}"
