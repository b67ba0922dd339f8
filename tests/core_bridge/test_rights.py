"""An official tells who may act for whom, and the citizen's portal hears of it."""

import pytest

from core_bridge.wire import RepresentationChanged
from tests.core_bridge.running import Official, Running

pytestmark = pytest.mark.anyio
GIVEN = {
    "party_code": "EE44405089938",
    "party_name": "Aino Männik",
    "representative_code": "EE47101010033",
    "representative_name": "Mari-Liis Männik",
    "kind": "adult_guardian",
}


async def told(star: Running) -> list[RepresentationChanged]:
    return [event.data for event in await star.events() if isinstance(event.data, RepresentationChanged)]


async def test_a_right_is_told_and_its_end_too(star: Running, official: Official) -> None:
    page = await official.send("/rights", "/rights", **GIVEN, last_day="2026-12-01")
    assert "Mari-Liis Männik" in page.text
    [given] = await told(star)
    assert given.active
    assert given.kind == "adult_guardian"
    assert given.valid_until is not None
    assert given.valid_until.isoformat().startswith(("2026-12-01T22", "2026-12-02T00"))

    ended = await official.send("/rights", "/rights/end", right_id=given.right_id)
    assert "Lõppenud." in ended.text
    assert [right.active for right in await told(star)] == [True, False]


@pytest.mark.parametrize(
    "wrong", [{"party_code": "Aino"}, {"kind": "self"}, {"representative_name": ""}, {"last_day": "homme"}]
)
async def test_what_is_wrong_is_said_and_nothing_is_told(
    star: Running, official: Official, wrong: dict[str, str]
) -> None:
    answer = await official.send("/rights", "/rights", **{**GIVEN, **wrong})
    assert answer.status_code == 422
    assert "Aino" in answer.text
    assert await told(star) == []


async def test_an_unknown_right_is_not_ended(star: Running, official: Official) -> None:
    answer = await official.send("/rights", "/rights/end", right_id="r-404")
    assert answer.status_code == 404
    assert await told(star) == []
