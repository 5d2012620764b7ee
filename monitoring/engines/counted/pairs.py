"""One column of the baseline beside the same of the current window: what each method makes of their counts."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from monitoring.counting.plans import CATEGORICAL, NUMERIC
from monitoring.engines.counted import p_values
from monitoring.engines.counted.baseline import Column, just_above
from monitoring.engines.counted.frozen import Held, laid
from monitoring.engines.drift_rule import PSI_DECILES
from monitoring.engines.drift_statistics import (
    SMALLEST_SPREAD,
    Layout,
    inhabited,
    psi,
    wasserstein_between,
)

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Pair:
    """column: how it is cut. reference, current: {"within", "missing", "low", "high"}. rows: of both windows."""

    column: Column
    reference: Mapping[str, Any]
    current: Mapping[str, Any]
    rows: tuple[int, int]

    @property
    def n(self) -> tuple[int, int]:
        """Values that are there."""
        return self.rows[0] - self.reference["missing"], self.rows[1] - self.current["missing"]

    def layout(self, method: str) -> tuple[Layout, float]:
        """Counts and statistic of a distance, and how far its score can be from that over the values."""
        if method == "wasserstein":
            return self._moved()
        if method == PSI_DECILES:
            one, other = inhabited(
                [self._over_deciles(each["within"]) for each in (self.reference, self.current)]
            )
            return Layout(one, other, psi), 0.0
        return laid(*self.held).layout(method), 0.0

    def p_value(self, method: str) -> tuple[float, float]:
        """The p-value, and how far below it that over the values can be."""
        if method == "ks":
            return p_values.ks(*self._over_parts())
        return laid(*self.held).p_value(method), 0.0

    @property
    def held(self) -> tuple[Held, Held]:
        """Over the cells that the counting plan froze; numbers beyond the range of the reference have cells of their own."""
        one, other = (
            Held(self.column.cells, self._cells(each["within"]), each["missing"], rows)
            for each, rows in zip((self.reference, self.current), self.rows, strict=True)
        )
        return one, other

    def _cells(self, within: Sequence[int]) -> list[int]:
        cells, parts = self.column.cells, self.column.parts
        if cells.kind == CATEGORICAL:
            return list(within)
        if cells.kind != NUMERIC:
            at = {edge: place for place, edge in enumerate(parts)}
            known = [within[at[value] + 1] for value in cells.values]
            return [*known, sum(within) - sum(known)]
        below = [0, *accumulate(within)]
        edges = [self.reference["low"], *cells.edges, just_above(self.reference["high"])]
        ends = [0, *(bisect_right(parts, edge) for edge in edges), len(within)]
        return [below[after] - below[before] for before, after in pairwise(ends)]

    def _over_deciles(self, within: Sequence[int]) -> np.ndarray:
        import numpy as np

        below = [0, *accumulate(within)]
        ends = [0, *(bisect_right(self.column.parts, edge) for edge in self.column.deciles), len(within)]
        return np.diff([below[end] for end in ends])

    def _over_parts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Counts over the parts that lie within the common range, shape (parts,), and their ends, ascending."""
        import numpy as np

        low = min(self.reference["low"], self.current["low"])
        high = max(self.reference["high"], self.current["high"])
        parts = self.column.parts
        first, last = bisect_right(parts, low), bisect_right(parts, high)
        one, other = (np.array(each["within"][first : last + 1]) for each in (self.reference, self.current))
        return one, other, np.array([low, *parts[first:last], high])

    def _moved(self) -> tuple[Layout, float]:
        import numpy as np

        one, other, ends = self._over_parts()
        spread = self.column.spread
        shares = one / one.sum() + other / other.sum()
        error = float(np.diff(ends) @ shares) / max(spread, SMALLEST_SPREAD)
        return Layout(one, other, wasserstein_between(ends, spread)), error
