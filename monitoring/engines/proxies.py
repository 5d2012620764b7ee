"""Which features stand in for a sensitive attribute: no such attribute themselves, they tell its groups apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitoring.engines.association import METHOD as OF_ASSOCIATION
from monitoring.engines.association import Pair, column
from monitoring.engines.attributed import SAMPLE, Attributed
from monitoring.engines.counts import is_number
from monitoring.engines.intervals import Estimate
from monitoring.engines.windows import chosen_rows, column_types, read_column, row_count

STRONG = 0.5
FAR_BELOW = 2
"""No interval is drawn of what does not even reach the limit divided by this."""
METHOD = {
    "proxy": "a feature and the sensitive attribute that it goes with most strongly, in a seeded sample of at most 2,000 rows of "
    "the current data period; the interval of the share counts a feature whose own interval reaches the limit as one and as none",
    **OF_ASSOCIATION,
}


@dataclass(frozen=True)
class Proxy:
    """One feature and the attribute that it goes with most. measure: see `association`. share: of all attribution.

    stands_in: the association itself reaches the limit, not only its interval.
    """

    feature: str
    attribute: str
    measure: str
    association: Estimate
    share: float
    stands_in: bool


@dataclass(frozen=True)
class Proxies:
    """attributes: that were held against `features` features. untold: those with too few rows, groups or no column.

    found: whose association reaches `least` or may, strongest first. share: of all attribution on those that reach it; None where
    no attribute could be told of.
    """

    attributes: list[str]
    untold: list[str]
    features: int
    least: float
    found: list[Proxy]
    share: Estimate


def proxies(
    window: Path,
    features: Sequence[str],
    sensitive: Sequence[str],
    now: Attributed,
    *,
    least: float,
    seed: int,
) -> Proxies | None:
    """Of the features that are no sensitive attributes. None where there is no such attribute, or no other feature.

    now: what the answers rest on, in the order of `features`.
    """
    types, others = column_types(window), [each for each in features if each not in set(sensitive)]
    if not sensitive or not others:
        return None
    chosen = chosen_rows(row_count(window), SAMPLE, seed)
    there = {
        name: column(read_column(window, name, chosen), numeric=is_number(types[name]))
        for name in {*sensitive, *others}
        if name in types
    }
    told = [name for name in sensitive if name in there and there[name].is_told]
    shares = dict(zip(features, now.means / (now.means.sum() or 1.0), strict=True))
    found = []
    for name in others if told else ():
        pairs = {attribute: Pair.of(there[name], there[attribute]) for attribute in told}
        by = {attribute: pair for attribute, pair in pairs.items() if pair.is_told}
        if not by:
            continue
        strength = {attribute: pair.strength() for attribute, pair in by.items()}
        attribute = max(by, key=strength.__getitem__)
        if strength[attribute] < least / FAR_BELOW:
            continue
        its = by[attribute].estimate(seed)
        if (its.high or 0.0) >= least:
            reaches = strength[attribute] >= least
            found.append(Proxy(name, attribute, by[attribute].measure, its, float(shares[name]), reaches))
    found.sort(key=lambda each: (-(each.association.value or 0.0), each.feature))
    untold = [name for name in sensitive if name not in told]
    return Proxies(
        told, untold, len(others), least, found, _share(features, found, now, least, is_told=bool(told))
    )


def _share(
    features: Sequence[str], found: Sequence[Proxy], now: Attributed, least: float, *, is_told: bool
) -> Estimate:
    """Of those that reach the limit; from those that surely do to those that may."""
    import numpy as np

    if not is_told:
        return Estimate(None, None, None, now.rows)

    def of(names: set[str]) -> Estimate:
        return now.share_of(np.array([each in names for each in features]))

    surely = of({each.feature for each in found if (each.association.low or 0.0) >= least})
    reach = of({each.feature for each in found if each.stands_in})
    may = of({each.feature for each in found})
    return Estimate(reach.value, surely.low, may.high, now.rows)
