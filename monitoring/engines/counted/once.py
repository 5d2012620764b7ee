"""One pass over a window, whatever its size and whichever methods are asked: how many values lie in each cell of each column.

A part of the rows is held at a time. Sorting it costs less than looking for the cell of each value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.engines.counted.ascending import finite, within
from monitoring.engines.counted.engine import DuckDB, by_name, of_window
from monitoring.engines.windows import question

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

ROWS_AT_ONCE = 1 << 18


@dataclass
class Number:
    """A column of numbers. within: values from each edge up to the next one, shape (edges + 1,), the outer cells open.

    n: finite values. low, high: None without any.
    """

    edges: np.ndarray
    within: np.ndarray
    n: int = 0
    low: float | None = None
    high: float | None = None

    def add(self, values: np.ndarray) -> None:
        """Count some more values, the missing ones as NaN."""
        values = finite(values)
        if not len(values):
            return
        self.within += within(values, self.edges)
        self.n += len(values)
        low, high = float(values[0]), float(values[-1])
        self.low = low if self.low is None else min(self.low, low)
        self.high = high if self.high is None else max(self.high, high)


@dataclass
class Counted:
    """rows: of the window. numbers, categories: by column; a category by its name, without the rows that have none."""

    rows: int = 0
    numbers: dict[str, Number] = field(default_factory=dict)
    categories: dict[str, Counter[str]] = field(default_factory=dict)


def once(
    path: Path,
    edges: Mapping[str, Sequence[float]],
    categories: Collection[str],
    at_once: int = ROWS_AT_ONCE,
) -> Counted:
    """edges: of each column of numbers, ascending."""
    import numpy as np

    found = Counted()
    for name, those in edges.items():
        found.numbers[name] = Number(np.array(those, dtype=float), np.zeros(len(those) + 1, dtype=np.int64))
    raw: dict[str, Counter[str]] = {name: Counter() for name in categories}
    with of_window(path) as engine:
        for batch in _batches(engine, list(edges), list(categories), at_once):
            found.rows += batch.num_rows
            for at, number in enumerate(found.numbers.values()):
                number.add(batch.column(at).to_numpy(zero_copy_only=False))
            for at, counted in enumerate(raw.values(), len(edges)):
                counted.update(_counts(batch.column(at)))
    found.categories = {name: by_name(counted) for name, counted in raw.items()}
    return found


def _batches(
    engine: DuckDB, numbers: Sequence[str], categories: Sequence[str], at_once: int
) -> Iterator[pa.RecordBatch]:
    asked = [f"{engine.number(name)} AS n{at}" for at, name in enumerate(numbers)]
    asked += [f"CAST({engine.name(name)} AS {engine.text}) AS c{at}" for at, name in enumerate(categories)]
    query = f"SELECT {', '.join(asked)} FROM window_rows"  # noqa: S608  # quoted by `name`
    answer = engine.relation.query("window_rows", question(query))
    assert answer is not None
    yield from answer.to_arrow_reader(at_once)


def _counts(column: pa.Array) -> dict[str, int]:
    counted = column.drop_null().value_counts()
    return dict(zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True))
