"""The content security policies of the imitated platforms."""

from typing import Final

_OWN: Final = (
    "default-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)


def by_origin(portal: str, _nonce: str) -> str:
    """Name the portal's origin, as a platform does that keeps a list of hosts."""
    return f"{_OWN}; script-src 'self' {portal}; connect-src 'self' {portal}; frame-src 'self' {portal}"


def by_nonce(portal: str, nonce: str) -> str:
    """Let scripts in by nonce alone, and no text become HTML: the strictest that a site may have."""
    return (
        f"{_OWN}; script-src 'nonce-{nonce}' 'strict-dynamic'; connect-src {portal}; "
        f"frame-src 'self' {portal}; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def none(_portal: str, _nonce: str) -> str:
    """Say nothing, as WordPress does unless somebody adds it."""
    return ""


def own_only(_portal: str, _nonce: str) -> str:
    """Forget the portal: neither its script nor its frame nor its data come through."""
    return f"{_OWN}; script-src 'self'; connect-src 'self'; frame-src 'self'"
