"""The simulator does what RIA's documents and tests say of the real service."""

import base64
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from portal.demo.govsso import RegisteredClient
from portal.demo.people import AINO, MARI_LIIS
from tests.portal.demo.world import Service, World

STATE = "a-long-enough-state"


def ask(world: World, service: Service | None = None, /, **changed: str | None) -> httpx2.Response:
    client = (service or world.one).client
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": next(iter(client.redirect_uris)),
        "scope": "openid",
        "state": STATE,
        "nonce": "n-1",
    } | changed
    answer = world.browser.get(
        world.url("oauth2/auth"), params={name: value for name, value in query.items() if value is not None}
    )
    while answer.is_redirect and answer.headers["location"].startswith("/"):
        answer = world.browser.get(world.url(answer.headers["location"].lstrip("/")))
    return answer


def press(world: World, page: httpx2.Response, **fields: str) -> httpx2.Response:
    action = re.search(r'<form method="post" action="/([^"]+)"', page.text)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    assert action, page.text
    answer = world.browser.post(world.url(action[1]), data=hidden | fields)
    while answer.is_redirect and answer.headers["location"].startswith("/"):
        answer = world.browser.get(world.url(answer.headers["location"].lstrip("/")))
    return answer


def enter(
    world: World, service: Service | None = None, /, *, method: str = "idcard", **changed: str | None
) -> dict[str, str]:
    page = ask(world, service, **changed)
    assert page.status_code == 200, page.text
    return back(press(world, page, person=MARI_LIIS.code, method=method))


def back(answer: httpx2.Response) -> dict[str, str]:
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def basic(client: RegisteredClient, *, encode: bool = True) -> dict[str, str]:
    quote = quote_plus if encode else str
    raw = f"{quote(client.client_id)}:{quote(client.secret)}"
    return {"Authorization": "Basic " + base64.b64encode(raw.encode()).decode()}


def token(world: World, service: Service | None = None, /, **fields: str) -> httpx2.Response:
    client = (service or world.one).client
    if "code" in fields:
        fields = {
            "grant_type": "authorization_code",
            "redirect_uri": next(iter(client.redirect_uris)),
        } | fields
    elif "refresh_token" in fields:
        fields = {"grant_type": "refresh_token", "scope": "openid"} | fields
    return httpx2.post(world.url("oauth2/token"), data=fields, headers=basic(client))


def signed_in(world: World, service: Service | None = None) -> dict[str, Any]:
    answer = token(world, service, code=enter(world, service)["code"])
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def claims(world: World, answer: dict[str, Any]) -> dict[str, Any]:
    keys = KeySet.import_key_set(httpx2.get(world.url(".well-known/jwks.json")).json())
    return dict(jwt.decode(answer["id_token"], keys, algorithms=["RS256"]).claims)


def error(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def log_out(
    world: World, answer: dict[str, Any], service: Service | None = None, /, **changed: str
) -> httpx2.Response:
    client = (service or world.one).client
    form = {
        "id_token_hint": answer["id_token"],
        "post_logout_redirect_uri": next(iter(client.post_logout_redirect_uris)),
    } | changed
    first = world.browser.post(world.url("oauth2/sessions/logout"), data=form)
    if first.is_redirect and first.headers["location"].startswith("/"):
        return world.browser.get(world.url(first.headers["location"].lstrip("/")))
    return first


# --- discovery


def test_the_discovery_document_says_less_than_the_service_can(world: World) -> None:
    document = httpx2.get(world.url(".well-known/openid-configuration")).json()
    assert document["issuer"] == world.govsso.settings.issuer
    assert document["grant_types_supported"] == ["authorization_code"]
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]
    assert document["backchannel_logout_supported"] is True
    assert "userinfo_endpoint" not in document
    assert "code_challenge_methods_supported" not in document


# --- the authorization request


