"""The interval of the farthest gap of many groups holds the truth as often as it says: counted over seeded draws."""

from __future__ import annotations

from dataclasses import asdict
from math import comb
from typing import Any

import numpy as np
import pytest

from monitoring.engines.group_gaps import against_the_largest, gaps
from monitoring.engines.group_rates import Confusion, GroupRates
from monitoring.engines.intervals import (
    Estimate,
    Z,
    held_together,
    koopman_ratio,
    newcombe_difference,
    wilson,
)

DRAWS = 300
NOTHING = Estimate(None, None, None, 0)
UNKNOWN = ("true_positive_rate", "false_positive_rate", "false_negative_rate", "true_negative_rate")
SPARE: dict[str, Any] = {
    **dict.fromkeys((*UNKNOWN, "precision", "accuracy"), NOTHING),
    "confusion": Confusion(0, 0, 0, 0, 0),
}


def groups(*chosen: int, of: int) -> list[GroupRates]:
    """Groups of one size whose outcomes nobody knows."""
    return [
        GroupRates(group=f"g{at}", n=of, status="compared", selection_rate=wilson(each, of), **SPARE)
        for at, each in enumerate(chosen)
    ]


def told(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in ("value", "low", "high", "n")}


@pytest.mark.parametrize(("k", "n"), [(6, 200), (17, 200), (17, 1000)])
def test_of_equal_groups_equality_lies_within_the_interval_and_red_is_rare(k: int, n: int) -> None:
    """Everybody's true rate is 0.3. The interval of the two groups alone leaves equality out in a third of six groups."""
    chance = np.random.default_rng(20261129)
    ratio_holds = difference_holds = red = single_holds = 0
    for _draw in range(DRAWS):
        chosen = chance.binomial(n, 0.3, size=k).tolist()
        found = gaps(groups(*chosen, of=n))
        ratio, apart = found["demographic_parity_ratio"], found["demographic_parity_difference"]
        ratio_holds += ratio["low"] <= 1 <= ratio["high"]
        difference_holds += apart["low"] <= 0 <= apart["high"]
        red += ratio["value"] < 0.8 and ratio["high"] < 1
        single_holds += (koopman_ratio((min(chosen), n), (max(chosen), n)).high or 0) >= 1

    print(f"{k} x {n}: {ratio_holds} and {difference_holds} hold, {red} red; alone {single_holds} hold")
    assert min(ratio_holds, difference_holds) >= 0.94 * DRAWS
    assert red <= 0.06 * DRAWS
    assert single_holds < 0.75 * DRAWS


def test_two_groups_keep_their_interval_to_the_bit() -> None:
    found = gaps(groups(40, 65, of=200))

    assert (held_together(1), found["demographic_parity_ratio"]["pairs"]) == (Z, 1)
    assert told(found["demographic_parity_ratio"]) == asdict(koopman_ratio((40, 200), (65, 200)))
    assert told(found["demographic_parity_difference"]) == asdict(newcombe_difference((65, 200), (40, 200)))


def test_the_intervals_of_all_pairs_share_what_may_go_wrong() -> None:
    """Four groups have six pairs: each interval is of 1 - 0.05 / 6, as the test beside it is times six."""
    from scipy.stats import norm

    found = gaps(groups(40, 50, 60, 65, of=200))["demographic_parity_ratio"]
    z = held_together(comb(4, 2))

    assert found["pairs"] == 6 and z == pytest.approx(norm.isf(0.05 / 6 / 2), rel=1e-12)
    assert told(found) == asdict(koopman_ratio((40, 200), (65, 200), z))
    alone = koopman_ratio((40, 200), (65, 200))
    assert alone.low is not None and alone.high is not None
    assert found["low"] < alone.low < alone.high < found["high"]


def test_each_group_beside_the_largest_is_a_single_comparison() -> None:
    each = against_the_largest(groups(60, 40, 50, of=200))[0]

    assert (each["group"], each["largest"]) == ("g1", "g0")
    assert each["ratio"] == asdict(koopman_ratio((40, 200), (60, 200)))
    assert each["difference"] == asdict(newcombe_difference((40, 200), (60, 200)))
