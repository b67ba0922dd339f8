"""Claims that JSON can carry and nobody can write down are not believed; pure."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.auth.govsso.claims import Expected, identity
from portal.auth.govsso.errors import InvalidToken
from portal.auth.govsso.representees import named_list

NOW = datetime(2026, 11, 17, 12, tzinfo=UTC)
EXPECTED = Expected("https://govsso.test/", "uks", "high", NOW)
HALF = "A\ud800"


def claims(**changed: Any) -> dict[str, Any]:
    return {
        "iss": "https://govsso.test/",
        "aud": "uks",
        "sub": "EE38001085718",
        "sid": "s",
        "acr": "high",
        "nonce": "n",
        "iat": NOW.timestamp(),
        "exp": NOW.timestamp() + 900,
    } | changed


def test_a_token_without_names_is_still_somebody() -> None:
    assert identity(claims(), EXPECTED, nonce="n", access_token="").sub == "EE38001085718"


@pytest.mark.parametrize("name", ["given_name", "family_name", "sub", "sid", "nonce"])
def test_half_a_letter_is_refused(name: str) -> None:
    with pytest.raises(InvalidToken, match=name):
        identity(claims(**{name: HALF}), EXPECTED, nonce="n", access_token="")


def test_a_name_of_half_a_letter_is_left_out_of_the_list() -> None:
    entry = {"sub": "EE99999994", "type": "LEGAL_PERSON", "name": HALF}
    said = {"status": "REPRESENTEE_LIST_CURRENT", "list": [entry]}
    found = named_list(claims(representee_list=said))
    assert found
    assert found.people == []
