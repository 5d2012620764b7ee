"""The frozen baseline: what is kept of a reference, so that drift is measured by one pass over the current window alone.

Two documents in canonical JSON, known by their digests. The baseline holds how each column is cut (the cells of the counting
plan, and at least a thousand finer parts of numbers) and how many rows of the reference lie there. The scan holds how many
rows of another window lie there, for every method. Neither holds a row: a few kB a column.

Edition 2 also holds the columns of the model itself (score, prediction, label) where a window has them; edition 3 the deciles
of the reference.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.counting.plans import CATEGORICAL, FEW, Cells, cells_of, cut
from monitoring.engines.counted.ascending import is_held, of_held_window
from monitoring.engines.counted.editions import BASELINE, SCAN, VERSION
from monitoring.engines.counted.engine import DuckDB, Engine, of_window
from monitoring.engines.counted.layouts import PARTS, tail
from monitoring.engines.counted.once import Counted, once
from monitoring.engines.counted.profile import is_number, profile
from monitoring.engines.drift_statistics import SMALLEST_SPREAD, TENTHS, edges_above
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.roles import there
from monitoring.engines.windows import require_columns

if TYPE_CHECKING:
    import pyarrow as pa

DIGITS = 6
"""Significant digits of a part's edge: it only has to lie between the values, and is shorter to keep."""
ABSENT = {"absent": True}
"""In place of what was found in a column that a window lacks."""
BEYOND = range(-6, 10)
"""Parts beyond the range of the reference, each twice as wide as the last; in powers of two of its spread."""


@dataclass(frozen=True)
class Column:
    """How one column is cut. parts: edges of the finer cells; those of `cells`, the range and the deciles are among them.

    spread, deciles (edges just above them): of the reference. role: of a column of the model itself, "" of a feature.
    """

    cells: Cells
    parts: tuple[float, ...] = ()
    spread: float = 0.0
    deciles: tuple[float, ...] = ()
    role: str = ""

    def as_dict(self) -> dict[str, Any]:
        fine: dict[str, Any] = {
            "parts": list(self.parts),
            "spread": self.spread,
            "deciles": list(self.deciles),
        }
        fine = {} if self.cells.kind == CATEGORICAL else fine
        role = {"role": self.role} if self.role else {}
        return {**self.cells.as_dict(), **fine, **role}


def just_above(value: float) -> float:
    return math.nextafter(value, math.inf)


def columns_of(baseline: Mapping[str, Any]) -> list[Column]:
    """Back from its written form."""
    return [
        Column(
            cells_of(each),
            tuple(each.get("parts", ())),
            each.get("spread", 0.0),
            tuple(each.get("deciles", ())),
            each.get("role", ""),
        )
        for each in baseline["columns"]
    ]


