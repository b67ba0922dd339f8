"""Why a passkey was not accepted."""

from enum import StrEnum


class Why(StrEnum):
    """What was wrong, as the person is told about it and the trail keeps it."""

    UNREADABLE = "unreadable"
    """What the browser sent is no answer to what it was asked."""
    CHALLENGE = "challenge"
    """The challenge is not ours, was used before, is older than five minutes, or was another browser's."""
    NOT_VERIFIED = "not-verified"
    """Another site's, forged, or without the person having been recognised by the device."""
    UNKNOWN = "unknown"
    """Nobody has this passkey here; it may have been removed."""
    OTHERS = "others"
    """The passkey is one person's, and the answer names another."""
    COUNTER = "counter"
    """The counter has not grown: there may be a copy (WebAuthn Level 3 §6.1.1)."""
    ASLEEP = "asleep"
    """The person's last sign-in through GovSSO was too long ago."""
    TAKEN = "taken"
    """This passkey is registered here already."""
    TOO_MANY = "too-many"
    """The person has as many passkeys as anybody may."""


class Refused(Exception):
    """A passkey was not accepted."""

    def __init__(self, why: Why, reason: str = "") -> None:
        super().__init__(f"{why}: {reason}" if reason else str(why))
        self.why = why
