"""What is kept of a column instead of its rows: a few kB that name no row, enough to measure drift against."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitoring.engines.counted.engine import Engine, by_name
from monitoring.engines.drift_statistics import CATEGORIES_AT_MOST

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Column:
    """One column of a window. kind: numeric, few (a number of at most 20 values) or categorical.

    n: values that are there and finite, of `rows`. low, high, mean, spread: of numbers, spread over n. values: how often
    each value occurs, for few and categorical.
    """

    name: str
    kind: str
    rows: int
    n: int
    low: float = 0.0
    high: float = 0.0
    mean: float = 0.0
    spread: float = 0.0
    values: Mapping[Any, int] = field(default_factory=dict)

    @property
    def missing(self) -> float:
        return 1 - self.n / self.rows if self.rows else 1.0


def profile(
    engine: Engine,
    types: Mapping[str, pa.DataType],
    columns: Sequence[str],
    categorical: Collection[str] = (),
    of: Mapping[str, Column] | None = None,
) -> dict[str, Column]:
    """One scan for all numbers, and one of a single column for each that is counted by value.

    of: the profile of the reference, which decides for both windows what is counted by value.
    """
    numbers = [name for name in columns if name not in categorical and is_number(types[name])]
    found = _numbers(engine, numbers, of)
    rows = next((each.rows for each in found.values()), None)
    for name in columns:
        if name not in found:
            values = by_name(engine.categories(name))
            rows = int(engine.one_row(["COUNT(*)"])[0]) if rows is None else rows
            found[name] = Column(name, "categorical", rows, sum(values.values()), values=values)
    return {name: found[name] for name in columns}


def _numbers(engine: Engine, columns: Sequence[str], of: Mapping[str, Column] | None) -> dict[str, Column]:
    rows, sums = engine.sums(columns)
    found = {}
    for name, (n, *about) in zip(columns, sums, strict=True):
        told = dict.fromkeys(("low", "high", "mean", "spread"), 0.0)
        if n:
            told = dict(zip(told, map(float, about), strict=True))
        few = of[name].kind == "few" if of else engine.has_at_most(name, CATEGORIES_AT_MOST)
        values = engine.categories(name, as_number=True) if few else {}
        found[name] = Column(name, "few" if few else "numeric", rows, int(n), values=values, **told)
    return found


def is_number(kind: pa.DataType) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_integer(kind) or kinds.is_floating(kind))
