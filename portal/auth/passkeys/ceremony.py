"""The two ceremonies of WebAuthn Level 3 (§7): what the browser is asked, and whether its answer holds; pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.auth.passkeys.challenges import LIFE
from portal.auth.passkeys.errors import Refused, Why

_LARGEST: Final = 16 * 1024
_LONGEST_ID: Final = 1023
_MILLISECONDS: Final = int(LIFE.total_seconds()) * 1000
_TRANSPORTS: Final = frozenset({"usb", "nfc", "ble", "hybrid", "internal", "smart-card"})


@dataclass(frozen=True, slots=True)
class Site:
    """For which site passkeys are made; both are parts of the portal's public address."""

    origin: str
    rp_id: str

    @classmethod
    def at(cls, public_url: str) -> "Site":
        """Take the site of the portal's address."""
        parts = urlsplit(public_url)
        return cls(f"{parts.scheme}://{parts.netloc}", parts.hostname or "")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser sent, read as far as needed to know whose it claims to be."""

    text: str
    credential_id: bytes
    challenge: bytes
    handle: bytes
    transports: str


@dataclass(frozen=True, slots=True)
class Made:
    """A new passkey, checked."""

    credential_id: bytes
    public_key: bytes
    counter: int
    backed_up: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passkey's checked signature says beside that it is its own."""

    counter: int
    backed_up: bool


def asked_to_make(
    site: Site, handle: bytes, name: str, challenge: bytes, known: Iterable[bytes]
) -> dict[str, Any]:
    """Give the options for making a passkey: on the device to be found by itself, and never without its owner."""
    options = generate_registration_options(
        rp_id=site.rp_id,
        rp_name="Uks",
        user_name=name,
        user_id=handle,
        challenge=challenge,
        timeout=_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json_dict(options)


def asked_to_sign(site: Site, challenge: bytes) -> dict[str, Any]:
    """Give the options for signing in; no passkey is named, so nothing is told of who has one."""
    options = generate_authentication_options(
        rp_id=site.rp_id,
        challenge=challenge,
        timeout=_MILLISECONDS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def read(text: str) -> Sent:
    """Read what a browser sent; raises `Refused`. Nothing of it is believed yet."""
    if len(text) > _LARGEST:
        raise Refused(Why.UNREADABLE, "too long")
    try:
        sent = json.loads(text)
        response = sent["response"]
        told = json.loads(base64url_to_bytes(response["clientDataJSON"]))
        credential_id = base64url_to_bytes(sent["rawId"])
        challenge = base64url_to_bytes(told["challenge"])
        handle = base64url_to_bytes(response.get("userHandle") or "")
        transports = {str(one) for one in response.get("transports") or ()} & _TRANSPORTS
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused(Why.UNREADABLE, type(error).__name__) from error
    if not 0 < len(credential_id) <= _LONGEST_ID:
        raise Refused(Why.UNREADABLE, "id")
    return Sent(text, credential_id, challenge, handle, " ".join(sorted(transports)))


def made(site: Site, sent: Sent) -> Made:
    """Check a new passkey (§7.1); raises `Refused`. Whether the challenge is ours, the caller has asked."""
    try:
        found = verify_registration_response(
            credential=sent.text,
            expected_challenge=sent.challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:
        # Readers of CBOR and of keys fail in many ways at bytes that a stranger chose: all of them are a no.
        raise Refused(Why.NOT_VERIFIED, type(error).__name__) from error
    if found.credential_id != sent.credential_id:
        raise Refused(Why.NOT_VERIFIED, "id")
    return Made(
        found.credential_id, found.credential_public_key, found.sign_count, found.credential_backed_up
    )


def answered(site: Site, sent: Sent, public_key: bytes) -> Answer:
    """Check a passkey's signature (§7.2); raises `Refused`. The counter is left to the caller."""
    try:
        found = verify_authentication_response(
            credential=sent.text,
            expected_challenge=sent.challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            credential_public_key=public_key,
            # The library would look at the counter before the signature: a stranger could cry "copy".
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:
        # As above: whatever the reading of foreign bytes ends with is a no.
        raise Refused(Why.NOT_VERIFIED, type(error).__name__) from error
    return Answer(found.new_sign_count, found.credential_backed_up)


def counter_holds(before: int, now: int) -> bool:
    """Tell whether a counter is as it should be: it grows, or it is always 0 (synced passkeys count nothing)."""
    return now > before or now == before == 0
