"""The simulator's Pääsuke says what GovSSO's Representee 1.0 and RIA's tests say of the real one."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest
from stdnum.ee import ik, registrikood

from portal.demo.govsso import Mandate
from portal.demo.mandates import MANDATES, ROLES
from portal.demo.people import AINO, MARI_LIIS
from portal.identity import is_isikukood, is_registry_code
from tests.portal.demo.test_govsso import claims, enter, error, log_out, token
from tests.portal.demo.world import World

HOME = "EE99999994"
LIST = "openid representee.* representee_list"


@pytest.fixture
def world(world: World) -> World:
    world.govsso.paasuke.mandates = [
        Mandate(MARI_LIIS.code, HOME, ("BR_REPRIGHT:JUHL",), name="Näidise Hooldekodu SA"),
        Mandate(MARI_LIIS.code, AINO.code, ("UKS:A", "UKS:B"), given_name="AINO", family_name="MÄNNIK"),
    ]
    register(world, scopes=frozenset(LIST.split()) | {"phone"})
    return world


def register(world: World, **changed: Any) -> None:
    """Change what RIA has of the first client."""
    world.one.client = replace(world.one.client, **changed)
    world.govsso.settings = replace(world.govsso.settings, clients=[world.one.client, world.two.client])


def signed_in(world: World, scope: str = LIST) -> dict[str, Any]:
    return dict(token(world, code=enter(world, scope=scope)["code"]).json())


def renewed(world: World, answer: dict[str, Any], scope: str) -> httpx2.Response:
    return token(world, refresh_token=answer["refresh_token"], scope=scope)


def test_the_first_token_holds_the_list_and_never_a_representee(world: World) -> None:
    said = claims(world, signed_in(world))
    assert said["representee_list"] == {
        "status": "REPRESENTEE_LIST_CURRENT",
        "list": [
            {"sub": HOME, "type": "LEGAL_PERSON", "name": "Näidise Hooldekodu SA"},
            {"sub": AINO.code, "type": "NATURAL_PERSON", "given_name": "AINO", "family_name": "MÄNNIK"},
        ],
    }
    assert "representee" not in said


def test_a_plain_renewal_holds_neither(world: World) -> None:
    said = claims(world, renewed(world, signed_in(world), "openid").json())
    assert not {"representee", "representee_list"} & said.keys()


def test_a_renewal_tells_of_the_one_it_names_and_of_the_list_if_asked(world: World) -> None:
    answer = renewed(world, signed_in(world), f"openid representee.{AINO.code}").json()
    said = claims(world, answer)
    assert said["representee"] == {
        "status": "REQUESTED_REPRESENTEE_CURRENT",
        "sub": AINO.code,
        "type": "NATURAL_PERSON",
        "given_name": "AINO",
        "family_name": "MÄNNIK",
        "mandates": [{"role": "UKS:A"}, {"role": "UKS:B"}],
    }
    assert "representee_list" not in said
    both = claims(world, renewed(world, answer, f"openid representee.{HOME} representee_list").json())
    assert both["representee"]["name"] == "Näidise Hooldekodu SA"
    assert len(both["representee_list"]["list"]) == 2


def test_a_right_that_is_not_there_or_was_withdrawn_is_not_allowed_with_200(world: World) -> None:
    answer = renewed(world, signed_in(world), "openid representee.EE38001085718").json()
    assert claims(world, answer)["representee"] == {"status": "REQUESTED_REPRESENTEE_NOT_ALLOWED"}
    httpx2.post(world.url("simulator/mandate"), data={"index": "0"})
    answer = renewed(world, answer, f"openid representee.{HOME} representee_list").json()
    said = claims(world, answer)
    assert said["representee"] == {"status": "REQUESTED_REPRESENTEE_NOT_ALLOWED"}
    assert [one["sub"] for one in said["representee_list"]["list"]] == [AINO.code]
    httpx2.post(world.url("simulator/mandate"), data={"index": "0"})
    said = claims(world, renewed(world, answer, f"openid representee.{HOME}").json())
    assert said["representee"]["status"] == "REQUESTED_REPRESENTEE_CURRENT"


def test_a_silent_paasuke_is_said_in_the_token_and_the_sign_in_goes_on(world: World) -> None:
    httpx2.post(world.url("simulator/paasuke"))
    answer = signed_in(world)
    assert claims(world, answer)["representee_list"] == {"status": "SERVICE_NOT_AVAILABLE"}
    answer = renewed(world, answer, f"openid representee.{HOME}").json()
    assert claims(world, answer)["representee"] == {"status": "SERVICE_NOT_AVAILABLE"}
    page = httpx2.get(world.url("simulator")).text
    assert "ei vasta" in page
    assert "Näidise Hooldekodu SA" in page


def test_who_asks_about_themselves_gets_no_claim(world: World) -> None:
    said = claims(world, renewed(world, signed_in(world), f"openid representee.{MARI_LIIS.code}").json())
    assert "representee" not in said


@pytest.mark.parametrize(
    ("at_login", "later"),
    [
        ("openid", "openid representee_list"),
        ("openid", f"openid representee.{HOME}"),
        ("openid representee_list", f"openid representee.{HOME}"),
        ("openid representee.*", "openid representee_list"),
        (LIST, f"openid representee.{HOME} representee.{AINO.code}"),
        (LIST, "openid representee.99999994"),
        (LIST, "openid phone"),
    ],
)
def test_what_was_not_granted_at_login_is_answered_500_and_costs_nothing(
    world: World, at_login: str, later: str
) -> None:
    answer = signed_in(world, at_login)
    assert renewed(world, answer, later).status_code == 500
    assert renewed(world, answer, "openid").status_code == 200


def test_a_token_with_a_list_is_taken_by_post_alone(world: World) -> None:
    answer = signed_in(world)
    query = {
        "id_token_hint": answer["id_token"],
        "post_logout_redirect_uri": next(iter(world.one.client.post_logout_redirect_uris)),
    }
    assert world.browser.get(world.url("oauth2/sessions/logout"), params=query).status_code == 400
    assert log_out(world, answer).status_code == 303


def test_a_client_may_be_bound_to_its_addresses(world: World) -> None:
    answer = signed_in(world)
    register(world, token_addresses=frozenset({"192.0.2.1"}))
    assert error(renewed(world, answer, "openid")) == (400, "unauthorized_client")


def test_the_demos_mandates_name_people_and_entities_that_are_invented() -> None:
    for one in MANDATES:
        assert is_registry_code(one.representee) if one.name else is_isikukood(one.representee)
        assert all(f'"{role}"' in ROLES for role in one.roles)
    assert registrikood.is_valid("99999994")
    assert ik.is_valid(AINO.code[2:])