def freeze(
    path: Path,
    features: Sequence[str],
    categorical: Collection[str],
    window: str = "",
    roles: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The baseline of a reference. window: its SHA-256; roles: column by role. Raises MissingColumns, CannotMeasure."""
    if not features:
        raise CannotMeasure("no_features")
    types = require_columns(path, features, "reference")
    role_of = there(roles or {}, types)
    with of_held_window(path) if is_held(path) else of_window(path) as engine:
        role_of = {name: role for name, role in role_of.items() if not _is_empty(engine, name, types[name])}
        names = [*features, *role_of]
        words = [name for name in names if name in categorical or not is_number(types[name])]
        columns = [replace(_cut(engine, types, name, words), role=role_of.get(name, "")) for name in names]
    return {
        "format": BASELINE,
        "version": VERSION,
        "window": window,
        "columns": [each.as_dict() for each in columns],
        **_scanned(path, types, columns, categorical),
    }


def scan(
    path: Path, baseline: Mapping[str, Any], categorical: Collection[str], window: str = "", over: str = ""
) -> dict[str, Any]:
    """What one pass over a window finds. over: digest of the baseline. Raises MissingColumns."""
    columns = columns_of(baseline)
    types = require_columns(path, [each.cells.name for each in columns if not each.role], "current")
    return {
        "format": SCAN,
        "version": VERSION,
        "window": window,
        "baseline": over,
        **_scanned(path, types, columns, categorical),
    }


def _is_empty(engine: Engine, name: str, kind: pa.DataType) -> bool:
    """Whether a column has no value at all: an outcome that is not known yet."""
    value = engine.finite(name) if is_number(kind) else engine.name(name)
    return int(engine.one_row([f"COUNT({value})"])[0]) == 0


def _cut(engine: DuckDB, types: Mapping[str, pa.DataType], name: str, words: Collection[str]) -> Column:
    """The cells that the counting plan freezes, and for numbers the finer parts."""
    [cells] = cut(engine, [name], words)
    if cells.kind == CATEGORICAL:
        return Column(cells)
    one = profile(engine, types, [name])[name]
    tenths = edges_above(engine.places(name, TENTHS))
    if cells.kind == FEW:
        parts = [end for value in one.values for end in (value, just_above(value))]
    else:
        places = engine.quantiles([name], {name: (one.low, one.high)}, PARTS)[name]
        inside = [one.low, *cells.edges, *tenths, just_above(one.high)]
        parts = [*inside, *_parts(places, one.low, one.high, one.spread)]
    return Column(cells, tuple(sorted(set(parts))), one.spread, tuple(tenths))


def _parts(places: Sequence[float], low: float, high: float, spread: float) -> list[float]:
    """Parts of the reference, ever wider ones from the outermost to its outermost values, and wider yet beyond."""
    inner = [place for place in places if low < place < high] or [(low + high) / 2]
    step = max(spread, SMALLEST_SPREAD)
    beyond = [end + side * step * 2.0**power for end, side in ((low, -1), (high, 1)) for power in BEYOND]
    parts = [*inner, *tail(inner[0], low), *tail(inner[-1], high), *beyond]
    return [float(f"{place:.{DIGITS}g}") for place in parts if math.isfinite(place)]


def _scanned(
    path: Path, types: Mapping[str, pa.DataType], columns: Sequence[Column], categorical: Collection[str]
) -> dict[str, Any]:
    gone = _absent(path, types, columns, categorical)
    rest = [each for each in columns if each.cells.name not in gone]
    alike = [each for each in rest if _is_alike(each.cells, types[each.cells.name], categorical)]
    counted = once(
        path,
        {each.cells.name: each.parts for each in alike if each.cells.kind != CATEGORICAL},
        [each.cells.name for each in alike if each.cells.kind == CATEGORICAL],
    )
    found = dict.fromkeys(gone, ABSENT) | {each.cells.name: _found(each.cells, counted) for each in alike}
    return {"rows": counted.rows, "found": [found.get(each.cells.name) for each in columns]}


def _absent(
    path: Path, types: Mapping[str, pa.DataType], columns: Sequence[Column], categorical: Collection[str]
) -> list[str]:
    """Columns of the model itself that this window lacks. Of one without a value the type says nothing."""
    own = [each.cells for each in columns if each.role]
    gone = [each.name for each in own if each.name not in types]
    unlike = [
        each.name for each in own if each.name in types and not _is_alike(each, types[each.name], categorical)
    ]
    if unlike:
        with of_window(path) as engine:
            gone += [name for name in unlike if _is_empty(engine, name, types[name])]
    return gone


def _is_alike(cells: Cells, kind: pa.DataType, categorical: Collection[str]) -> bool:
    """A number that became text, or text that became a number, cannot be compared; a declared category always can."""
    return cells.name in categorical or (cells.kind == CATEGORICAL) != is_number(kind)


def _found(cells: Cells, counted: Counted) -> dict[str, Any]:
    """within: rows of each cell, after the categories one for all others; missing: rows without a value."""
    if cells.kind != CATEGORICAL:
        number = counted.numbers[cells.name]
        said = {"within": number.within.tolist(), "missing": counted.rows - number.n}
        return {**said, "low": number.low, "high": number.high}
    by_name = counted.categories[cells.name]
    known = [by_name.get(value, 0) for value in cells.values]
    return {"within": [*known, by_name.total() - sum(known)], "missing": counted.rows - by_name.total()}
