"""Check digits, compared with a library that knows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.de import idnr
from stdnum.iso7064 import mod_97_10
from stdnum.nl import bsn
from stdnum.no import fodselsnummer

from deescalate_tui.masking.check_digits import birth_checks, bsn_checks, iban_checks, luhn_checks, tax_checks


def birth(digits: str) -> bool:
    """Not its `is_valid`: that one asks the clock, and knows no test numbers."""
    return fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits) == digits[9:]


KINDS = [
    (iban_checks, lambda signs: mod_97_10.is_valid(signs[4:] + signs[:4]), "DE89370400440532013000"),
    (luhn_checks, luhn.is_valid, "4111111111111111"),
    (birth_checks, birth, "01010750160"),
    (bsn_checks, bsn.is_valid, "111222333"),
    (tax_checks, idnr.is_valid, "86095742719"),
]


@pytest.mark.parametrize(("ours", "theirs", "right"), KINDS)
def test_a_right_number_checks_and_no_other_last_digit(
    ours: Callable[[str], bool], theirs: Callable[[str], bool], right: str
):
    assert [ours(right[:-1] + digit) for digit in "0123456789"] == [digit == right[-1] for digit in "0123456789"]
    assert theirs(right)


@pytest.mark.parametrize(("ours", "theirs", "right"), KINDS)
def test_any_digits_check_where_the_library_says_so(
    ours: Callable[[str], bool], theirs: Callable[[str], bool], right: str
):
    @given(st.text("0123456789", min_size=len(right) - 1, max_size=len(right) - 1))
    def agree(begin: str) -> None:
        for digit in "0123456789":
            assert ours(begin + digit) == theirs(begin + digit)

    agree()


@given(st.permutations("123456789"), st.integers(2, 3), st.integers(0, 9))
def test_tax_ids_with_one_digit_more_than_once_are_known(digits: list[str], times: int, check: int):
    number = "".join(digits[: 11 - times] + digits[:1] * (times - 1))[:10] + str(check)
    assert tax_checks(number) == idnr.is_valid(number)
