"""ID Tokens as GovSSO makes them."""

import base64
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from portal.demo.govsso.control import Govsso
from portal.demo.govsso.state import TOKEN_LIFE, Authorization, SsoSession
from portal.demo.people import MOBILE_ID


def token_answer(
    govsso: Govsso, asked: Authorization, session: SsoSession, scope: Sequence[str]
) -> dict[str, Any]:
    """Give new tokens for a session and start its 15 minutes again; `scope` is that of this request alone."""
    now = govsso.now()
    session.prolong(asked.client, now)
    access_token = "ory_at_" + secrets.token_urlsafe(32)
    claims = _claims(govsso, asked, session, access_token)
    claims |= govsso.paasuke.claims(session.person.code, scope)
    claims = govsso.faults.on_claims(claims)
    return {
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": 1,
        "scope": " ".join(asked.scope),
        "refresh_token": govsso.state.new_refresh_token(asked, session, now),
        "id_token": govsso.faults.on_token(govsso.keys.sign(claims)),
    }


def _claims(govsso: Govsso, asked: Authorization, session: SsoSession, access_token: str) -> dict[str, Any]:
    issued = int(govsso.now().timestamp())
    person = session.person
    claims: dict[str, Any] = {
        "iss": govsso.settings.issuer,
        "aud": [asked.client.client_id],
        "sub": person.code,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birthdate": person.birthdate.isoformat(),
        "amr": [session.amr],
        "acr": session.acr,
        "at_hash": at_hash(access_token),
        "sid": session.sid,
        "jti": str(uuid.uuid4()),
        "iat": issued,
        "exp": issued + int(TOKEN_LIFE.total_seconds()),
        "auth_time": int(session.started_at.timestamp()),
        "rat": int(asked.requested_at.timestamp()),
    }
    if asked.nonce:
        claims["nonce"] = asked.nonce
    if "phone" in asked.scope and session.amr == MOBILE_ID and person.phone:
        claims |= {"phone_number": person.phone, "phone_number_verified": True}
    return claims


def at_hash(access_token: str) -> str:
    """Hash an access token as OpenID Connect Core 1.0 §3.1.3.6 says for RS256."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
