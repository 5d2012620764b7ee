"""The BIN: the 12-digit business identification number of the Republic of Kazakhstan."""

from __future__ import annotations

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit, or None where no valid number begins with these eleven.

    The weighted sum modulo 11; where that is 10 it is taken again with the second weights, and where it is 10 again
    the number is not issued. Source: Rules for forming the identification number, Government Resolution of RK.
    """
    digits = [int(each) for each in first_eleven]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def is_valid(number: str) -> bool:
    """Twelve ASCII digits whose last is the check digit. The fifth, 4 to 6, tells a legal entity from a person."""
    if len(number) != 12 or not (number.isascii() and number.isdigit()) or number[4] not in "456":
        return False
    return check_digit(number[:11]) == int(number[11])
