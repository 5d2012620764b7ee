"""Which columns look like names, e-mail addresses, IIN, telephone or card numbers: the one judge of all ways in. Pure Python.

By its values: at least 1 % of those looked at and five of them, or a fifth. Digits pass the proof of a card in one case of ten by
chance, so there as many different ones have to pass as chance hardly ever gives. By its header: it is a word for such
data, and a fifth of the values could be it, which a flag "telephone: yes, no" is not. A column that is declared in the dataset is
not looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from monitoring.shielding.headers import CARD, EMAIL, IIN, NAME, PERSON, PHONE, kind_of
from monitoring.shielding.values import MAYBE, NUMBERS, TEXTS, Judge, masked

ENOUGH, AT_LEAST = 0.01, 5
"""Share of the values looked at, and how many of them at the least."""
MANY = 0.2
"""So large a share is enough by itself, and what a header names has to be this likely."""
ABOVE_CHANCE, SPREADS = 3, 5
"""What passes is no accident from three times the expected number on that lies five standard deviations above it."""
FEW_NAMES = 3
"""A column of fewer different words holds groups, not names."""
LONGEST = 1_000
"""Characters of a value that are looked at."""
FEWEST_DIGITS, MOST = 10**9, 10**19

CARDLIKE = re.compile(r"\d{4}[\d* xX•-]{6,15}\d{4}")
WHOLE = re.compile(r"(\d+)\.0+")
CALLED = r"(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][^\W\d_]*[^\W\dA-ZА-ЯЁӘҒҚҢӨҰҮҺІ_][^\W\d_]*)"
INITIAL = r"(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]\.?)"
SHOUTED = r"(?:[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]{3,}(?:\s+[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]{3,}){1,3})"
PERSONLIKE = re.compile(
    rf"{CALLED}(?:[\s.,-]+(?:{CALLED}|{INITIAL}))*\.?|{INITIAL}(?:\s*{INITIAL})?\s*{CALLED}|{SHOUTED}"
)
"""Words as a name is written: Omarov D. S., Дана Ахметова, ОМАРОВ ДАНИЯР."""
LOGIN = re.compile(r"[^\W\d_]+\.[^\W\d_]{3,}")
"""A name as people sign in with it: d.omarov."""


@dataclass(frozen=True)
class Look:
    """kind: of personal data. by_header: the header says it, and the values could be it.

    found: values of that kind among those looked at; of: how many were looked at, without missing ones. example: the form
    of one, with its first sign.
    """

    kind: str
    by_header: bool
    found: int
    of: int
    example: str

    @property
    def rule(self) -> str:
        """Which rule of a file is broken."""
        return f"{'headed' if self.by_header else 'looks'}_like_{self.kind}"

    @property
    def facts(self) -> dict[str, object]:
        """For the words of the refusal."""
        return {"found": self.found, "looked": self.of, "example": self.example}


def looks(header: str, values: Iterable[object], *, people: bool = False) -> Look | None:
    """What a column looks like, or None. values: a sample, None where there is no value.

    people: the column tells of persons, whatever its header is; single words are then names as well.
    """
    counted = Counter(values if isinstance(values, Sequence) else list(values))
    texts = {text: n for value, n in counted.items() if (text := _text(value))}
    numbers = {text: n for value, n in counted.items() if (text := _number(value))}
    of = sum(n for value, n in counted.items() if value is not None and value != "")
    if not of:
        return None
    return (
        _by_value(TEXTS, {text: n for text, n in texts.items() if MAYBE.search(text)}, of)
        or _by_value(NUMBERS, numbers, of)
        or _by_header(header, {**texts, **_plain(counted)}, of, people)
    )


def _by_value(judges: Sequence[Judge], counted: Mapping[str, int], of: int) -> Look | None:
    for judge in judges if counted else ():
        shaped, passed, rows, example = 0, 0, 0, ""
        for text, n in counted.items():
            pieces = dict(judge.pieces(text))
            proven = [piece for piece, is_it in pieces.items() if is_it]
            shaped, passed = shaped + bool(pieces), passed + bool(proven)
            if proven:
                rows, example = rows + n, example or proven[0]
        if is_enough(rows, of) and _is_no_accident(passed, shaped * judge.chance):
            return Look(judge.kind, False, rows, of, masked(example))
    return None


def is_enough(found: int, of: int) -> bool:
    """Whether so many of the values looked at are too many."""
    return found > 0 and (found >= max(AT_LEAST, ENOUGH * of) or found >= MANY * of)


def _is_no_accident(passed: int, expected: float) -> bool:
    """Of different values: one that stands in a thousand rows passes or fails in all of them."""
    return passed >= ABOVE_CHANCE * expected and passed >= expected + SPREADS * sqrt(expected)


def _by_header(header: str, counted: Mapping[str, int], of: int, people: bool) -> Look | None:
    kind = PERSON if people else kind_of(header)
    if not kind:
        return None
    could_be = _is_or_signs_in if people else COULD_BE[kind]
    likely = {text: n for text, n in counted.items() if could_be(text)}
    rows = sum(likely.values())
    few = kind in (NAME, PERSON) and not people and len(likely) < FEW_NAMES
    if not rows or rows < MANY * of or few:
        return None
    return Look(NAME if kind == PERSON else kind, True, rows, of, masked(next(iter(likely))))


def _is_called(text: str) -> bool:
    return len(text) >= 2 and PERSONLIKE.fullmatch(text) is not None


def _is_or_signs_in(text: str) -> bool:
    return _is_called(text) or LOGIN.fullmatch(text) is not None


def _is_called_in_full(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]+", text)) >= 2 and _is_called(text)


def _could_be_name(text: str) -> bool:
    return len(text) >= 2 and not any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _digits(least: int, most: int) -> Callable[[str], bool]:
    return lambda text: least <= sum(map(str.isdigit, text)) <= most and not re.search(r"[^\d\s()+-]", text)


COULD_BE: dict[str, Callable[[str], bool]] = {
    NAME: _could_be_name,
    PERSON: _is_called_in_full,
    EMAIL: lambda text: "@" in text,
    IIN: _digits(10, 12),
    PHONE: _digits(6, 15),
    CARD: lambda text: CARDLIKE.fullmatch(text) is not None,
}


def _text(value: object) -> str:
    """A text as it is looked at. Of a number with an empty fraction the number."""
    if not isinstance(value, str):
        return ""
    text = value[:LONGEST].strip()
    whole = WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _number(value: object) -> str:
    """The digits of a whole number of ten to nineteen digits, else ""."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not FEWEST_DIGITS <= value < MOST:
        return ""
    return str(int(value)) if value == int(value) else ""


def _plain(counted: Mapping[object, int]) -> dict[str, int]:
    """Whole numbers as text, for what a header names."""
    numbers = (
        (value, n)
        for value, n in counted.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    )
    return {str(int(value)): n for value, n in numbers if abs(value) < MOST and value == int(value)}
