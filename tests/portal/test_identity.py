"""A code is exactly a code: what is nearly one is none, since it is compared and sent on as it is."""

import pytest

from portal.identity import is_isikukood, is_registry_code

NEARLY = ["EE {}", "EE{} ", "EE{}\n", "ee{}", "{}", "LV{}", "EE{}0", "EE{} representee_list"]


@pytest.mark.parametrize("shape", NEARLY)
def test_what_is_nearly_a_code_is_none(shape: str) -> None:
    assert not is_isikukood(shape.format("38001085718"))
    assert not is_registry_code(shape.format("99999994"))


def test_digits_of_another_script_are_no_code() -> None:
    assert not is_isikukood("EE" + "".join(chr(0xFF10 + int(one)) for one in "38001085718"))
    assert not is_registry_code("EE９９９９９９９４")


def test_a_code_is_one() -> None:
    assert is_isikukood("EE38001085718")
    assert is_registry_code("EE99999994")
    assert not is_isikukood("EE38001085719")
    assert not is_registry_code("EE99999995")
