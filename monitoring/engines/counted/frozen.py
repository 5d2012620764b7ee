"""Drift over the cells that the reference froze: what is measured where a window is counts instead of rows.

Cells that did not leave the firm are laid together into one, in both windows: that is a coarser partition of the same rows, whose
distance is exact and never above that of the finer one; a test over it is that of fewer categories. Where that cell holds more
than a tenth of a window, nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitoring.counting import documents
from monitoring.counting.plans import CATEGORICAL, Cells, cells_of, over, with_values
from monitoring.engines.counted.engine import of_window
from monitoring.engines.counted.p_values import OVER_CATEGORIES
from monitoring.engines.counted.profile import is_number
from monitoring.engines.drift_statistics import OVER_CELLS, Layout
from monitoring.engines.refusals import CannotMeasure, MissingColumns
from monitoring.engines.windows import column_types, require_columns

if TYPE_CHECKING:
    import numpy as np

POOLED_AT_MOST = 0.1
BY_COUNTS = (*OVER_CELLS, *OVER_CATEGORIES)
"""Methods that ask nothing but how many rows lie in each cell; tests over categories alone, so that counts answer as rows do."""


@dataclass(frozen=True)
class Held:
    """One column of one window over its cells. None = hidden; rows = the sum of all cells and of the missing values."""

    cells: Cells
    counts: Sequence[int | None]
    missing: int | None
    rows: int

    @property
    def n(self) -> int:
        """Values that are there; all rows where nobody says how many are missing."""
        return self.rows - (self.missing or 0)


@dataclass(frozen=True)
class Laid:
    """Two columns over shared cells. pooled: cells laid together; share: of the rows in that cell, in the fuller window.

    hides_first: whether the first cell is among them, with which the test of two shares compares all others.
    """

    reference: np.ndarray
    current: np.ndarray
    pooled: int
    share: float
    hides_first: bool = False

    def answers(self, method: str) -> bool:
        """Whether enough of the cells is known."""
        hidden = method == "z" and self.hides_first
        return len(self.reference) > 1 and self.share <= POOLED_AT_MOST and not hidden

    def layout(self, method: str) -> Layout:
        return Layout(self.reference, self.current, OVER_CELLS[method])

    def p_value(self, method: str) -> float:
        """NaN where the test has no answer."""
        return OVER_CATEGORIES[method](self.reference, self.current)


def held(reference: Path, current: Path, features: Sequence[str]) -> dict[str, tuple[Held, Held]]:
    """Both windows over the same cells; at least one of them is counts. Raises MissingColumns, CannotMeasure."""
    told = [documents.read(path) if documents.is_counts(path) else None for path in (reference, current)]
    frozen = _frozen(next(each for each in told if each is not None), features)
    both = []
    for path, document, where in zip((reference, current), told, ("reference", "current"), strict=True):
        both.append(_counted(path, frozen, where) if document is None else _told(document, frozen, where))
    return {name: (both[0][name], both[1][name]) for name in features}


@dataclass(frozen=True)
class Own:
    """Columns of the model itself that both windows have, over the same cells; None where a number became text.

    not_counted: those of which the counts of a window tell nothing, because an earlier plan did not ask for them.
    """

    pairs: Mapping[str, tuple[Held, Held] | None]
    not_counted: Sequence[str]


def held_own(reference: Path, current: Path, names: Sequence[str]) -> Own:
    """As `held` of score, decision and outcome; at least one window is counts. Raises CannotMeasure."""
    paths = (reference, current)
    told = [documents.read(path) if documents.is_counts(path) else None for path in paths]
    kinds = [
        _kinds(path, names) if document is None else _told_kinds(document)
        for path, document in zip(paths, told, strict=True)
    ]
    wanted = [name for name in names if all(name in each for each in kinds if each is not None)]
    if None in kinds:
        return Own({}, wanted)
    own = next(document["roles"] for document in told if document is not None)
    cells = {each["name"]: cells_of(each) for each in own if each["name"] in wanted}
    alike = {
        name: each
        for name, each in cells.items()
        if all(kind is not None and kind[name] == (each.kind != CATEGORICAL) for kind in kinds)
    }
    both = []
    for path, document, where in zip(paths, told, ("reference", "current"), strict=True):
        if document is None:
            both.append(_counted(path, alike, where))
        else:
            both.append(_told({**document, "columns": document["roles"]}, alike, where))
    return Own({name: (both[0][name], both[1][name]) if name in alike else None for name in wanted}, [])


def _kinds(path: Path, names: Sequence[str]) -> dict[str, bool]:
    """Whether a column of rows holds numbers, of those that have a value."""
    numbers = {name: is_number(kind) for name, kind in column_types(path).items()}
    with of_window(path) as engine:
        return {name: numbers[name] for name in with_values(engine, names, numbers)}


def _told_kinds(document: Mapping[str, Any]) -> dict[str, bool] | None:
    """The same of counts; None where they were made by an earlier plan."""
    if "roles" not in document:
        return None
    return {each["name"]: each["kind"] != CATEGORICAL for each in document["roles"]}


def laid(one: Held, other: Held) -> Laid:
    """Hidden cells of either window laid together in both; a hidden number of missing values counts among them."""
    import numpy as np

    hidden = [at for at, pair in enumerate(zip(one.counts, other.counts, strict=True)) if None in pair]
    hides_missing = one.missing is None or other.missing is None
    counts, shares = [], []
    for each in (one, other):
        known = [n for at, n in enumerate(each.counts) if at not in hidden and n is not None]
        total = each.rows if hides_missing else each.n
        pooled = [total - sum(known)] if hidden or hides_missing else []
        shares.append(sum(pooled) / total if total else 0.0)
        counts.append(np.array([*known, *pooled]))
    return Laid(counts[0], counts[1], len(hidden) + hides_missing, max(shares), 0 in hidden)


def _frozen(document: Mapping[str, Any], features: Sequence[str]) -> dict[str, Cells]:
    frozen = {each["name"]: cells_of(each) for each in document["columns"]}
    missing = [name for name in features if name not in frozen]
    if missing:
        raise MissingColumns(missing)
    return {name: frozen[name] for name in features}


def _told(document: Mapping[str, Any], frozen: Mapping[str, Cells], where: str) -> dict[str, Held]:
    columns = {each["name"]: each for each in document["columns"]}
    missing = [name for name in frozen if name not in columns]
    if missing:
        raise MissingColumns(missing, where)
    other = [name for name, cells in frozen.items() if cells_of(columns[name]) != cells]
    if other:
        raise CannotMeasure("cells_disagree", columns=other)
    return {
        name: Held(cells, columns[name]["counts"], columns[name]["missing"], document["rows"])
        for name, cells in frozen.items()
    }


def _counted(path: Path, frozen: Mapping[str, Cells], where: str) -> dict[str, Held]:
    require_columns(path, list(frozen), where)
    with of_window(path) as engine:
        found = over(engine, list(frozen.values()))
    return {
        name: Held(cells, counts, missing, sum(counts) + missing)
        for name, cells in frozen.items()
        for counts, missing in [found[name]]
    }
