"""Check digits of account, card and personal numbers: which rows of digits can be one at all. Pure.

Not python-stdnum, which the tests compare these with: it loads ssl and pydoc, 18 ms and 4 MiB in mid-call.
"""

from __future__ import annotations

from collections import Counter

_BIRTH = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))


def iban_checks(signs: str) -> bool:
    """ISO 7064 mod 97-10 over letters and digits without blanks, the country first."""
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def luhn_checks(digits: str) -> bool:
    """The sum that card numbers have."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(doubled)) % 10 == 0


def birth_checks(digits: str) -> bool:
    """Both check digits of the 11 of a fødselsnummer or D-number."""
    return all(sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11 == 0 for weights in _BIRTH)


def bsn_checks(digits: str) -> bool:
    """The check digit of a BSN of 8 or 9 digits."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return int(digits) > 0 and sum(w * int(d) for w, d in zip(weights, digits.zfill(9), strict=True)) % 11 == 0


def tax_checks(digits: str) -> bool:
    """A German tax id of 11 digits: of the first ten, one comes two or three times and the others once."""
    repeated = [count for count in Counter(digits[:10]).values() if count > 1]
    if len(digits) != 11 or digits[0] == "0" or repeated not in ([2], [3]):
        return False
    check = 5
    for digit in digits:
        check = ((check or 10) * 2 % 11 + int(digit)) % 10
    return check == 1
