"""The form that every form grows from: its token, its once-only id, and the party it is for."""

import hmac
from hashlib import sha256
from typing import Any
from uuid import UUID

from starlette.datastructures import FormData
from wtforms import FileField, Form, HiddenField
from wtforms.csrf.core import CSRF

from portal.db import new_id


class _SessionToken(CSRF):
    """The token is the session's own; comparing takes the same time for every wrong one."""

    def setup_form(self, form: Any) -> Any:
        self.token = form.meta.csrf_token
        return super().setup_form(form)

    def generate_csrf_token(self, csrf_token_field: Any) -> str:
        return str(self.token)

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Nothing here: a wrong token never gets as far as validation (`Visit.form`)."""


class PortalForm(Form):
    """A form of the portal; `form_id` is made by the server and makes a repeated sending harmless."""

    class Meta:
        """Tokens come from the session; the language from the address."""

        csrf = True
        csrf_class = _SessionToken
        csrf_token = ""
        language = "et"

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Let files come to the fields for files only: to any other field nothing was sent."""
            if formdata is None:
                return None
            fields = form._fields
            return FormData(
                [
                    (name, value)
                    for name, value in formdata.multi_items()
                    if isinstance(value, str) or isinstance(fields.get(name), FileField)
                ]
            )

    form_id = HiddenField()
    party = HiddenField()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        if not self.form_id.data:
            self.form_id.data = str(new_id())

    def carried(self) -> list[tuple[str, str]]:
        """List the names and values of what travels with the form unseen."""
        hidden = [each for each in self if isinstance(each, HiddenField)]
        return [(each.name, each._value()) for each in hidden]  # type: ignore[attr-defined]

    def is_from_this_session(self) -> bool:
        """Tell whether the token that came is this session's."""
        came, own = str(self["csrf_token"].data or ""), str(self.meta.csrf_token)
        return bool(own) and hmac.compare_digest(came.encode(), own.encode())

    def once_only_id(self, *content: bytes) -> UUID:
        """Give the id that makes a repeat harmless; a forged text becomes a fresh id.

        With content, a repeat is the same form with the same content: who goes back and writes on means more.
        """
        try:
            given = UUID(str(self.form_id.data))
        except ValueError:
            return new_id()
        if not content:
            return given
        mark = sha256(given.bytes + b"".join(sha256(each).digest() for each in content)).digest()
        # The time stays at the front, and the id a UUIDv7.
        return UUID(bytes=given.bytes[:8] + bytes([0x80 | mark[0] & 0x3F]) + mark[1:8])
