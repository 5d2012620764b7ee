"""Group rates and their gaps, by Fairlearn over counts made by DuckDB.

Counts are enough: Fairlearn takes them as sample weights and gives exactly the answer of the full rows. So
the same code serves a whole window and the counts a participant made at home.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from monitoring.engines.counts import Cell, Counts, effective
from monitoring.engines.group_gaps import AGGREGATES, against_the_largest, gaps
from monitoring.engines.group_rates import ALL, GroupRates, group_rates, overall
from monitoring.engines.group_tests import Tested, tests
from monitoring.engines.refusals import CannotMeasure
from monitoring.engines.results import plain
from monitoring.engines.versions import versions

MINIMUM_GROUP = 30
MOST_GROUPS = 200
METHOD = {
    "instrument": "fairlearn",
    "aggregates": ", ".join(AGGREGATES),
    "rate_interval": "wilson",
    "ratio_interval": "koopman score, of the groups with the lowest and the highest rate",
    "difference_interval": "newcombe hybrid score, of the same two groups",
    "gap_confidence": "1 - 0.05 / pairs of compared groups (bonferroni): the intervals of all pairs together hold at 0.95",
    "against_largest": "rate divided by, and minus, that of the compared group with the most rows; koopman, newcombe; "
    "each a single comparison at 0.95",
    "gap_test": "fisher exact below five expected, else z-test of two shares; of the lowest and the highest, times the pairs",
    "crossed": "pairs of sensitive columns, at most ten",
    "weights": "fairlearn's sample_weight; intervals, tests and the smallest group by kish's effective number of rows",
    "overall": "all rows with a decision, whatever their group",
    "confidence": 0.95,
}


@dataclass(frozen=True)
class Attribute:
    """One sensitive attribute: its groups, and the gaps between those large enough to compare.

    against_largest: every compared group but the largest, against it.
    """

    attribute: str
    status: str
    groups: list[GroupRates]
    gaps: dict[str, dict[str, Any]]
    against_largest: list[dict[str, Any]]
    tests: dict[str, Tested]


@dataclass(frozen=True)
class FairnessResult:
    """Everything the check judges, and everything somebody needs to do the sum again."""

    rows: dict[str, int]
    overall: GroupRates
    attributes: list[Attribute]
    crossed: list[Attribute]
    counts: dict[str, list[list[Any]]]
    crossed_counts: dict[str, list[list[Any]]]
    favourable: str
    minimum_group: int
    weights: dict[str, Any] | None = None
    """The column of the weights, and how many rows that count once say as much as all rows with a decision."""
    inputs: dict[str, str] = field(default_factory=dict)
    libraries: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with the method by name."""
        return {"kind": "fairness", "method": METHOD, "seed": None, **plain(self)}


def measure(
    counts: Counts,
    *,
    minimum_group: int = MINIMUM_GROUP,
    inputs: Mapping[str, str] | None = None,
) -> FairnessResult:
    """Rates and gaps of every sensitive attribute. Raises CannotMeasure for counts that answer nothing."""
    _refuse_empty(counts)
    anyone = next(iter(counts.cells.values()))
    single, crossed = sorted(counts.cells.items()), sorted(_small(counts.crossed).items())
    tables = [overall(anyone), *(cells for _, cells in (*single, *crossed))]
    [together], *groups = group_rates(tables, minimum_group)
    attributes = [_attribute(name, of) for (name, _), of in zip((*single, *crossed), groups, strict=True)]
    return FairnessResult(
        rows={
            "total": counts.total,
            "without_prediction": counts.without_prediction,
            "without_label": sum(cell.n for cell in anyone if cell.label is None),
        },
        overall=replace(together, status=ALL),
        attributes=attributes[: len(single)],
        crossed=attributes[len(single) :],
        counts={name: [cell.as_row() for cell in cells] for name, cells in single},
        crossed_counts={name: [cell.as_row() for cell in cells] for name, cells in crossed},
        favourable=counts.favourable,
        minimum_group=minimum_group,
        weights={"column": counts.weight, "effective": effective(anyone)} if counts.weight else None,
        inputs=dict(inputs or {}),
        libraries=versions("fairlearn", "duckdb", "scikit-learn", "scipy", "pandas", "numpy"),
    )


def _small(crossed: Mapping[str, Sequence[Cell]]) -> dict[str, Sequence[Cell]]:
    """Pairs of attributes with so many groups that none would be large are left out."""
    return {
        name: cells for name, cells in crossed.items() if len({cell.group for cell in cells}) <= MOST_GROUPS
    }


def _refuse_empty(counts: Counts) -> None:
    if not counts.cells:
        raise CannotMeasure("no_sensitive_attribute")
    for name, cells in counts.cells.items():
        if not cells:
            raise CannotMeasure("no_decisions", attribute=name)
        if len({cell.group for cell in cells}) > MOST_GROUPS:
            raise CannotMeasure("too_many_groups", attribute=name, limit=MOST_GROUPS)
        if not any(cell.prediction or cell.label for cell in cells):
            raise CannotMeasure("favourable_never_seen", favourable=counts.favourable)


def _attribute(name: str, groups: list[GroupRates]) -> Attribute:
    enough = sum(group.status == "compared" for group in groups) >= 2
    found = gaps(groups) if enough else {}
    largest = against_the_largest(groups) if enough else []
    tested = tests(groups) if enough else {}
    return Attribute(name, "measured" if enough else "insufficient_data", groups, found, largest, tested)
