"""The key ring: what it seals, what it opens, and what it must not."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.crypto import BadKeys, KeyRing, Unreadable, new_key

INDEX, FIRST, SECOND = new_key(), new_key(), new_key()
RING = KeyRing.parse(f"index:{INDEX},k1:{FIRST}")


@given(st.binary(max_size=2000), st.text(min_size=1, max_size=40))
def test_what_was_sealed_opens_for_the_same_purpose(plain: bytes, purpose: str) -> None:
    assert RING.open(RING.seal(plain, purpose), purpose) == plain


def test_the_same_text_never_looks_the_same() -> None:
    assert RING.seal(b"sama", "party.name") != RING.seal(b"sama", "party.name")


def test_another_purpose_does_not_open() -> None:
    with pytest.raises(Unreadable):
        RING.open(RING.seal(b"x", "party.name"), "party.code")


def test_another_ring_does_not_open() -> None:
    other = KeyRing.parse(f"index:{INDEX},k1:{SECOND}")
    with pytest.raises(Unreadable):
        other.open(RING.seal(b"x", "party.name"), "party.name")


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(b"isikuandmed", "party.name"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        RING.open(bytes(sealed), "party.name")


@given(st.binary(max_size=60))
def test_any_other_bytes_are_unreadable_and_nothing_worse(sealed: bytes) -> None:
    with pytest.raises(Unreadable):
        RING.open(sealed, "party.name")


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    old = RING.seal(b"vana", "party.name")
    rotated = KeyRing.parse(f"index:{INDEX},k2:{SECOND},k1:{FIRST}")
    assert rotated.open(old, "party.name") == b"vana"
    with pytest.raises(Unreadable):
        RING.open(rotated.seal(b"uus", "party.name"), "party.name")
    assert rotated.lookup("EE38001085718") == RING.lookup("EE38001085718")


def test_a_look_up_is_equal_for_equal_texts_and_tells_nothing_without_the_index_key() -> None:
    assert RING.lookup("EE38001085718") != RING.lookup("EE38001085719")
    other = KeyRing.parse(f"index:{SECOND},k1:{FIRST}")
    assert RING.lookup("EE38001085718") != other.lookup("EE38001085718")
    assert b"38001085718" not in RING.lookup("EE38001085718")


def test_a_mac_is_bound_to_its_purpose() -> None:
    assert RING.mac("a", b"value") == RING.mac("a", b"value")
    assert RING.mac("a", b"value") != RING.mac("b", b"value")
    assert RING.mac("a", b"value") != RING.mac("a", b"valu")


SHORT = base64.urlsafe_b64encode(b"x" * 16).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"index:{INDEX}",
        f"k1:{FIRST}",
        f"index:{INDEX},k1:{SHORT}",
        f"index:{INDEX},k1:not base64!",
        f"index:{INDEX},:{FIRST}",
        f"index:{INDEX},{'n' * 32}:{FIRST}",
        f"index:{INDEX},k1:{FIRST},k1:{SECOND}",
        "index",
        "õ:õ",
    ],
    ids=range(10),
)
def test_a_wrong_ring_is_refused_in_a_sentence_without_the_key(text: str) -> None:
    with pytest.raises(BadKeys, match="UKS_KEYS") as refusal:
        KeyRing.parse(text)
    assert FIRST not in str(refusal.value)


def test_keys_do_not_show_when_a_ring_is_printed() -> None:
    assert repr(RING.index_key) not in repr(RING)
