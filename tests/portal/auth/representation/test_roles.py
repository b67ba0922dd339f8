"""What Pääsuke's roles amount to here, and a file of roles that is wrong is told in one line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journeys.loading import load_catalogue
from portal.auth.representation.roles import Allowed, right_by
from portal.demo.mandates import ROLES as ROLES_OF_THE_DEMO
from portal.identity import ALL_ABILITIES, Ability, Right, RightKind
from portal.parts.paasuke import BadRoles, load_roles

UNTIL = datetime(2026, 11, 17, 13, tzinfo=UTC)
SEE, FILL, SEND = Ability.SEE, Ability.FILL, Ability.SEND
A, B = frozenset({"a"}), frozenset({"b"})
ROLES = {
    "N:ALL": Allowed(ALL_ABILITIES),
    "N:SEE": Allowed(frozenset({SEE})),
    "N:FILL": Allowed(frozenset({FILL})),
    "N:SEE_A": Allowed(frozenset({SEE}), A),
    "N:SEND_B": Allowed(frozenset({SEND}), B),
    "N:SEE_SEND_A": Allowed(frozenset({SEE, SEND}), A),
}


@pytest.mark.parametrize(
    ("held", "scope"),
    [
        ({"N:ALL"}, ALL_ABILITIES),
        ({"N:SEE", "N:FILL"}, {SEE, FILL}),
        ({"N:SEE", "X:NEW"}, {SEE}),
        ({"N:SEE_A"}, {SEE, "service:a"}),
        ({"N:SEE", "N:SEE_A"}, {SEE}),
        ({"N:SEE", "N:SEE_SEND_A"}, {SEE, SEND, "service:a"}),
    ],
)
def test_roles_for_the_same_services_add_up(held: set[str], scope: set[str]) -> None:
    assert right_by(ROLES, held, "paasuke", UNTIL) == Right(
        RightKind.MANDATE, "paasuke", frozenset(scope), UNTIL
    )


def test_who_may_see_one_thing_and_send_another_never_sends_the_first() -> None:
    right = right_by(ROLES, {"N:SEE_A", "N:SEND_B"}, "paasuke", UNTIL)
    assert right
    assert not (right.allows(SEND) and right.covers(None, "a"))


@pytest.mark.parametrize("held", [set(), {"X:NEW"}, {"n:all"}, {"N:ALL "}])
def test_no_known_role_is_no_right(held: set[str]) -> None:
    assert right_by(ROLES, held, "paasuke", UNTIL) is None


def test_a_file_maps_codes_to_what_they_allow(tmp_path: Path) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(
        '[roles."BR_REPRIGHT:JUHL_SOLEREP"]\nabilities = ["see", "fill", "send", "notices"]\n'
        '[roles."UKS:LUGEJA"]\nabilities = ["see"]\nservices = ["a"]\nkind = "mandate"\n'
    )
    assert load_roles(path, {"a"}) == {
        "BR_REPRIGHT:JUHL_SOLEREP": Allowed(ALL_ABILITIES),
        "UKS:LUGEJA": Allowed(frozenset({SEE}), A),
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "roles = 1",
        "[roles]",
        "[roles.X]",
        "[roles.X]\nabilities = []",
        '[roles.X]\nabilities = ["everything"]',
        '[roles.X]\nabilities = ["see"]\nservices = ["z"]',
        '[roles.X]\nabilities = ["see"]\nkind = "self"',
        '[roles.X]\nabilities = ["see"]\nuntil = "2030-01-01"',
        "[roles",
    ],
)
def test_a_wrong_file_names_itself(tmp_path: Path, text: str) -> None:
    path = tmp_path / "roles.toml"
    path.write_text(text)
    with pytest.raises(BadRoles, match=r"roles\.toml"):
        load_roles(path, {"a"})


def test_the_files_of_the_document_and_of_the_demo_can_be_read(tmp_path: Path) -> None:
    document = (Path(__file__).parents[4] / "docs" / "govsso.md").read_text(encoding="utf-8")
    path = tmp_path / "roles.toml"
    for text in (document.split("```toml\n")[1].split("```")[0], ROLES_OF_THE_DEMO):
        path.write_text(text)
        assert (
            load_roles(path, load_catalogue().journeys)["BR_REPRIGHT:JUHL_SOLEREP"].abilities == ALL_ABILITIES
        )


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(BadRoles, match=r"none\.toml"):
        load_roles(tmp_path / "none.toml", ())
