"""The forms of Minu suhtlus."""

import re
from dataclasses import dataclass
from typing import Any, Final

from wtforms import MultipleFileField, SelectField, StringField, TextAreaField

from inbox.uploads import Upload, received
from portal.ui import PortalForm, Visit

MOST_LETTERS: Final = 20_000
LONGEST_REASON: Final = 2000
LONGEST_SUBJECT: Final = 150
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def clean(text: str | None) -> str:
    """Give a text as it can be sent: one kind of line end, nothing unprintable, no lone halves of letters."""
    whole = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", whole.encode("utf-8", "ignore").decode()).strip()


class WritingForm(PortalForm):
    """A text and files: a letter, or the answer to a task."""

    text = TextAreaField(filters=[clean])
    files = MultipleFileField()


def one_line(text: str | None) -> str:
    """Give a text as one line."""
    return " ".join(clean(text).split())


class NewLetterForm(WritingForm):
    """A letter that begins a thread: to whom, about what."""

    authority = SelectField(choices=[], validate_choice=False)
    subject = StringField(filters=[one_line])
    text = TextAreaField(filters=[clean])
    files = MultipleFileField()

    def is_addressed(self, visit: Visit, *, known: bool) -> bool:
        """Tell whether it has a reader and a subject; if not, the fields say so."""
        subject = str(self.subject.data or "")
        if not known:
            _complain(self.authority, visit.gettext("Valige, kellele Te kirjutate."))
        if not subject:
            _complain(self.subject, visit.gettext("Kirjutage mõne sõnaga, mille kohta kiri on."))
        if len(subject) > LONGEST_SUBJECT:
            longest = visit.gettext("Kirjutage lühemalt: kuni %(most)s märki", most=LONGEST_SUBJECT)
            _complain(self.subject, longest)
        return not self.authority.errors and not self.subject.errors


class PlainForm(PortalForm):
    """A form of one button."""


class WithdrawalForm(PortalForm):
    """Taking back, with the reason if the person gives one."""

    reason = TextAreaField(filters=[clean])

    def is_short(self, visit: Visit) -> bool:
        """Tell whether the reason can be taken whole; if not, the field says so."""
        if len(str(self.reason.data or "")) <= LONGEST_REASON:
            return True
        _complain(self.reason, visit.gettext("Kirjutage lühemalt: kuni %(most)s märki", most=LONGEST_REASON))
        return False


@dataclass(frozen=True, slots=True)
class Written:
    """What the person wrote, when all of it can be taken."""

    text: str
    uploads: list[Upload]

    @property
    def content(self) -> list[bytes]:
        """All that was written, as a repeat is known by."""
        return [self.text.encode(), *(each.content for each in self.uploads)]


async def written(
    visit: Visit, form: WritingForm, *, missing: str, files_may_stand_alone: bool
) -> Written | None:
    """Check what came; None when something must be put right, which the form then says.

    `missing` is the sentence for an empty text, already in the person's language.
    """
    uploads, wrong = await received(form.files.data or [])
    text = str(form.text.data or "")
    if not text and not (files_may_stand_alone and (uploads or wrong)):
        _complain(form.text, missing)
    if len(text) > MOST_LETTERS:
        _complain(form.text, visit.gettext("Tekst on liiga pikk. Lühendage seda või lisage see failina."))
    for reason, name in wrong:
        _complain(form.files, visit.gettext(reason, name=name) if name else visit.gettext(reason))
    if form.errors and uploads:
        # A browser cannot give the files back: the person must be told to choose them again.
        _complain(form.files, visit.gettext("Valige failid uuesti: brauser ei jäta neid meelde."))
    return None if form.errors else Written(text, uploads)


def _complain(field: Any, text: str) -> None:
    field.errors = [*field.errors, text]
