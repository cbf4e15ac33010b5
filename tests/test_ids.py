"""Session ids: UUIDv7 as RFC 9562 has it."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate_tui.ids import is_uuid7, short_id, uuid7

TIMES = st.integers(0, (1 << 48) - 1)
RANDOM = st.binary(min_size=10, max_size=10)


def test_the_example_of_the_rfc() -> None:
    chance = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10)
    assert uuid7(0x017F22E279B0, lambda count: chance[:count]) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(TIMES, RANDOM)
def test_version_variant_and_time_are_in_their_places(now_ms: int, chance: bytes) -> None:
    text = uuid7(now_ms, lambda count: chance[:count])
    made = uuid.UUID(text)
    assert (made.version, made.variant, made.int >> 80) == (7, uuid.RFC_4122, now_ms)
    assert is_uuid7(text)
    assert short_id(text) == text.replace("-", "")[-8:]


@given(TIMES, TIMES, RANDOM, RANDOM)
def test_ids_sort_by_time(one_ms: int, other_ms: int, one: bytes, other: bytes) -> None:
    if one_ms < other_ms:
        assert uuid7(one_ms, lambda _: one) < uuid7(other_ms, lambda _: other)


def test_ids_of_one_moment_differ() -> None:
    assert len({uuid7(1_700_000_000_000) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("now_ms", [-1, 1 << 48])
def test_a_time_that_does_not_fit_is_refused(now_ms: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        uuid7(now_ms)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
        "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
        "017f22e279b07cc398c4dc0c0c07398f",
        "../017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
    ],
)
def test_what_is_no_id(text: str) -> None:
    assert not is_uuid7(text)
