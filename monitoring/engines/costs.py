"""What a decision costs on average, by a cost matrix that the plan declares. Plain arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from monitoring.engines.intervals import Estimate, Z


@dataclass(frozen=True)
class Matrix:
    """What one decision of each kind costs, in the unit of whoever declares it. Positive = what a high score stands for."""

    false_positives: float
    false_negatives: float
    true_positives: float = 0.0
    true_negatives: float = 0.0

    def expected(self, decisions: Mapping[str, int]) -> Estimate:
        """Mean cost of a decision, ± 1.96 standard errors. decisions: rows of each kind."""
        costs = {name: getattr(self, name) for name in self.__dataclass_fields__}
        n = sum(decisions[name] for name in costs)
        if not n:
            return Estimate(None, None, None, 0)
        mean = sum(cost * decisions[name] for name, cost in costs.items()) / n
        spread = sum((cost - mean) ** 2 * decisions[name] for name, cost in costs.items()) / max(n - 1, 1)
        half = Z * math.sqrt(spread / n)
        return Estimate(mean, max(min(costs.values()), mean - half), min(max(costs.values()), mean + half), n)


def rise(before: Estimate, now: Estimate) -> Estimate:
    """By how much a mean has risen; the halves of both intervals are errors of independent periods."""
    n = before.n + now.n
    if None in (before.value, before.low, before.high, now.value, now.low, now.high):
        return Estimate(None, None, None, n)
    assert before.value is not None and before.low is not None and before.high is not None
    assert now.value is not None and now.low is not None and now.high is not None
    value = now.value - before.value
    down = math.hypot(now.value - now.low, before.high - before.value)
    up = math.hypot(now.high - now.value, before.value - before.low)
    return Estimate(value, value - down, value + up, n)
