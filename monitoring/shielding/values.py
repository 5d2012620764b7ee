"""Which values hold an IIN, a card or telephone number, an e-mail address or the name of a person. Pure Python.

Each kind has a shape, in which separators may stand, and a proof where there is one: the day of birth and the check digit of an
IIN, Luhn's sum of a card. `chance` is the share of random digits of that shape that pass the proof; what it means for a column is
said in `looks.py`. A longer text is searched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from monitoring.shielding.headers import CARD, EMAIL, IIN, NAME, PHONE

ALONE = r"(?<!\w)(?<!\d[.,])(?:{})(?!\w|[.,]\d)"
"""Neither part of a word, a hash, say, nor of a number with decimals."""
MAYBE = re.compile(
    r"@|\d(?:[ ()+-]{0,2}\d){8}|(?:[еео]вич|ьич|мич|кич|вна|[иь]нична|ұлы|улы|қызы|кызы|uly|kyzy|vich|vna)\b",
    re.IGNORECASE,
)
"""A text without such a piece is none of all this: nearly every text is done with here."""
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w@])")
TWELVE = re.compile(
    ALONE.format(
        r"\d{12}|\d{6}[ -]\d{6}|\d{6}[ -]\d{1,3}[ -]\d{3,5}|\d{4}([ -])\d{4}\1\d{4}|\d{3}([ -])\d{3}\2\d{3}\2\d{3}"
    )
)
CARDS = re.compile(
    ALONE.format(r"\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5}")
)
CODES = r"7(?:0[0-8]|[12]\d|47|7[15-8])"
"""Of the regions and mobile networks of Kazakhstan."""
BARE = re.compile(ALONE.format(rf"[78]{CODES}\d{{7}}"))
ELEVEN = re.compile(ALONE.format(r"\d{11}"))
TELEPHONE = re.compile(
    r"(?<!\w)(?:\+7|8|7)[ (-]{1,2}7\d\d[ )-]{1,2}\d{3}[ -]?\d\d[ -]?\d\d(?!\w)|(?<!\w)\+\d(?:[ ()-]{0,2}\d){9,13}(?!\w|[.,]\d)"
)
LETTER, CAPITAL = r"[^\W\d_]", r"[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]"
SURE = r"(?:ович|евич|овна|евна|инична|ұлы|қызы)"
"""Endings of patronymics and of hardly any other words."""
NO_FORMULA = "(?<!форм)(?<!молек)(?<!капс)"
OTHER = rf"(?:ович|евич|ьич|кузьмич|лукич|фомич|овна|евна|[иь]нична|ұлы|{NO_FORMULA}улы|қызы|кызы|uly|kyzy|ovich|evich|ovna|evna)"
WORD = rf"{CAPITAL}[\w'’-]+"
PATRONYMICS = (
    re.compile(
        rf"(?:{LETTER}[\w'’-]*[\s,]+){{1,3}}{LETTER}{{3,}}{SURE}(?:\s+{LETTER}[\w'’-]*)?", re.IGNORECASE
    ),
    re.compile(rf"(?:{WORD}[\s,]+){{1,3}}{CAPITAL}{LETTER}{{2,}}(?i:{OTHER})(?:\s+{WORD})?"),
)
IN_TEXT = re.compile(rf"(?<!\w){WORD} {WORD} {CAPITAL}{LETTER}{{2,}}(?i:{OTHER})(?!\w)")
LONGEST_NAME = 100
WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
CENTURIES = {
    "3": (1900, 16, 99),
    "4": (1900, 16, 99),
    "5": (2000, 0, 39),
    "6": (2000, 0, 39),
    "0": (1900, 16, 99),
}
"""The seventh digit of an IIN: century and sex, 0 for foreigners; first and last year of birth of somebody alive."""


@dataclass(frozen=True)
class Judge:
    """pieces: of a text those of the shape, each with whether it passes the proof. chance: of random digits to pass it."""

    kind: str
    pieces: Callable[[str], Iterator[tuple[str, bool]]]
    chance: float = 0.0


def is_iin(text: str) -> bool:
    """Twelve digits with the day of birth of somebody alive, a century and the check digit: 0.1 % of random digits."""
    if not (text.isascii() and text.isdigit() and len(text) == 12) or text[6] not in CENTURIES:
        return False
    century, first, last = CENTURIES[text[6]]
    if not first <= int(text[:2]) <= last:
        return False
    try:
        date(century + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return False
    return _check_digit(text) == int(text[11])


def _check_digit(digits: str) -> int | None:
    for weights in WEIGHTS:
        found = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if found < 10:
            return found
    return None


def is_card(text: str) -> bool:
    """13 to 19 digits that begin as cards of payment systems do and pass Luhn's sum: 10 % of random digits."""
    digits = _digits(text)
    if not _may_be_card(digits):
        return False
    doubled = [int(each) * (1 + at % 2) for at, each in enumerate(reversed(digits))]
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def _may_be_card(digits: str) -> bool:
    return digits.isascii() and 13 <= len(digits) <= 19 and digits[0] in "23456" and len(set(digits)) > 2


def is_full_name(text: str) -> bool:
    """Two to four words, one of them behind the first a patronymic."""
    return len(text) <= LONGEST_NAME and any(each.fullmatch(text) for each in PATRONYMICS)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _mails(text: str) -> Iterator[tuple[str, bool]]:
    if "@" in text:
        yield from ((found[0], True) for found in MAIL.finditer(text))


def _iins(text: str) -> Iterator[tuple[str, bool]]:
    for found in TWELVE.finditer(text):
        digits = _digits(found[0])
        if len(digits) == 12:
            yield found[0], is_iin(digits)


def _cards(text: str) -> Iterator[tuple[str, bool]]:
    for found in CARDS.finditer(text):
        if _may_be_card(_digits(found[0])):
            yield found[0], is_card(found[0])


def _written_phones(text: str) -> Iterator[tuple[str, bool]]:
    yield from ((found[0], True) for found in TELEPHONE.finditer(text))


def _bare_phones(text: str) -> Iterator[tuple[str, bool]]:
    yield from ((found[0], BARE.fullmatch(found[0]) is not None) for found in ELEVEN.finditer(text))


def _names(text: str) -> Iterator[tuple[str, bool]]:
    if is_full_name(text):
        yield text, True
    else:
        yield from ((found[0], True) for found in IN_TEXT.finditer(text))


def _lost_zeros(text: str) -> Iterator[tuple[str, bool]]:
    """A number has lost its leading zeros. Of nine digits it is left alone: 0.8 % of them would pass."""
    if 10 <= len(text) <= 12:
        yield text, is_iin(text.zfill(12))


TEXTS = (
    Judge(EMAIL, _mails),
    Judge(IIN, _iins, 0.0012),
    Judge(CARD, _cards, 0.1),
    Judge(PHONE, _written_phones),
    Judge(PHONE, _bare_phones, 0.01),
    Judge(NAME, _names),
)
NUMBERS = (Judge(IIN, _lost_zeros, 0.0012), Judge(CARD, _cards, 0.1), Judge(PHONE, _bare_phones, 0.01))


def masked(text: str) -> str:
    """The form of a value: its first sign and its separators. At most 40 characters."""
    shown = re.sub(r"\w", "•", text[1:40])
    return text[:1] + shown + ("…" if len(text) > 40 else "")