def test_a_fresh_browser_is_sent_on_to_tara_to_choose_a_person(world: World) -> None:
    page = ask(world)
    assert page.url.path == "/tara/authorize"
    assert page.text.count("<h1>") == 1
    assert "Mari-Liis Männik" in page.text
    assert "Liisa Männik" not in page.text.replace("Mari-Liis Männik", ""), "a small child does not sign in"


def test_the_code_comes_back_with_the_state(world: World) -> None:
    answer = enter(world)
    assert answer["state"] == STATE
    assert answer["code"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"scope": "openid email"}, "invalid_scope"),
        ({"scope": "phone"}, "invalid_scope"),
        ({"scope": "openid representee_list"}, "invalid_scope"),
        ({"state": "short"}, "invalid_state"),
        ({"state": None}, "invalid_state"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_these_faults_send_the_browser_back(world: World, changed: dict[str, str | None], code: str) -> None:
    assert back(ask(world, **changed))["error"] == code


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"acr_values": "high low"},
        {"prompt": "login"},
        {"id_token_hint": "x"},
    ],
)
def test_these_faults_keep_the_person_on_govssos_own_page(world: World, changed: dict[str, str]) -> None:
    answer = ask(world, **changed)
    assert answer.status_code in (400, 401)
    assert "Vea number" in answer.text


def test_silent_renewal_by_prompt_none_is_gone(world: World) -> None:
    enter(world)
    assert ask(world, prompt="none").status_code == 400


@pytest.mark.parametrize(
    ("wanted", "lang"), [("en", "en"), ("fi RU en", "ru"), ("fi", "et"), ("", "et"), ("ET", "et")]
)
def test_the_first_known_language_is_taken(world: World, wanted: str, lang: str) -> None:
    assert f'<html lang="{lang}">' in ask(world, ui_locales=wanted).text


def test_cancelling_is_told_as_user_cancel(world: World) -> None:
    answer = back(press(world, ask(world), cancel="1"))
    assert (answer["error"], answer["state"]) == ("user_cancel", STATE)


def test_a_method_below_the_asked_level_is_not_taken(world: World) -> None:
    assert press(world, ask(world), person=MARI_LIIS.code, method="eidas_low").status_code == 422


# --- the continue page


def test_a_session_of_another_service_may_be_continued_and_keeps_its_sid(world: World) -> None:
    first = signed_in(world, world.two)
    page = ask(world)
    assert page.url.path == "/login/init"
    assert MARI_LIIS.code in page.text
    code = back(press(world, page, choice="continue"))["code"]
    second = token(world, code=code).json()
    assert claims(world, first)["sid"] == claims(world, second)["sid"]


def test_signing_in_again_revokes_what_the_others_hold(world: World) -> None:
    first = signed_in(world, world.two)
    press(world, press(world, ask(world), choice="again"), person=AINO.code, method="idcard")
    assert error(token(world, world.two, refresh_token=first["refresh_token"])) == (400, "invalid_grant")
    assert len(world.two.logout_tokens) == 1


def test_a_session_of_a_lower_level_cannot_be_continued(world: World) -> None:
    enter(world, method="eidas_low", acr_values="low")
    page = ask(world, world.two)
    assert "kõrgemat autentimistaset" in page.text
    assert 'value="continue"' not in page.text


def test_the_continue_page_may_be_cancelled(world: World) -> None:
    enter(world, world.two)
    assert back(press(world, ask(world), choice="cancel"))["error"] == "user_cancel"


# --- the token endpoint


