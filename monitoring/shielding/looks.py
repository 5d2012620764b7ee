"""Which columns look like names, e-mail addresses, IIN, telephone or card numbers. Pure Python: no Django, no Arrow.

By its values: a fifth of those that are there, or more. By its header: the header is a word for such data, and a fifth of
the values could be it, which a flag "telephone: yes, no" is not. A column that is declared in the dataset is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from monitoring.shielding.headers import CARD, EMAIL, IIN, NAME, PHONE, kind_of

ENOUGH = 0.2
"""Share of the sampled values that are there."""
FEW_NAMES = 3
"""A column of fewer different words holds groups, not names."""

DIGITS = re.compile(r"\d+(\.0+)?")
MAIL = re.compile(r"[^@\s,;<>]{1,64}@[^@\s,;<>]+\.[^@\s,;<>.]{2,24}")
TELEPHONE = re.compile(r"(\+?7|8)7\d{9}|\+\d{10,14}")
CARDLIKE = re.compile(r"\d{4}[\d* xX-]{6,15}\d{4}")
PATRONYMIC = re.compile(
    r"\w+[\s,]+\w+[\s,]+(\w+[\s-])?\w*(ович|евич|овна|евна|инична|ұлы|улы|қызы|кызы|uly|kyzy)", re.IGNORECASE
)
WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000, "0": 2000}
"""The seventh digit of an IIN: century and sex; 0 for persons without a known sex."""


def looks(header: str, values: Sequence[object]) -> str:
    """Which kind of personal data a column looks like, or "". values: a sample, None where there is no value."""
    texts = [_text(each) for each in values if each is not None]
    texts = [each for each in texts if each]
    if not texts:
        return ""
    for kind, is_it in BY_VALUE.items():
        if _share(texts, is_it) >= ENOUGH:
            return kind
    named = kind_of(header)
    if named and _share(texts, COULD_BE[named]) >= ENOUGH and (named != NAME or len(set(texts)) >= FEW_NAMES):
        return named
    return ""


def is_iin(text: str) -> bool:
    """Twelve digits with a day of birth, a century and the check digit. A number has lost its leading zeros."""
    digits = text.zfill(12)
    if not (text.isascii() and text.isdigit() and 9 <= len(text) <= 12) or digits[6] not in CENTURIES:
        return False
    try:
        date(CENTURIES[digits[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return _check_digit(digits) == int(digits[11])


def _check_digit(digits: str) -> int | None:
    for weights in WEIGHTS:
        found = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if found < 10:
            return found
    return None


def is_card(text: str) -> bool:
    """13 to 19 digits that begin as cards of payment systems do and pass Luhn's sum."""
    digits = re.sub(r"[ -]", "", text)
    if not (digits.isascii() and digits.isdigit() and 13 <= len(digits) <= 19) or digits[0] not in "23456":
        return False
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits))]
    return len(set(digits)) > 2 and sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def is_mail(text: str) -> bool:
    return MAIL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    return TELEPHONE.fullmatch(re.sub(r"[ ()-]", "", text)) is not None


def is_full_name(text: str) -> bool:
    """Three words, the last of them a patronymic."""
    return len(text) <= 100 and PATRONYMIC.fullmatch(text) is not None


def could_be_name(text: str) -> bool:
    return (
        len(text) >= 2 and not any(each.isdigit() for each in text) and any(each.isalpha() for each in text)
    )


def _digits(least: int, most: int) -> Callable[[str], bool]:
    return lambda text: (
        least <= sum(each.isdigit() for each in text) <= most and not re.search(r"[^\d\s()+-]", text)
    )


BY_VALUE: dict[str, Callable[[str], bool]] = {
    EMAIL: is_mail,
    IIN: is_iin,
    CARD: is_card,
    PHONE: is_phone,
    NAME: is_full_name,
}
COULD_BE: dict[str, Callable[[str], bool]] = {
    NAME: could_be_name,
    EMAIL: lambda text: "@" in text,
    IIN: _digits(10, 12),
    PHONE: _digits(6, 15),
    CARD: lambda text: CARDLIKE.fullmatch(text) is not None,
}


def _share(texts: Sequence[str], is_it: Callable[[str], bool]) -> float:
    return sum(map(is_it, texts)) / len(texts)


def _text(value: object) -> str:
    """A number that a file holds as 1.0 is the number 1."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**63 else str(value)
    return str(value).strip()
