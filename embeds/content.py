"""The words and addresses of an entry: what the element fetches and the frame shows."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from embeds.entry import Entry, Grade, Kind, Service


def _(text: str) -> str:
    return text


Say = Callable[..., str]
EMERGENCY: Final = (("112", _("hädaabi")), ("116111", _("lasteabi")), ("116006", _("ohvriabi")))


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, its address, and its name where the words alone say too little."""

    text: str
    url: str
    label: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number to call."""

    number: str
    shown: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is shown: a heading, one button or a list, links below, numbers to call."""

    lang: str
    title: str
    text: str
    button: Link | None
    list: tuple[Link, ...]
    links: tuple[Link, ...]
    numbers: tuple[Number, ...]
    brand: str

    def as_data(self) -> dict[str, Any]:
        """Give it as the element's data."""
        return {"version": 1, **asdict(self)}


def content(entry: Entry, grade: Grade, base: str, say: Say, back: str = "") -> Content:
    """Say an entry in its language; `base` is the portal's address."""

    def link(text: str, path: str, label: str = "", summary: str = "") -> Link:
        return Link(text, base + path, label, summary)

    matter = link(say(_("Vaata oma taotlust")), entry.go(None, grade, matter=True, back=back))
    title, text, button = say(_("Kus on minu asi?")), "", None
    lines: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    if entry.kind is Kind.MATTER:
        text, button = say(_("Logige sisse ja vaadake oma taotlusi, kirju ja otsuseid.")), matter
    elif one := entry.only:
        title, text, links = one.names[entry.lang], one.summaries[entry.lang], (matter,)
        label = say(_("Taotle: %(service)s"), service=title)
        button = link(say(_("Taotle")), entry.go(one, grade, back=back), label)
    else:
        title = say(_("Toetused ja teenused: %(place)s"), place=entry.place.place)
        lines = tuple(
            link(each.names[entry.lang], entry.go(each, grade, back=back)) for each in entry.services
        )
        everything = link(say(_("Kõik toetused ja teenused")), entry.go(None, grade, back=back))
        links = (everything, matter) if entry.chosen else (matter,)
    return Content(
        entry.lang,
        title,
        text,
        button,
        lines,
        links,
        _numbers(entry, say),
        say(_("Uks · sotsiaalabi iseteenindus")),
    )


def _numbers(entry: Entry, say: Say) -> tuple[Number, ...]:
    if entry.kind is Kind.MATTER or not any(each.danger for each in entry.services):
        return ()
    return tuple(Number(number, _spaced(number), say(text)) for number, text in EMERGENCY)


def _spaced(number: str) -> str:
    return number if len(number) == 3 else f"{number[:3]} {number[3:]}"


def plain(entry: Entry, grade: Grade, base: str, say: Say) -> tuple[Link, ...]:
    """Give the plain links of an entry: what stands where nothing is loaded."""

    def of(service: Service) -> Link:
        name = service.names[entry.lang]
        return Link(say(_("Taotle: %(service)s"), service=name), base + entry.go(service, grade))

    if entry.kind is Kind.MATTER:
        return (Link(say(_("Vaata oma taotlust")), base + entry.go(None, grade, matter=True)),)
    if not entry.chosen:
        words = say(_("Toetused ja teenused: %(place)s"), place=entry.place.place)
        return (Link(words, base + entry.go(None, grade)),)
    return tuple(of(each) for each in entry.chosen)
