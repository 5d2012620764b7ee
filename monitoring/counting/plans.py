"""What is to be counted: the columns of a dataset with the cells that its reference froze."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from monitoring.counting.suppressing import SMALLEST
from monitoring.engines.counted.engine import DuckDB, Engine
from monitoring.engines.counts import pairs_of
from monitoring.engines.drift_statistics import CATEGORIES_AT_MOST
from monitoring.engines.roles import there

FORMAT, VERSION, WITHOUT_ROLES = "senim.plan-of-counts", 4, 2
VERSIONS = (1, WITHOUT_ROLES, 3, VERSION)
"""The first asked for no pairs of sensitive columns, the second for no score, decision and outcome; the third named small groups.

A document has the version of its plan.
"""
NUMERIC, FEW, CATEGORICAL = "numeric", "few", "categorical"
MOST_VALUES = 200
FEWEST_IN_A_PART = 50


@dataclass(frozen=True)
class Cells:
    """How one column is cut. kind: numeric by edges; few (a number of few values) and categorical by value.

    A cell holds the numbers from its edge up to the next one, that one excluded; the outer cells are open. After the values
    comes one more cell for all other values.
    """

    name: str
    kind: str
    edges: tuple[float, ...] = ()
    values: tuple[Any, ...] = ()

    @property
    def size(self) -> int:
        return 1 + len(self.edges if self.kind == NUMERIC else self.values)

    def as_dict(self) -> dict[str, Any]:
        """As the plan and the document write it."""
        place, cut = ("edges", self.edges) if self.kind == NUMERIC else ("values", self.values)
        return {"name": self.name, "kind": self.kind, place: list(cut)}


def cells_of(told: Mapping[str, Any]) -> Cells:
    """Back from its written form."""
    edges = tuple(float(edge) for edge in told.get("edges", ()))
    return Cells(told["name"], told["kind"], edges, tuple(told.get("values", ())))


def asked(plan: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The columns that a plan counts: the features, and behind them score, decision and outcome."""
    return [*plan["columns"], *plan.get("roles", [])]


def with_values(engine: Engine, columns: Collection[str], numbers: Mapping[str, bool]) -> list[str]:
    """Those of these columns that are there and have a value. numbers: whether a column that is there holds numbers."""
    here = [name for name in columns if name in numbers]
    values = [engine.finite(name) if numbers[name] else engine.name(name) for name in here]
    found = engine.one_row([f"COUNT({value})" for value in values]) if here else ()
    return [name for name, n in zip(here, found, strict=True) if n]


def cut(engine: DuckDB, features: Sequence[str], categorical: Collection[str]) -> list[Cells]:
    """The cells of a reference: none of them holds fewer than ten of its rows. The same rows always give the same cells."""
    found = []
    for name in features:
        if name in categorical:
            found.append(Cells(name, CATEGORICAL, values=_values(texts(engine, name))))
        elif engine.has_at_most(name, CATEGORIES_AT_MOST):
            values = _values(engine.categories(name, as_number=True))
            found.append(Cells(name, FEW, values=values))
        else:
            found.append(Cells(name, NUMERIC, edges=_edges(engine, name)))
    return found


def over(engine: Engine, columns: Sequence[Cells]) -> dict[str, tuple[list[int], int]]:
    """How many rows lie in each cell of each column, and in how many the value is missing."""
    numbers = {each.name: each.edges for each in columns if each.kind == NUMERIC}
    below = engine.below(numbers)
    rows, *there = engine.one_row(
        ["COUNT(*)", *(f"COUNT({engine.finite(name)})" for name in numbers)],
    )
    present = dict(zip(numbers, there, strict=True))
    found = {}
    for each in columns:
        if each.kind == NUMERIC:
            ends = [0, *below[each.name], int(present[each.name])]
            counts = [after - before for before, after in pairwise(ends)]
        else:
            counted = (
                engine.categories(each.name, as_number=True) if each.kind == FEW else texts(engine, each.name)
            )
            known = [counted.get(value, 0) for value in each.values]
            counts = [*known, sum(counted.values()) - sum(known)]
        found[each.name] = counts, int(rows) - sum(counts)
    return found


def texts(engine: Engine, column: str) -> dict[str, int]:
    """How often each category occurs. Its name is made once for each value, not once for each row."""
    there = f"{engine.name(column)} IS NOT NULL GROUP BY {engine.name(column)}"
    values = f"SELECT {engine.name(column)} AS v, COUNT(*) AS n FROM {{source}} WHERE {there}"  # noqa: S608
    query = f"SELECT {engine.category('v')}, SUM(n) FROM ({values}) AS valued GROUP BY {engine.category('v')}"  # noqa: S608
    return {str(key): int(n) for key, n in engine.rows(query)}


def _values(counted: Mapping[Any, int]) -> tuple[Any, ...]:
    """Those that at least ten rows have, the most frequent ones if they are many."""
    often = sorted((-n, value) for value, n in counted.items() if n >= SMALLEST)[:MOST_VALUES]
    return tuple(sorted(_plain(value) for _n, value in often))


def _plain(value: Any) -> Any:
    """A zero without a sign: an engine answers with one or the other."""
    return value + 0.0 if isinstance(value, float) else value


def _edges(engine: DuckDB, name: str) -> tuple[float, ...]:
    """Parts of as many rows each as ties allow: as many parts as Sturges' rule makes."""
    _rows, [[n, *_about]] = engine.sums([name])
    parts = min(math.ceil(math.log2(n)) + 1, n // FEWEST_IN_A_PART) if n else 0
    if parts < 2:
        return ()
    edges = sorted(set(engine.places(name, [step / parts for step in range(1, parts)])))
    kept, last = [], 0
    for edge, below in zip(edges, engine.below({name: edges})[name], strict=True):
        if below - last >= SMALLEST and n - below >= SMALLEST:
            kept.append(float(edge))
            last = below
    return tuple(kept)


def plan(
    columns: Sequence[Cells] | None,
    *,
    features: Sequence[str],
    categorical: Collection[str],
    sensitive: Sequence[str],
    label: str,
    prediction: str,
    favourable: str,
    score: str = "",
    roles: Sequence[Cells] | None = None,
    declared: Collection[str] = (),
) -> dict[str, Any]:
    """The plan of counts as a document. columns: None = no reference yet, so the firm cuts its own and hands that in first.

    roles: of score, decision and outcome; None beside columns = the reference does not tell how they are cut, so they are not
    asked, and the plan has the version that asked none. declared: columns that are counted although they look personal.
    """
    uncut = [
        {"name": name, "kind": CATEGORICAL if name in categorical else NUMERIC, "edges": None}
        for name in features
    ]
    role_of = there({"score": score, "prediction": prediction, "label": label})
    own = [{"role": role, "name": name, "kind": None, "edges": None} for name, role in role_of.items()]
    if columns is not None:
        own = [{"role": role_of[each.name], **each.as_dict()} for each in roles or ()]
    without = columns is not None and roles is None
    return {
        "format": FORMAT,
        "version": WITHOUT_ROLES if without else VERSION,
        "columns": uncut if columns is None else [each.as_dict() for each in columns],
        "is_cut": columns is not None,
        "sensitive": list(sensitive),
        "declared": sorted(set(declared) & set(sensitive)),
        "pairs": [list(pair) for pair in pairs_of(sensitive)],
        "label": label,
        "prediction": prediction,
        "favourable": favourable,
        **({} if without else {"roles": own}),
    }
