"""The small forms around a journey: their tokens, the revision of the draft, and what they ask themselves."""

from wtforms import BooleanField, HiddenField, MultipleFileField

from journeys.controls import MunicipalityControl
from portal.ui import PortalForm


class DraftForm(PortalForm):
    """What every form on a draft carries: which revision of it the person saw."""

    revision = HiddenField()

    def seen(self) -> int:
        """Return the revision; a forged one is none at all."""
        text = str(self.revision.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class StartForm(PortalForm):
    """Starting an application: to which municipality, and from which page the person came."""

    back = HiddenField()
    kov = MunicipalityControl(validate_choice=False)


class UploadForm(PortalForm):
    """Adding files to one document slot."""

    files = MultipleFileField(render_kw={"accept": ".pdf,.jpg,.jpeg,.png"})


class SendForm(DraftForm):
    """Sending: the person confirms that the data is true (SÜS § 21)."""

    confirm = BooleanField()
