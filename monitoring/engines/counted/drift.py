"""Drift over all rows of windows that are too large for Evidently: its own score, from sorted columns or from counts.

Of windows that cannot be held, a method that asks for the values themselves is left to a sample.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from monitoring.engines.counted.ascending import exactly, is_held, of_held_window
from monitoring.engines.counted.engine import Engine, of_window
from monitoring.engines.counted.layouts import Counted, Pair, layouts
from monitoring.engines.counted.profile import profile
from monitoring.engines.drift_rule import BY_ROWS, Rule, evidently_takes
from monitoring.engines.roles import kind_of
from monitoring.engines.windows import column_types

if TYPE_CHECKING:
    import pyarrow as pa

E = TypeVar("E", bound=Engine)


@dataclass(frozen=True)
class Compared:
    """A column of both windows. counted: how they compare; None where they cannot be, or only by rows that cannot be held.

    method: "" where they cannot be compared.
    """

    pair: Pair
    method: str
    counted: Counted | None

    @property
    def asks_for_rows(self) -> bool:
        return bool(self.method) and self.counted is None


@dataclass(frozen=True)
class Asked:
    """What is asked of both windows. columns: their roles by name. fewest: values that one needs in both windows."""

    reference: Path
    current: Path
    columns: Mapping[str, str]
    categorical: Collection[str]
    rule: Rule
    fewest: int

    def method(self, pair: Pair) -> str | None:
        """None where the two cannot be compared. Raises CannotMeasure."""
        one, other = pair
        if not is_comparable(pair) or min(one.n, other.n) < self.fewest:
            return None
        kind = kind_of(one.kind, self.columns[one.name])
        values = len(one.values.keys() | other.values.keys()) or one.n
        return self.rule.method_of(one.name, kind) or evidently_takes(kind, one.n, values)


def compared(asked: Asked) -> dict[str, Compared]:
    """By column. Raises CannotMeasure."""
    types = column_types(asked.reference), column_types(asked.current)
    if not is_held(asked.reference, asked.current):
        with of_window(asked.reference) as one, of_window(asked.current) as other:
            return _together(asked, (one, other), types, list(asked.columns), layouts, is_counted)
    found: dict[str, Compared] = {}
    with of_held_window(asked.reference) as held, of_held_window(asked.current) as held_too:
        for name in asked.columns:
            found |= _together(asked, (held, held_too), types, [name], exactly)
    return found


def _together(
    asked: Asked,
    engines: tuple[E, E],
    types: tuple[Mapping[str, pa.DataType], ...],
    columns: Sequence[str],
    compare: Callable[[E, E, Mapping[str, Pair], Mapping[str, str]], dict[str, Counted]],
    is_asked: Callable[[str, Pair], bool] = lambda _method, _pair: True,
) -> dict[str, Compared]:
    first = profile(engines[0], types[0], columns, asked.categorical)
    second = profile(engines[1], types[1], columns, asked.categorical, of=first)
    pairs = {name: _as_role((first[name], second[name]), asked.columns[name]) for name in columns}
    methods = {name: asked.method(pair) or "" for name, pair in pairs.items()}
    those = {name: method for name, method in methods.items() if method and is_asked(method, pairs[name])}
    found = compare(*engines, {name: pairs[name] for name in those}, those)
    return {name: Compared(pair, methods[name], found.get(name)) for name, pair in pairs.items()}


def _as_role(pair: Pair, role: str) -> Pair:
    """A decision or an outcome of few numbers is a category, unless it became text meanwhile."""
    one, other = pair
    if (one.kind, other.kind) != ("few", "few"):
        return pair
    kind = "categorical" if kind_of("few", role) == "categorical" else "few"
    return replace(one, kind=kind), replace(other, kind=kind)


def is_counted(method: str, pair: Pair) -> bool:
    """Whether counts have the answer. Bins of the Hellinger distance depend on how many distinct numbers there are."""
    return method not in BY_ROWS and not (method == "hellinger" and pair[0].kind == "numeric")


def is_comparable(pair: Pair) -> bool:
    """A number does not become text between two windows."""
    return (pair[0].kind == "categorical") == (pair[1].kind == "categorical")


def facts(pair: Pair) -> dict[str, Any]:
    """What a result says of the column itself."""
    one, other = pair
    return {
        "n_reference": one.n,
        "n_current": other.n,
        "missing_reference": one.missing,
        "missing_current": other.missing,
    }
