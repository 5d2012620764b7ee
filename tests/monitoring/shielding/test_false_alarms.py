"""How often columns of made-up features, none of them personal, are refused. Seeded."""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from monitoring.shielding.looks import looks

SEED, COLUMNS = 7, 8
SIZES = (20, 100, 700, 2_000)
Made = Callable[[random.Random], object]


def letters(dice: random.Random, n: int) -> str:
    return "".join(dice.choices(string.ascii_uppercase, k=n))


def whole(digits: int) -> Made:
    return lambda dice: dice.randrange(10 ** (digits - 1), 10**digits)


def day(dice: random.Random) -> date:
    return date(1990, 1, 1) + timedelta(dice.randrange(15_000))


FEATURES: dict[str, Made] = {
    **{f"whole of {digits} digits": whole(digits) for digits in (1, 6, *range(8, 20))},
    **{
        f"text of {digits} digits": lambda dice, n=digits: str(whole(n)(dice))
        for digits in (9, 11, 12, 13, 16)
    },
    "share": random.Random.random,
    "amount": lambda dice: round(dice.lognormvariate(12, 2), 2),
    "amount in tenge": lambda dice: float(round(dice.lognormvariate(18, 3), -3)),
    "amount with spaces": lambda dice: f"{dice.randrange(10**9, 10**14):,}".replace(",", " "),
    "whole as float": lambda dice: float(dice.randrange(10**11, 10**12)),
    "day": lambda dice: day(dice).isoformat(),
    "day as number": lambda dice: int(day(dice).strftime("%Y%m%d")),
    "moment as number": lambda dice: int(day(dice).strftime("%Y%m%d") + f"{dice.randrange(86_400):06}"),
    "moment": lambda dice: f"{day(dice)} {dice.randrange(24):02}:{dice.randrange(60):02}:00",
    "milliseconds": lambda dice: 1_700_000_000_000 + dice.randrange(10**11),
    "order": lambda dice: f"ORD-{dice.randrange(10**12):012}",
    "order by day": lambda dice: f"{day(dice):%Y%m%d}-{dice.randrange(10**8):08}",
    "uuid": lambda dice: (
        f"{dice.getrandbits(32):08x}-{dice.getrandbits(16):04x}-4{dice.getrandbits(12):03x}-a001-{dice.getrandbits(48):012x}"
    ),
    "hash": lambda dice: f"{dice.getrandbits(256):064x}",
    "ISIN": lambda dice: f"KZ{dice.randrange(10**10):010}",
    "IBAN": lambda dice: f"KZ{dice.randrange(10**18):018}",
    "BIN": lambda dice: f"{dice.randrange(100):02}{dice.randrange(1, 13):02}4{dice.randrange(10**7):07}",
    "ticker": lambda dice: letters(dice, dice.randrange(2, 6)),
    "code": lambda dice: f"{letters(dice, 2)}-{dice.randrange(10_000):04}",
    "words": lambda dice: " ".join(
        dice.choices(["Loan", "in", "July", "Алматы", "Цех", "основная", "Формулы", "Trade"], k=3)
    ),
    "place": lambda dice: f"{dice.uniform(40, 55):.6f}, {dice.uniform(46, 87):.6f}",
    "version": lambda dice: f"{dice.randrange(10)}.{dice.randrange(100)}.{dice.randrange(10_000)}",
}
HEADERS = (
    "x",
    "amount",
    "client_id",
    "order_no",
    "card_type",
    "number_of_cards",
    "phone_model",
    "account",
    "code",
    "operator_code",
)


@pytest.fixture(scope="module")
def refused() -> Counter[str]:
    """How many columns of each feature are refused, of COLUMNS of every size."""
    dice = random.Random(SEED)
    found: Counter[str] = Counter()
    for feature, made in FEATURES.items():
        for at in range(COLUMNS * len(SIZES)):
            values = [made(dice) for _ in range(SIZES[at % len(SIZES)])]
            found[feature] += looks(HEADERS[at % len(HEADERS)], values) is not None
    return found


def test_of_random_columns_far_less_than_one_in_a_hundred_is_refused(refused):
    columns = len(FEATURES) * COLUMNS * len(SIZES)
    assert sum(refused.values()) / columns < 0.002, +refused


def test_no_feature_is_refused_in_more_than_one_of_its_columns(refused):
    assert {feature: n for feature, n in refused.items() if n > 1} == {}


@pytest.mark.parametrize("step", [1, 7, 10, 99, 1_000, 65_536])
@pytest.mark.parametrize(
    "first", [2_026_112_900_000, 4_000_000_000_000_000, 600_000_000_000_000_000, 870_000_000]
)
def test_running_numbers_are_no_cards_and_no_telephones(first, step):
    assert looks("x", [first + step * n for n in range(3_000)]) is None