def test_an_id_token_has_every_claim_and_lives_fifteen_minutes(world: World) -> None:
    answer = signed_in(world)
    got = claims(world, answer)
    digest = hashlib.sha256(answer["access_token"].encode()).digest()[:16]
    assert got["exp"] - got["iat"] == 900
    assert got["at_hash"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert {name: got[name] for name in ("iss", "aud", "sub", "nonce", "amr", "acr", "birthdate")} == {
        "iss": world.govsso.settings.issuer,
        "aud": ["portal-demo"],
        "sub": MARI_LIIS.code,
        "nonce": "n-1",
        "amr": ["idcard"],
        "acr": "high",
        "birthdate": "1971-01-01",
    }
    assert {"sid", "jti", "auth_time", "rat", "given_name", "family_name"} <= got.keys()
    assert "phone_number" not in got


def test_the_phone_number_comes_only_when_asked_and_only_with_mobile_id(world: World) -> None:
    code = enter(world, scope="openid phone", method="mID")["code"]
    assert claims(world, token(world, code=code).json())["phone_number"] == "+37268000769"


def test_a_code_works_once(world: World) -> None:
    code = enter(world)["code"]
    assert token(world, code=code).status_code == 200
    assert error(token(world, code=code)) == (400, "invalid_grant")


def test_a_code_lives_thirty_seconds(world: World) -> None:
    code = enter(world)["code"]
    world.clock.advance(seconds=30)
    assert error(token(world, code=code)) == (400, "invalid_grant")


def test_a_code_of_another_client_is_worthless(world: World) -> None:
    assert error(token(world, world.two, code=enter(world)["code"])) == (400, "invalid_grant")


def test_a_code_bound_to_a_verifier_needs_it(world: World) -> None:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = enter(world, **asked)["code"]
    assert error(token(world, code=code, code_verifier="w" * 43)) == (400, "invalid_grant")
    assert token(world, code=code, code_verifier="v" * 43).status_code == 200


def test_both_parts_of_basic_authentication_are_form_encoded(world: World) -> None:
    raw = httpx2.post(
        world.url("oauth2/token"),
        data={"grant_type": "authorization_code", "code": "x"},
        headers=basic(world.one.client, encode=False),
    )
    assert raw.status_code == 400
    assert "not properly encoded" in raw.json()["error_description"]


def test_the_other_way_of_client_authentication_is_refused(world: World) -> None:
    form = {"grant_type": "refresh_token", "client_id": "other", "client_secret": "plain"}
    assert error(httpx2.post(world.url("oauth2/token"), data=form)) == (401, "invalid_client")
    assert error(httpx2.post(world.url("oauth2/token"), data={})) == (400, "invalid_grant")


# --- renewing


def test_a_renewal_keeps_sid_nonce_and_auth_time_and_brings_a_new_refresh_token(world: World) -> None:
    first = signed_in(world)
    world.clock.advance(minutes=13)
    second = token(world, refresh_token=first["refresh_token"]).json()
    old, new = claims(world, first), claims(world, second)
    assert all(old[name] == new[name] for name in ("sid", "nonce", "auth_time", "sub"))
    assert new["exp"] == old["exp"] + 13 * 60
    assert new["jti"] != old["jti"]
    assert second["refresh_token"] != first["refresh_token"]


def test_a_refresh_token_works_once(world: World) -> None:
    answer = signed_in(world)
    assert token(world, refresh_token=answer["refresh_token"]).status_code == 200
    assert error(token(world, refresh_token=answer["refresh_token"])) == (401, "token_inactive")


def test_a_refresh_token_dies_after_fifteen_minutes(world: World) -> None:
    answer = signed_in(world)
    world.clock.advance(minutes=15)
    assert error(token(world, refresh_token=answer["refresh_token"])) == (401, "token_inactive")


def test_garbage_and_anothers_refresh_tokens_are_invalid_grants(world: World) -> None:
    answer = signed_in(world)
    assert error(token(world, refresh_token="garbage")) == (400, "invalid_grant")
    assert error(token(world, world.two, refresh_token=answer["refresh_token"])) == (400, "invalid_grant")


def test_after_logout_a_renewal_is_an_invalid_request(world: World) -> None:
    answer = signed_in(world)
    log_out(world, answer)
    assert error(token(world, refresh_token=answer["refresh_token"])) == (400, "invalid_request")


def test_a_session_cannot_be_renewed_beyond_twelve_hours(world: World) -> None:
    answer = signed_in(world)
    for _ in range(51):
        world.clock.advance(minutes=14)
        answer = token(world, refresh_token=answer["refresh_token"]).json()
    world.clock.advance(minutes=14)
    assert error(token(world, refresh_token=answer["refresh_token"])) == (400, "invalid_request")


def test_another_services_renewal_keeps_the_browsers_session_alive(world: World) -> None:
    answer = signed_in(world)
    world.clock.advance(minutes=14)
    assert token(world, refresh_token=answer["refresh_token"]).status_code == 200
    world.clock.advance(minutes=14)
    assert ask(world, world.two).url.path == "/login/init"


# --- logging out


def test_logging_out_alone_comes_straight_back_and_tells_the_back_channel(world: World) -> None:
    answer = signed_in(world)
    sent = log_out(world, answer, state="12345678")
    assert (
        sent.headers["location"] == next(iter(world.one.client.post_logout_redirect_uris)) + "?state=12345678"
    )
    [told] = world.one.logout_tokens
    got = claims(world, {"id_token": told})
    assert got["sid"] == claims(world, answer)["sid"]
    assert got["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert not {"nonce", "exp", "sub"} & got.keys()


def test_an_expired_hint_still_logs_out(world: World) -> None:
    answer = signed_in(world)
    world.clock.advance(minutes=14)
    token(world, refresh_token=answer["refresh_token"])
    world.clock.advance(minutes=10)
    assert log_out(world, answer).is_redirect
    assert len(world.one.logout_tokens) == 1


def test_with_another_service_linked_the_person_is_asked(world: World) -> None:
    answer = signed_in(world)
    press(world, ask(world, world.two), choice="continue")
    page = log_out(world, answer)
    assert "Teenus other" in page.text
    press(world, page, choice="all")
    assert (len(world.one.logout_tokens), len(world.two.logout_tokens)) == (1, 1)


def test_continuing_keeps_the_others_signed_in(world: World) -> None:
    answer = signed_in(world)
    code = back(press(world, ask(world, world.two), choice="continue"))["code"]
    other = token(world, world.two, code=code).json()
    press(world, log_out(world, answer), choice="continue")
    assert token(world, world.two, refresh_token=other["refresh_token"]).status_code == 200
    assert error(token(world, refresh_token=answer["refresh_token"])) == (400, "invalid_request")
    assert not world.two.logout_tokens


@pytest.mark.parametrize(
    "changed",
    [{"post_logout_redirect_uri": "https://elsewhere.example/"}, {"id_token_hint": "x"}, {"state": "short"}],
)
def test_a_bad_logout_stays_on_govssos_own_page(world: World, changed: dict[str, str]) -> None:
    assert log_out(world, signed_in(world), **changed).status_code == 400


def test_a_posted_logout_must_not_carry_the_hint_in_its_address(world: World) -> None:
    answer = signed_in(world)
    sent = world.browser.post(
        world.url("oauth2/sessions/logout"), params={"id_token_hint": answer["id_token"]}
    )
    assert sent.status_code == 400


# --- steering


def test_a_rotated_key_signs_and_the_one_before_still_verifies(world: World) -> None:
    first = signed_in(world)
    world.govsso.keys.rotate()
    second = token(world, refresh_token=first["refresh_token"]).json()
    assert claims(world, first)["sid"] == claims(world, second)["sid"]


def test_it_can_be_down_and_its_renewals_can_break(world: World) -> None:
    answer = signed_in(world)
    world.govsso.faults.refresh_status = 500
    assert token(world, refresh_token=answer["refresh_token"]).status_code == 500
    world.govsso.faults.clear()
    assert token(world, refresh_token=answer["refresh_token"]).status_code == 200
    httpx2.post(world.url("simulator/down"))
    assert httpx2.get(world.url(".well-known/jwks.json")).status_code == 503
    assert "on maas" in httpx2.get(world.url("simulator")).text


def test_a_session_can_be_ended_from_the_simulators_page(world: World) -> None:
    sid = claims(world, signed_in(world))["sid"]
    page = httpx2.get(world.url("simulator"))
    assert sid in page.text
    httpx2.post(world.url("simulator/end"), data={"sid": sid})
    assert len(world.one.logout_tokens) == 1
