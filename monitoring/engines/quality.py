"""The quality of a data period: missing, out of range, new, repeated, constant, of another type; and whom it represents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitoring.engines.column_quality import (
    NUMBER,
    Period,
    Profile,
    outside,
    profiled,
    repeated_rows,
    repeated_values,
)
from monitoring.engines.day_gaps import Gaps, gaps
from monitoring.engines.intervals import Estimate, newcombe_difference, wilson
from monitoring.engines.refusals import CannotMeasure, MissingColumns
from monitoring.engines.representativeness import Groups, compared
from monitoring.engines.results import plain
from monitoring.engines.scoring import Progress, silent
from monitoring.engines.versions import versions

METHOD = {
    "instrument": "duckdb, all rows",
    "missing": "no value, empty text, or a number that is not finite",
    "outside": "of the rows with a value, those outside what is declared, else outside the reference",
    "repeated": "rows less the different 64-bit hashes of their declared columns",
    "interval": "Wilson for shares, Newcombe for differences, 95 %",
}
NAMED = 20


@dataclass(frozen=True)
class Roles:
    """What the columns are. allowed: per column {"low", "high"} or {"values"}; population: per column group: share."""

    features: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    identifier: str = ""
    time: str = ""
    allowed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    population: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @property
    def declared(self) -> list[str]:
        named = [*self.features, *self.sensitive, *self.results, self.identifier, self.time]
        return list(dict.fromkeys(name for name in named if name))

    @property
    def grouped(self) -> list[str]:
        """Columns whose values are categories."""
        listed = [name for name, rule in self.allowed.items() if "values" in rule]
        named = dict.fromkeys([*self.sensitive, *self.categorical, *listed, *self.population])
        return [name for name in named if name in self.declared]


@dataclass(frozen=True)
class ColumnQuality:
    """One column now, beside the reference.

    bounds: what its values were held against, {"from": "declared" | "reference", …}; empty where nothing can be said.
    new: values that the bounds do not know, the most frequent first, with their rows.
    """

    column: str
    type_reference: str
    type_current: str
    type_changed: bool
    missing_reference: Estimate
    missing: Estimate
    missing_rise: Estimate
    outside: Estimate
    bounds: dict[str, Any]
    new: dict[str, int]
    constant: bool
    constant_reference: bool


@dataclass(frozen=True)
class QualityResult:
    """rows: of both periods. repeated_ids: None without a declared identifier; gaps: None without a column of the time."""

    columns: list[ColumnQuality]
    representation: list[Groups]
    repeated: Estimate
    repeated_reference: Estimate
    repeated_ids: Estimate | None
    gaps: Gaps | None
    rows: dict[str, int]
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        return {"kind": "quality", "method": METHOD, **plain(self)}


def measure(
    reference: Path,
    current: Path,
    roles: Roles,
    *,
    fewest: int,
    inputs: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> QualityResult:
    """Raises CannotMeasure without a declared column, MissingColumns when a file lacks one."""
    if not roles.declared:
        raise CannotMeasure("no_features")
    before = _period(reference, roles, "reference")
    progress(30, "quality")
    now = _period(current, roles, "window")
    progress(60, "quality")
    judged = [name for name in roles.declared if name not in (roles.identifier, roles.time)]
    columns = [_column(current, before.profiles[name], now.profiles[name], roles) for name in roles.declared]
    progress(80, "quality")
    return QualityResult(
        columns=columns,
        representation=compared(before, now, roles.grouped, roles.sensitive, roles.population, fewest),
        repeated=wilson(repeated_rows(current, roles.declared), now.n),
        repeated_reference=wilson(repeated_rows(reference, roles.declared), before.n),
        repeated_ids=_repeated_ids(current, now, roles.identifier),
        gaps=gaps(reference, current, roles.time) if roles.time else None,
        rows={"reference": before.n, "current": now.n, "columns": len(judged)},
        inputs=dict(inputs or {}),
        libraries=versions("duckdb", "pyarrow"),
    )


def _period(path: Path, roles: Roles, where: str) -> Period:
    period = profiled(path, roles.declared, roles.grouped)
    if period.absent:
        raise MissingColumns(period.absent, where)
    return period


def _repeated_ids(path: Path, now: Period, identifier: str) -> Estimate | None:
    if not identifier:
        return None
    return wilson(repeated_values(path, identifier), now.profiles[identifier].present)


def _column(current: Path, before: Profile, now: Profile, roles: Roles) -> ColumnQuality:
    gone_before, gone_now = (before.n - before.present, before.n), (now.n - now.present, now.n)
    bounds = _bounds(before, now, roles)
    new = _new(now, bounds)
    wrong = sum(new.values()) if "values" in bounds else _beyond(current, now, bounds)
    named = sorted(new.items(), key=lambda each: (-each[1], each[0]))[:NAMED]
    return ColumnQuality(
        column=now.column,
        type_reference=before.type,
        type_current=now.type,
        type_changed=before.kind != now.kind and bool(before.present and now.present),
        missing_reference=wilson(*gone_before),
        missing=wilson(*gone_now),
        missing_rise=newcombe_difference(gone_now, gone_before),
        outside=wilson(wrong, now.present) if bounds else Estimate(None, None, None, now.present),
        bounds=bounds,
        new=dict(named),
        constant=now.is_constant,
        constant_reference=before.is_constant,
    )


def _bounds(before: Profile, now: Profile, roles: Roles) -> dict[str, Any]:
    """Declared first; else the values or the range of the reference. An identifier and a time have neither."""
    declared = roles.allowed.get(now.column)
    if declared and ("values" not in declared or now.categories is not None):
        return {"from": "declared", **declared} if "values" in declared or now.kind == NUMBER else {}
    if now.column in (roles.identifier, roles.time) or declared:
        return {}
    if now.column in roles.grouped:
        known = before.categories is not None and now.categories is not None
        return {"from": "reference", "values": sorted(before.categories or ())} if known else {}
    both = before.kind == now.kind == NUMBER and before.present and now.present
    return {"from": "reference", "low": before.low, "high": before.high} if both else {}


def _new(now: Profile, bounds: Mapping[str, Any]) -> dict[str, int]:
    if "values" not in bounds or now.categories is None:
        return {}
    return {value: n for value, n in now.categories.items() if value not in set(bounds["values"])}


def _beyond(current: Path, now: Profile, bounds: Mapping[str, Any]) -> int:
    """Rows beyond the range; nothing is read again where the whole column lies inside it."""
    low, high = bounds.get("low"), bounds.get("high")
    if now.low is None or now.high is None or not bounds:
        return 0
    if (low is None or now.low >= low) and (high is None or now.high <= high):
        return 0
    return outside(current, now.column, low, high)
