"""Shares of attribution that a firm states beside its counts: on which features its model rests, by its own explainer.

The register cannot compute them again, so they are shown as the firm's own word and judge nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from monitoring.counting.refusing import CannotCount
from monitoring.counting.suppressing import SMALLEST

FIELDS = {"n", "method", "shares"}
TOLERANCE = 1e-3
"""Of the sum: shares are written with a few digits."""
LONGEST_METHOD = 80
WORDS = {
    "counts_shares": "They need the fields n, method and shares: per feature a number from 0 to 1.",
    "counts_shares_unknown": "They name features that the plan does not name.",
    "counts_shares_sum": "They do not add up to 1.",
    "counts_shares_few": f"They rest on fewer than {SMALLEST} rows, or on more than were counted.",
}


def wrong(told: object, features: Collection[str], rows: int) -> str:
    """The first rule that stated shares break, or ""."""
    if not isinstance(told, dict) or set(told) != FIELDS or not isinstance(told["shares"], dict):
        return "counts_shares"
    shares, method, n = told["shares"], told["method"], told["n"]
    named = isinstance(method, str) and 0 < len(method) <= LONGEST_METHOD and method.isprintable()
    if not named or not shares or not all(map(_is_share, shares.values())):
        return "counts_shares"
    if set(shares) - set(features):
        return "counts_shares_unknown"
    if abs(math.fsum(shares.values()) - 1) > TOLERANCE:
        return "counts_shares_sum"
    whole = isinstance(n, int) and not isinstance(n, bool)
    return "" if whole and SMALLEST <= n <= rows else "counts_shares_few"


def stated(path: Path, made: Mapping[str, Any]) -> dict[str, Any]:
    """What a file of the firm states, fit for a document. Raises CannotCount."""
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise CannotCount(f"{path} cannot be read as JSON.") from None
    rule = wrong(told, [each["name"] for each in made["columns"]], made["rows"])
    if rule:
        raise CannotCount(f"The shares of attribution in {path} do not fit. {WORDS[rule]}")
    return dict(told)


def distance(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Jensen-Shannon distance of two sets of shares with logarithms to base 2: 0 the same, 1 nothing in common.

    Source: Lin (1991), IEEE Transactions on Information Theory 37:145-151; the distance is the root of the divergence.
    """
    divergence = 0.0
    totals = math.fsum(one.values()), math.fsum(other.values())
    for name in sorted({*one, *other}):
        pair = one.get(name, 0.0) / totals[0], other.get(name, 0.0) / totals[1]
        middle = sum(pair) / 2
        divergence += math.fsum(share * math.log2(share / middle) / 2 for share in pair if share)
    return math.sqrt(max(0.0, divergence))


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
