"""Drift over counts of all rows: what is measured once a window is too large to be held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from monitoring.engines.counted.engine import of_window
from monitoring.engines.counted.layouts import Counted, layouts
from monitoring.engines.counted.profile import Column, profile
from monitoring.engines.drift_rule import Rule
from monitoring.engines.roles import kind_of
from monitoring.engines.windows import column_types

Compared = tuple[Column, Column, Counted | None]
"""A column of the reference and of the current window, and how they compare; None where they cannot be compared."""


def compared(
    reference: Path,
    current: Path,
    columns: Mapping[str, str],
    categorical: Collection[str],
    rule: Rule,
    fewest: int,
) -> dict[str, Compared]:
    """columns: their roles by name. fewest: values that one needs in both windows. Raises CannotMeasure."""
    types = column_types(reference), column_types(current)
    with of_window(reference) as one, of_window(current) as other:
        first = profile(one, types[0], list(columns), categorical)
        second = profile(other, types[1], list(columns), categorical, of=first)
        pairs = {name: (first[name], second[name]) for name in columns}
        comparable = {
            name: pair
            for name, pair in pairs.items()
            if is_comparable(pair) and min(each.n for each in pair) >= fewest
        }
        kinds = {name: kind_of(pair[0].kind, columns[name]) for name, pair in comparable.items()}
        asked = {name: rule.method_of(name, kind) or "" for name, kind in kinds.items()}
        found = layouts(one, other, comparable, asked)
    return {name: (*pair, found.get(name)) for name, pair in pairs.items()}


def is_comparable(pair: tuple[Column, Column]) -> bool:
    """A number does not become text between two windows."""
    return (pair[0].kind == "categorical") == (pair[1].kind == "categorical")


def facts(pair: tuple[Column, Column]) -> dict[str, Any]:
    """What a result says of the column itself."""
    one, other = pair
    return {
        "n_reference": one.n,
        "n_current": other.n,
        "missing_reference": one.missing,
        "missing_current": other.missing,
    }
