"""What an ID Token and a logout token must say to be believed; pure (GovSSO specification §§ 7.1, 7.2)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from portal.auth.govsso.errors import InvalidToken
from portal.auth.govsso.representees import ONE, NamedList, is_text, named_list

LEEWAY: Final = timedelta(seconds=30)
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_MAX_AGE: Final = timedelta(minutes=10)
_LEVELS: Final = ("low", "substantial", "high")


@dataclass(frozen=True, slots=True)
class Expected:
    """What the tokens of this portal must say."""

    issuer: str
    client_id: str
    min_acr: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in, as a checked ID Token says; `asked_about` is its claim about a representee, still unread."""

    sub: str
    given_name: str
    family_name: str
    birthdate: date | None
    sid: str
    acr: str
    amr: str
    nonce: str
    auth_time: datetime | None
    expires_at: datetime
    representees: NamedList | None = None
    asked_about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Whose session GovSSO ended, as a checked logout token says."""

    jti: str
    sid: str | None
    sub: str | None


def identity(claims: Mapping[str, Any], expected: Expected, *, nonce: str, access_token: str) -> Identity:
    """Check an ID Token's claims; raises `InvalidToken`."""
    _check_origin(claims, expected)
    expires_at = _check_time(claims, expected.now)
    acr = _text(claims, "acr")
    if acr not in _LEVELS or _LEVELS.index(acr) < _LEVELS.index(expected.min_acr):
        raise InvalidToken("acr")
    if not hmac.compare_digest(_text(claims, "nonce").encode(), nonce.encode()):
        raise InvalidToken("nonce")
    if "at_hash" in claims and claims["at_hash"] != _at_hash(access_token):
        raise InvalidToken("at_hash")
    return Identity(
        sub=_text(claims, "sub"),
        given_name=_text(claims, "given_name", required=False),
        family_name=_text(claims, "family_name", required=False),
        birthdate=_birthdate(claims.get("birthdate")),
        sid=_text(claims, "sid"),
        acr=acr,
        amr=_amr(claims.get("amr")),
        nonce=nonce,
        auth_time=_moment(claims, "auth_time") if "auth_time" in claims else None,
        expires_at=expires_at,
        representees=named_list(claims),
        asked_about={ONE: claims[ONE]} if ONE in claims else {},
    )


def logged_out(claims: Mapping[str, Any], header: Mapping[str, Any], expected: Expected) -> LoggedOut:
    """Check a logout token's claims (OpenID Connect Back-Channel Logout 1.0 §2.6); raises `InvalidToken`."""
    _check_origin(claims, expected)
    issued_at = _moment(claims, "iat")
    if not expected.now - _LOGOUT_MAX_AGE <= issued_at <= expected.now + LEEWAY:
        raise InvalidToken("iat")
    if "exp" in claims and _moment(claims, "exp") <= expected.now - LEEWAY:
        raise InvalidToken("exp")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise InvalidToken("events")
    # This is what tells an ID Token, sent here by somebody who found one, from a logout token.
    if "nonce" in claims:
        raise InvalidToken("nonce")
    if str(header.get("typ", "JWT")).lower() not in ("jwt", "logout+jwt"):
        raise InvalidToken("typ")
    sid, sub = _text(claims, "sid", required=False), _text(claims, "sub", required=False)
    if not sid and not sub:
        raise InvalidToken("sid")
    return LoggedOut(_text(claims, "jti"), sid or None, sub or None)


def _check_origin(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise InvalidToken("iss")
    # Exactly us and nobody besides: a library lets another audience pass when `azp` is ours.
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise InvalidToken("aud")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise InvalidToken("azp")


def _check_time(claims: Mapping[str, Any], now: datetime) -> datetime:
    if _moment(claims, "iat") > now + LEEWAY:
        raise InvalidToken("iat")
    expires_at = _moment(claims, "exp")
    if expires_at <= now - LEEWAY:
        raise InvalidToken("exp")
    return expires_at


def _text(claims: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value: str = claims.get(name, "")
    if not is_text(value) or len(value) > 256 or (required and not value):
        raise InvalidToken(name)
    return value


def _moment(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 2**40:
        raise InvalidToken(name)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError) as error:
        raise InvalidToken(name) from error


def _birthdate(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _amr(value: object) -> str:
    methods = value if isinstance(value, list) else []
    return " ".join(str(one) for one in methods)[:40]


def _at_hash(access_token: str) -> str:
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
